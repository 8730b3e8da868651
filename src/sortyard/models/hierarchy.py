"""Answer the parent where the leaf is unsure and the parent is sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from sortyard.domain.taxonomy import ancestors, parent_of

Chances: TypeAlias = NDArray[np.floating]
Indices: TypeAlias = NDArray[np.intp]

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class RollUp:
    """The node that answers each text, and the chance that the truth is it or lies below it."""

    nodes: Indices  # (texts,), places in the tree's `nodes`
    confidence: NDArray[np.float64]  # (texts,)


@dataclass(frozen=True, slots=True)
class LabelTree:
    """
    The labels that a model tells apart, and everything above them.

    A label that a model gives may be a leaf or have children that it gives too. `nodes` are the
    `labels` in their own order, then the paths above them that are no labels of the model.
    """

    labels: tuple[str, ...]
    nodes: tuple[str, ...] = field(init=False)
    parents: Indices = field(init=False, repr=False, compare=False)  # (nodes,), or NOWHERE
    ancestor_matrix: csr_matrix = field(init=False, repr=False, compare=False)  # (labels, nodes)

    def __post_init__(self) -> None:
        above = dict.fromkeys(path for label in self.labels for path in ancestors(label))
        nodes = (*self.labels, *(path for path in above if path not in set(self.labels)))
        place = {path: index for index, path in enumerate(nodes)}
        parents = [place.get(parent_of(path) or "", NOWHERE) for path in nodes]
        lines = [[place[path], *map(place.__getitem__, ancestors(path))] for path in self.labels]
        columns = np.array([one for line in lines for one in line], dtype=np.intp)
        starts = np.cumsum([0, *map(len, lines)])
        shape = (len(self.labels), len(nodes))
        matrix = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape)
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "parents", np.array(parents, dtype=np.intp))
        object.__setattr__(self, "ancestor_matrix", matrix)

    @classmethod
    def of(cls, labels: Sequence[str]) -> Self:
        """Grow the tree over these label paths."""
        return cls(tuple(labels))

    @property
    def is_flat(self) -> bool:
        """Whether no label lies above another, so that there is nothing to roll up."""
        return bool((self.parents == NOWHERE).all())

    def node_chances(self, probabilities: Chances) -> Chances:
        """
        Sum the labels' probabilities `(texts, labels)` into every node `(texts, nodes)`.

        A node's chance is that of the truth being it or lying below it, so it is at least that of
        each of its children. In a flat tree this is the input itself.
        """
        if self.is_flat:
            return probabilities
        sums: Chances = (self.ancestor_matrix.T @ probabilities.T).T
        return np.clip(sums, 0.0, 1.0)

    def roll_up(self, probabilities: Chances, sure: Mapping[str, float], enough: Chances) -> RollUp:
        """
        Answer each text's best label, or the nearest node above it that is sure.

        `enough` `(labels,)` is the confidence from which a label stands for itself; `sure` maps a
        node to the confidence from which it may answer for what lies below it. Where nothing is
        sure, the best label stays.
        """
        best = probabilities.argmax(axis=1)
        chances = self.node_chances(probabilities)
        rows = np.arange(len(best))
        confidence = chances[rows, best].astype(np.float64)
        if self.is_flat or not sure:
            return RollUp(best, confidence)
        needed = np.array([sure.get(path, np.inf) for path in self.nodes])
        answer, here = best.copy(), best.copy()
        unsure = confidence < enough[best]
        while unsure.any():
            here[unsure] = self.parents[here[unsure]]
            unsure &= here != NOWHERE
            settled = unsure & (chances[rows, here] >= needed[here])
            answer[settled] = here[settled]
            unsure &= ~settled
        return RollUp(answer, chances[rows, answer].astype(np.float64))

    def steps_up(self, labels: Indices, steps: int) -> Indices:
        """Climb so many steps from each label; NOWHERE beyond the top."""
        here = labels.copy()
        for _ in range(steps):
            here = np.where(here == NOWHERE, NOWHERE, self.parents[here])
        return here
