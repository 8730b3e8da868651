"""Cohen's kappa of every two annotators who saw enough of the same messages."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sortyard.data.votes import Codes, Votes
from sortyard.evaluation.agreement.coefficients import cohen_kappa
from sortyard.evaluation.agreement.distances import Distance, Floats
from sortyard.evaluation.agreement.figures import Coefficient
from sortyard.evaluation.agreement.lots import Lots
from sortyard.evaluation.agreement.tallies import vote_pairs

FEWEST: Final = 20  # messages that both saw; with fewer, a kappa says nothing
LEAST_DRAWS: Final = 200
MOST_DRAWS: Final = 100_000  # of all pairs together


@dataclass(frozen=True, slots=True)
class AnnotatorPair:
    """Two annotators, how many messages both saw, and Cohen's kappa between them."""

    one: str
    other: str
    messages: int
    kappa: Coefficient


@dataclass(frozen=True, slots=True)
class AnnotatorPairs:
    """The pairs that were measured, least agreement first; `too_few` shared too few messages."""

    pairs: tuple[AnnotatorPair, ...]
    too_few: int

    @property
    def mean(self) -> float | None:
        """The mean kappa of the pairs that have one."""
        known = [one.kappa.value for one in self.pairs if one.kappa.value is not None]
        return sum(known) / len(known) if known else None


def measure_annotator_pairs(votes: Votes, lots: Lots) -> AnnotatorPairs:
    """Measure every pair; where they are many, from fewer drawn data sets."""
    left, right, starts, ends = _together(votes)
    shared = ends - starts
    enough = np.flatnonzero(shared >= FEWEST)
    draws = max(MOST_DRAWS // max(len(enough), 1), LEAST_DRAWS) + 1
    formula = _Kappa(votes, lots, draws)
    found = []
    for at in enough:
        part = slice(starts[at], ends[at])
        one, other = left[part], right[part]
        found.append(
            AnnotatorPair(
                votes.annotators[votes.annotator[one[0]]],
                votes.annotators[votes.annotator[other[0]]],
                int(shared[at]),
                Coefficient.of(formula(one, other), messages=int(shared[at])),
            )
        )
    return AnnotatorPairs(tuple(sorted(found, key=_least_first)), too_few=len(starts) - len(enough))


def _least_first(pair: AnnotatorPair) -> tuple[float, str, str]:
    value = pair.kappa.value
    return (2.0 if value is None else value, pair.one, pair.other)


def _together(votes: Votes) -> tuple[Codes, Codes, NDArray[np.intp], NDArray[np.intp]]:
    """Put pairs of votes in the order of who gave them, and tell where each two people begin."""
    every = list(vote_pairs(votes))
    left = np.concatenate([one.left for one in every])
    right = np.concatenate([one.right for one in every])
    pair = votes.annotator[left] * len(votes.annotators) + votes.annotator[right]
    order = np.argsort(pair, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(pair[order]) != 0])
    return left[order], right[order], starts, np.r_[starts[1:], len(order)]


class _Kappa:
    """Cohen's kappa of two people, in the file and in drawn data sets."""

    def __init__(self, votes: Votes, lots: Lots, draws: int) -> None:
        self._votes = votes
        self._lot = lots.lot[votes.message]
        self._draws = lots.draws[:draws]
        self._distance = Distance.of(votes)

    def __call__(self, left: Codes, right: Codes) -> Floats:
        one, other = self._votes.answer[left], self._votes.answer[right]
        lots, lot = np.unique(self._lot[left], return_inverse=True)
        used, answer = np.unique(np.r_[one, other], return_inverse=True)
        many = len(used)
        column = np.r_[answer[: len(one)], many + answer[len(one) :]]
        counts = np.bincount(
            np.r_[lot, lot] * (2 * many + 1) + column, minlength=len(lots) * (2 * many + 1)
        ).reshape(len(lots), 2 * many + 1)
        table = counts.astype(np.float64)
        table[:, -1] = np.bincount(lot, weights=self._distance.between(one, other))
        drawn = self._draws[:, lots] @ table
        return cohen_kappa(
            drawn[:, -1], drawn[:, :many], drawn[:, many:-1], self._distance.only(used)
        )
