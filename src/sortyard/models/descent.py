"""
A label tree as one classifier: a choice among siblings at every node, down to the label.

A head then has a column for every node of the tree. The chance of a label is the product of the
choices on the way down to it, each a softmax over siblings (hierarchical softmax: Goodman 2001).
Of a linear head, no two choices share a weight, so that to fit all of them at once and to fit a
model for every parent is one and the same; what a model of its own still has is how far it is to be
trusted: its scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from sortyard.domain.taxonomy import SEPARATOR, ancestors
from sortyard.models.heads import Scores


class Way(StrEnum):
    """How a label tree is answered; the simplest first."""

    FLAT = "flat"  # one choice among all labels
    CONDITIONAL = "conditional"  # a choice among siblings at every node, all trusted alike
    PER_PARENT = "per-parent"  # the same, each trusted as far as its own rows bear out


HERE = SEPARATOR  # ends the column of a label that has children: the message goes no deeper


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """
    How the scores of nodes (texts, columns) become those of labels (texts, labels).

    Siblings are columns beside each other: the branch `b` chooses among those from `starts[b]` to
    `starts[b + 1]`. `scales` (branches,) is what the scores of each choice are multiplied by.
    """

    labels: tuple[str, ...]
    columns: tuple[str, ...]
    starts: NDArray[np.intp]  # (branches + 1,)
    paths: csc_matrix  # (labels, columns): 1 on the way down to a label
    scales: NDArray[np.float32]

    @classmethod
    def of(cls, labels: Sequence[str], scales: NDArray[np.float32] | None = None) -> Self:
        """Grow the tree over the labels that there are rows of; a label may lie above another."""
        above = {path for label in labels for path in ancestors(label)}
        ways = [(*_way(label), label + HERE) if label in above else _way(label) for label in labels]
        siblings: dict[str, dict[str, None]] = {}
        for way in ways:
            for parent, child in zip(("", *way), way, strict=False):
                siblings.setdefault(parent, {})[child] = None
        columns = tuple(child for children in siblings.values() for child in children)
        place = {column: number for number, column in enumerate(columns)}
        shape = (len(labels), len(columns))
        rows = np.repeat(np.arange(len(labels)), [len(way) for way in ways])
        found = np.array([place[step] for way in ways for step in way], dtype=np.intp)
        ones = np.ones(len(found), dtype=np.float32)
        return cls(
            labels=tuple(labels),
            columns=columns,
            starts=np.cumsum([0, *map(len, siblings.values())], dtype=np.intp),
            paths=csc_matrix((ones, (rows, found)), shape),
            scales=np.ones(len(siblings), dtype=np.float32) if scales is None else scales,
        )

    @property
    def way(self) -> Way:
        return Way.CONDITIONAL if (self.scales == 1.0).all() else Way.PER_PARENT

    def scaled(self, scales: NDArray[np.float32]) -> Self:
        """Give the same tree with other scales."""
        return replace(self, scales=scales)

    def log_chances(self, scores: Scores) -> Scores:
        """Give the logarithm of the chance of every label, (texts, labels)."""
        sizes, starts = np.diff(self.starts), self.starts[:-1]
        chosen = scores * np.repeat(self.scales, sizes)
        chosen -= np.repeat(np.maximum.reduceat(chosen, starts, axis=1), sizes, axis=1)
        totals = np.add.reduceat(np.exp(chosen), starts, axis=1)
        chosen -= np.repeat(np.log(totals), sizes, axis=1)
        return self._summed(chosen)

    def label_scores(self, scores: Scores) -> Scores:
        """
        Give the mean score of the choices on the way down to every label, (texts, labels).

        It is linear in what the views say, so that it can be taken apart, and compares with nothing
        else, so that it tells what is familiar; a mean, so that a deep label is no more familiar.
        """
        sums = self._summed(scores * np.repeat(self.scales, np.diff(self.starts)))
        return np.asarray(sums / self._choices, dtype=np.float32)

    def share(self, label: int) -> NDArray[np.float32]:
        """Tell how much of every column is in the score of a label, (columns,)."""
        on_the_way = self.paths[[label]].toarray()[0] / self._choices[label]
        scales = np.repeat(self.scales, np.diff(self.starts))
        return np.asarray(on_the_way * scales, dtype=np.float32)

    def highest(self, scores: Scores) -> Scores:
        """Give every node the highest score of the labels below it; (texts, labels) in."""
        below = self.paths
        best: Scores = np.maximum.reduceat(scores[:, below.indices], below.indptr[:-1], axis=1)
        return best

    @property
    def _choices(self) -> NDArray[np.float32]:
        """Count the choices on the way down to every label; an only child is none, (labels,)."""
        sizes = np.diff(self.starts)
        real = np.repeat(sizes > 1, sizes).astype(np.float32)
        return np.asarray(np.maximum(self.paths @ real, 1.0), dtype=np.float32)

    def _summed(self, scores: Scores) -> Scores:
        return np.ascontiguousarray((self.paths @ scores.T).T, dtype=np.float32)


def _way(label: str) -> tuple[str, ...]:
    return (*reversed(ancestors(label)), label)
