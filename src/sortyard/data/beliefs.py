"""
What is believed of the labels of rows: what each one carries, and the chances it was told.

Chances come in blocks and only the likeliest labels of each row are kept, so that memory grows with
the rows and not with rows times labels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

KEPT: Final = 20  # labels of a row; what is less likely than so many others is never believed

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

    def defended(self) -> NDArray[np.bool_]:
        """Mark the likely labels that a row carries, or that are kin to such (rows, kept)."""
        cells = np.arange(len(self.labels))[:, None] * self.carried.count + self.labels
        return np.isin(cells, self.carried.defended())


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
