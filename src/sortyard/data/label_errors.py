"""
Which labels are probably wrong, by confident learning.

Northcutt, Jiang & Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", 2021. It
asks for the chances of all labels of every row, told by models that did not see the row. A label
is *believed* of a row where its chance reaches the mean among the rows that carry it, so that a
label that is always told with little confidence is believed sooner. How often another label is
believed than the one that was given says how many labels are wrong. Which ones: those whose chance
falls furthest below what is usual for their label.

Chances come in blocks and only the likeliest labels of each row are kept, so that memory grows with
the rows and not with rows times labels.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

KEPT: Final = 20  # labels of a row; what is less likely than so many others is never believed
SLACK: Final = 1e-6  # by which rounding may part a chance from a mean of equal ones
EVEN: Final = 0.5
GLARING: Final = 0.95  # doubt: a chance below a twentieth of the usual

Chances: TypeAlias = NDArray[np.floating]  # (rows, labels); NaN: this label could not be known
Block: TypeAlias = tuple[NDArray[np.intp], Chances]  # the numbers of some rows, and their chances


@dataclass(frozen=True, slots=True)
class Carried:
    """
    Which of `count` labels each row carries: row `i` those from `starts[i]` to `starts[i + 1]`.

    `kin` are pairs of labels of which one is the other's ancestor, both ways around (pairs, 2): of
    such a pair neither is a mistake for the other, it is only told more or less exactly.
    """

    labels: NDArray[np.intp]  # (entries,)
    starts: NDArray[np.intp]  # (rows + 1,)
    count: int
    kin: NDArray[np.intp]

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]], paths: Sequence[str]) -> Self:
        """Take label numbers, which are the places of their paths."""
        ends = np.cumsum([0, *map(len, rows)], dtype=np.intp)
        labels = np.array([label for held in rows for label in held], dtype=np.intp)
        return cls(labels, ends, len(paths), _kin(paths))

    @property
    def rows(self) -> NDArray[np.intp]:
        """The row of every entry."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def of_row(self, row: int) -> tuple[int, ...]:
        return tuple(self.labels[self.starts[row] : self.starts[row + 1]].tolist())

    def defended(self) -> NDArray[np.int64]:
        """Number the cells (row * count + label) of what is carried and of its kin, rising."""
        rows, own = self.rows, self.labels
        near = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
        if len(self.kin):
            by_label = self.kin[np.argsort(self.kin[:, 0], kind="stable")]
            starts = np.searchsorted(by_label[:, 0], np.arange(self.count + 1))
            for row, label in zip(rows.tolist(), own.tolist(), strict=True):
                found = by_label[starts[label] : starts[label + 1], 1]
                near[0].append(np.full(len(found), row))
                near[1].append(found)
        cells = np.concatenate([rows, *near[0]]) * self.count + np.concatenate([own, *near[1]])
        return np.unique(cells)

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """
    What is kept of the chances: of each row its likeliest labels, and what it carries itself.

    A row that nobody judged has no chances, and one whose own label could not be known has NaN for
    that; neither is ever suspected.
    """

    carried: Carried
    own: NDArray[np.float64]  # (entries,)
    labels: NDArray[np.intp]  # (rows, kept), likeliest first
    chances: NDArray[np.float64]  # the same shape, -1 where there is none
    totals: NDArray[np.float64]  # (labels,) over all judged rows
    judged: NDArray[np.bool_]  # (rows,)

    @classmethod
    def gather(cls, carried: Carried, blocks: Iterable[Block]) -> Self:
        """Take in the chances, block after block."""
        kept = min(KEPT, carried.count)
        own = np.full(len(carried.labels), np.nan)
        labels = np.zeros((len(carried), kept), np.intp)
        chances = np.full((len(carried), kept), -1.0)
        totals = np.zeros(carried.count)
        judged = np.zeros(len(carried), np.bool_)
        entry_rows = carried.rows
        for rows, told in blocks:
            place = np.full(len(carried), -1)
            place[rows] = np.arange(len(rows))
            at = np.flatnonzero(place[entry_rows] >= 0)
            own[at] = told[place[entry_rows[at]], carried.labels[at]]
            known = np.where(np.isnan(told), -1.0, told)
            best = np.argpartition(-known, kept - 1, axis=1)[:, :kept]
            held = np.take_along_axis(known, best, axis=1)
            order = np.argsort(-held, axis=1, kind="stable")
            labels[rows] = np.take_along_axis(best, order, axis=1)
            chances[rows] = np.take_along_axis(held, order, axis=1)
            totals += np.maximum(known, 0.0).sum(axis=0)
            judged[rows] = True
        return cls(
            carried=carried, own=own, labels=labels, chances=chances, totals=totals, judged=judged
        )


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
    defended = _defended(beliefs)
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
    free = ~_defended(beliefs) & (beliefs.chances > EVEN)
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


def _defended(beliefs: Beliefs) -> NDArray[np.bool_]:
    """Mark the likely labels that a row carries, or that are kin to one of these, (rows, kept)."""
    cells = np.arange(len(beliefs.labels))[:, None] * beliefs.carried.count + beliefs.labels
    return np.isin(cells, beliefs.carried.defended())


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


def _kin(paths: Sequence[str]) -> NDArray[np.intp]:
    """Pair every label with those of its ancestors that are labels too, both ways around."""
    place = {path: at for at, path in enumerate(paths)}
    found = []
    for at, path in enumerate(paths):
        levels = path.split("/")
        for depth in range(1, len(levels)):
            above = place.get("/".join(levels[:depth]))
            if above is not None:
                found += [(at, above), (above, at)]
    return np.array(found, dtype=np.intp).reshape(-1, 2)
