"""How far two answers are apart: the same or not, or, for sets of labels, how much they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.data.votes import Answer, Votes
from sortyard.domain.taxonomy import Kind

Floats: TypeAlias = NDArray[np.float64]

SUBSET: Final = 2 / 3  # what a set is worth that lies within the other
OVERLAP: Final = 1 / 3  # and one of which each side has something to itself


@dataclass(frozen=True, slots=True)
class Distance:
    """
    Disagreement between answers, from 0 to 1; without a `matrix` (answers, answers) 1 for any two.

    Where a dimension is multi it is MASI [Passonneau 2006]: one minus the share of labels that two
    sets have in common, times a factor for whether one contains the other.
    """

    matrix: Floats | None = None

    @classmethod
    def of(cls, votes: Votes) -> Self:
        """Choose by the kind of the dimension."""
        return cls() if votes.kind is Kind.SINGLE else cls(masi(votes.answers))

    def between(self, one: NDArray[np.integer], other: NDArray[np.integer]) -> Floats:
        """Measure pairs of answers, given by their places."""
        if self.matrix is None:
            return np.asarray(one != other, dtype=np.float64)
        apart: Floats = self.matrix[one, other]
        return apart

    def spread(self, one: Floats, other: Floats) -> Floats:
        """Sum the disagreement over all pairs of an answer here and one there, (…, answers)."""
        if self.matrix is None:
            apart = one.sum(axis=-1) * other.sum(axis=-1) - (one * other).sum(axis=-1)
        else:
            apart = ((one @ self.matrix) * other).sum(axis=-1)
        return np.asarray(apart, dtype=np.float64)

    def only(self, answers: NDArray[np.integer]) -> "Distance":
        """Keep some answers."""
        return self if self.matrix is None else Distance(self.matrix[np.ix_(answers, answers)])


def masi(answers: Sequence[Answer]) -> Floats:
    """Measure how far sets of labels are apart, (answers, answers) [Passonneau 2006]."""
    column = {label: at for at, label in enumerate(sorted(set().union(*answers)))}
    holds = np.zeros((len(answers), len(column)))
    for row, answer in enumerate(answers):
        holds[row, [column[label] for label in answer]] = 1.0
    sizes = holds.sum(axis=1)
    both = holds @ holds.T
    either = sizes[:, None] + sizes[None, :] - both
    shared = np.divide(both, either, out=np.ones_like(both), where=either > 0)
    within = both == np.minimum(sizes[:, None], sizes[None, :])
    equal = both == either
    worth = np.where(equal, 1.0, np.where(within, SUBSET, OVERLAP))
    apart: Floats = 1.0 - shared * worth
    return apart
