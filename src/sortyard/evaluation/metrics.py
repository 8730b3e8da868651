"""Precision, recall and F1 from counts: for every label, and averaged over labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """
    How often each label was answered, was true, and was both.

    The last axis counts labels. A leading axis may hold resampled data sets, so that one formula
    serves the point estimate and its bootstrap.
    """

    hits: Floats  # (…, labels)
    answers: Floats  # (…, labels)
    truths: Floats  # (…, labels)

    @property
    def precision(self) -> Floats:
        """Of the answers with a label, the share that is right; 0 where there is none."""
        return _share(self.hits, self.answers)

    @property
    def recall(self) -> Floats:
        """Of the messages of a label, the share that was found; 0 where there is none."""
        return _share(self.hits, self.truths)

    @property
    def f1(self) -> Floats:
        """The harmonic mean of precision and recall."""
        return _share(2.0 * self.hits, self.answers + self.truths)

    @property
    def macro_f1(self) -> Floats:
        """
        The mean F1 over all labels that some message carries.

        A label that no message carries cannot be measured. It is left out even when it was
        answered, which already cost the true label its recall. (scikit-learn counts it as 0 by
        default; `labels=` the true ones gives the same as here.)
        """
        seen = self.truths > 0
        return _share(np.where(seen, self.f1, 0.0).sum(axis=-1), seen.sum(axis=-1))

    @property
    def micro_f1(self) -> Floats:
        """The F1 of all decisions taken together."""
        hits = self.hits.sum(axis=-1)
        return _share(2.0 * hits, self.answers.sum(axis=-1) + self.truths.sum(axis=-1))

    @property
    def weighted_f1(self) -> Floats:
        """The mean F1 over labels, each weighted by its number of true rows."""
        return _share((self.f1 * self.truths).sum(axis=-1), self.truths.sum(axis=-1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """
    Which label was answered for which, as the list of pairs that occur.

    `names` holds every label that is true, answered or known, sorted; `truth` and `answer` are
    positions in it, and `rows` says how many messages have that pair.
    """

    names: tuple[str, ...]
    truth: NDArray[np.intp]  # (cells,)
    answer: NDArray[np.intp]  # (cells,)
    rows: NDArray[np.int64]  # (cells,)

    @classmethod
    def of(cls, truth: Sequence[str], answer: Sequence[str], *, known: Sequence[str] = ()) -> Self:
        """Count the pairs of true and answered labels; `known` labels get a name in any case."""
        names, codes = np.unique([*truth, *answer, *known], return_inverse=True)
        true, given = codes[: len(truth)], codes[len(truth) : len(truth) + len(answer)]
        cells, rows = np.unique(true * len(names) + given, return_counts=True)
        return cls(
            names=tuple(str(name) for name in names),
            truth=cells // max(len(names), 1),
            answer=cells % max(len(names), 1),
            rows=rows.astype(np.int64),
        )

    def counts(self, rows: NDArray[np.integer] | None = None) -> Counts:
        """
        Sum the cells into counts per label.

        `rows` replaces the numbers of messages: shape (cells,) or (replicates, cells).
        """
        number = np.asarray(self.rows if rows is None else rows, dtype=np.float64)
        same = self.truth == self.answer
        return Counts(
            hits=self._sum(number[..., same], self.truth[same]),
            answers=self._sum(number, self.answer),
            truths=self._sum(number, self.truth),
        )

    def _sum(self, number: Floats, label: NDArray[np.intp]) -> Floats:
        cells = np.arange(len(label))
        shape = (len(label), len(self.names))
        chooser = csr_array((np.ones(len(label)), (cells, label)), shape=shape)
        summed: Floats = np.asarray(number @ chooser)
        return summed


def _share(part: Floats, whole: Floats) -> Floats:
    empty = np.zeros(np.broadcast_shapes(np.shape(part), np.shape(whole)))
    shares: Floats = np.divide(part, whole, out=empty, where=np.asarray(whole) > 0)
    return shares
