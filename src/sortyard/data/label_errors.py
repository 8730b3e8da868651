"""
Which labels are probably wrong, by confident learning.

Northcutt, Jiang & Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021. It
asks for the chances of all labels of every row, told by models that did not see the row. A label
is *believed* of a row where its chance reaches the mean among the rows that carry it, so that a
label that is always told with little confidence is believed sooner. How often another label is
believed than the one that was given says how many labels are wrong. Which ones: those whose chance
falls furthest below what is usual for their label.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.data.beliefs import Beliefs

SLACK: Final = 1e-6  # by which rounding may part a chance from a mean of equal ones
EVEN: Final = 0.5
GLARING: Final = 0.95  # doubt: a chance below a twentieth of the usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """
    A row whose labels are probably wrong, by numbers.

    `chance_given` and `chance_likely` are those of the one label that is most in doubt, as it was
    given and as it is likely; where several hold, others may be in doubt with it. `doubt` is how
    far the chance lies below what is usual for that label: 1 where there is none left.
    """

    row: int
    given: tuple[int, ...]
    likely: tuple[int, ...]
    chance_given: float
    chance_likely: float
    doubt: float


@dataclass(frozen=True, slots=True)
class Suspects:
    """
    The rows for which something else is likelier than what they carry, most doubtful first.

    `expected` is how many of them are taken to be wrong: as many as confident learning counts, and
    all that are glaring, of which it misses some where few rows carry a label. `judged` counts the
    rows that there was something to say about.
    """

    ranked: tuple[Suspect, ...]
    expected: int
    judged: int

    @property
    def listed(self) -> tuple[Suspect, ...]:
        """The ones that are worth a look."""
        return self.ranked[: self.expected]


def suspects(beliefs: Beliefs, *, exclusive: bool) -> Suspects:
    """Rank the rows whose labels are in doubt; `exclusive` where each row carries one label."""
    if not beliefs.judged.any():
        return Suspects((), 0, 0)
    return _of_one(beliefs) if exclusive else _of_several(beliefs)


def _of_one(beliefs: Beliefs) -> Suspects:
    carried, rows = beliefs.carried, np.arange(len(beliefs.carried))
    given = carried.labels
    defended = beliefs.defended()
    # What is told more or less exactly than it was given speaks for it.
    own = np.maximum(beliefs.own, np.where(defended, beliefs.chances, -1.0).max(axis=1))
    fair = ~np.isnan(beliefs.own)
    usual = _means(given, own, fair, carried.count)
    believed = (beliefs.chances >= usual[beliefs.labels] - SLACK) | (
        defended & (beliefs.chances >= usual[given][:, None] - SLACK)
    )
    clear = fair & believed.any(axis=1)
    agrees = defended[rows, believed.argmax(axis=1)]
    expected = _expected(given, clear & agrees, clear & ~agrees, fair, carried.count)
    rivals = np.where(defended, -1.0, beliefs.chances)
    rival = rivals.argmax(axis=1)
    likely, chance = beliefs.labels[rows, rival], rivals[rows, rival]
    doubt = 1.0 - own / np.maximum(usual[given], np.finfo(float).tiny)
    worst = np.flatnonzero(fair & (chance > own))
    worst = worst[np.lexsort((worst, -chance[worst], -doubt[worst]))]
    ranked = tuple(
        Suspect(
            row=int(row),
            given=(int(given[row]),),
            likely=(int(likely[row]),),
            chance_given=float(own[row]),
            chance_likely=float(chance[row]),
            doubt=float(doubt[row]),
        )
        for row in worst
    )
    return _counted(ranked, expected, int(fair.sum()))


def _of_several(beliefs: Beliefs) -> Suspects:
    """Ask of every label on its own whether it is missing, or too many."""
    doubts = [*_too_many(beliefs), *_missing(beliefs)]
    judged = int(beliefs.judged.sum())
    if not doubts:
        return Suspects((), 0, judged)
    row, label, chance, doubt, sure = (np.concatenate(part) for part in zip(*doubts, strict=True))
    order = np.lexsort((label, row, -doubt))
    row, label, chance, doubt, sure = (part[order] for part in (row, label, chance, doubt, sure))
    by_row = np.argsort(row, kind="stable")
    bounds = [*np.flatnonzero(np.r_[True, np.diff(row[by_row]) != 0]), len(row)]
    found = []
    for start, end in pairwise(bounds):
        first, *others = by_row[start:end].tolist()
        changed = {int(label[at]) for at in (first, *others) if at == first or sure[at]}
        given = beliefs.carried.of_row(int(row[first]))
        found.append(
            Suspect(
                row=int(row[first]),
                given=given,
                likely=tuple(sorted(set(given) ^ changed)),
                chance_given=float(1.0 - chance[first]),
                chance_likely=float(chance[first]),
                doubt=float(doubt[first]),
            )
        )
    ranked = sorted(found, key=lambda one: (-one.doubt, -one.chance_likely, one.row))
    return _counted(tuple(ranked), len(set(row[sure].tolist())), judged)


def _counted(ranked: tuple[Suspect, ...], counted: int, judged: int) -> Suspects:
    glaring = sum(one.doubt >= GLARING for one in ranked)
    return Suspects(ranked, min(max(counted, glaring), len(ranked)), judged)


# Of each label in doubt: its row, its number, the chance that it is the other way round, how far
# this is from usual, and whether the other way round is what is believed.
_Doubts: TypeAlias = tuple[
    NDArray[np.intp], NDArray[np.intp], NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]
]


def _too_many(beliefs: Beliefs) -> Iterator[_Doubts]:
    carried, own = beliefs.carried, beliefs.own
    with_it, without = _usual_with_and_without(beliefs)
    usual, usual_not = with_it[carried.labels], without[carried.labels]
    at = np.flatnonzero(own < EVEN)
    sure = (1.0 - own >= usual_not - SLACK) & (own < usual - SLACK)
    doubt = 1.0 - own / np.maximum(usual, np.finfo(float).tiny)
    at = at[(doubt[at] > 0.0) & ~np.isnan(doubt[at])]
    if len(at):
        yield carried.rows[at], carried.labels[at], 1.0 - own[at], doubt[at], sure[at]


def _missing(beliefs: Beliefs) -> Iterator[_Doubts]:
    with_it, without = _usual_with_and_without(beliefs)
    free = ~beliefs.defended() & (beliefs.chances > EVEN)
    row, place = np.nonzero(free)
    if not len(row):
        return
    label, chance = beliefs.labels[row, place], beliefs.chances[row, place]
    doubt = 1.0 - (1.0 - chance) / np.maximum(without[label], np.finfo(float).tiny)
    sure = (chance >= with_it[label] - SLACK) & (1.0 - chance < without[label] - SLACK)
    yield row, label, chance, doubt, sure


def _usual_with_and_without(beliefs: Beliefs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the mean chance of each label where it is carried, and of its absence elsewhere."""
    carried = beliefs.carried
    fair = ~np.isnan(beliefs.own)
    labels, own = carried.labels[fair], beliefs.own[fair]
    counts = np.bincount(labels, minlength=carried.count)
    sums = np.bincount(labels, own, minlength=carried.count)
    others = np.maximum(beliefs.judged.sum() - counts, 1)
    absent = 1.0 - np.clip((beliefs.totals - sums) / others, 0.0, 1.0)
    with np.errstate(invalid="ignore"):
        return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan), absent


def _means(
    labels: NDArray[np.intp], values: NDArray[np.float64], fair: NDArray[np.bool_], count: int
) -> NDArray[np.float64]:
    """Average values by label, over fair rows; NaN for a label without any."""
    sums = np.bincount(labels[fair], values[fair], minlength=count)
    rows = np.bincount(labels[fair], minlength=count)
    return np.where(rows > 0, sums / np.maximum(rows, 1), np.nan)


def _expected(
    labels: NDArray[np.intp],
    agrees: NDArray[np.bool_],
    differs: NDArray[np.bool_],
    fair: NDArray[np.bool_],
    count: int,
) -> int:
    """
    Estimate how many labels are wrong.

    Rows of which nothing is believed are taken to be as often wrong as the others of their label
    (the calibration of the confident joint).
    """
    right, wrong, every = (
        np.bincount(labels[mask], minlength=count) for mask in (agrees, differs, fair)
    )
    return round(float((every * wrong / np.maximum(right + wrong, 1)).sum()))
