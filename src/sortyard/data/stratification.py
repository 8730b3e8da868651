"""
Deal rows into parts so that every label is spread in the same shares.

The rule is the iterative stratification of Sechidis, Tsoumakas and Vlahavas (ECML PKDD 2011): the
rarest label is dealt first, each time to the part that lacks it most. What is dealt is a *unit*,
all rows of one group. Units of one row with one label are dealt last and all at once, because they
fit anywhere; for plain data that is every unit, and the cost is that of a sort.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A part's overall lack may decide between parts whose lack of the label is as good as equal.
NUDGE = 0.49


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """
    What is dealt: the label counts of every unit, as pairs sorted by unit.

    `order` ranks the units at random; two units never share a rank.
    """

    unit: NDArray[np.intp]  # (pairs,)
    label: NDArray[np.intp]  # (pairs,)
    count: NDArray[np.intp]  # (pairs,) rows of the unit with the label
    order: NDArray[np.intp]  # (units,)
    size: NDArray[np.intp]  # (units,) rows
    label_count: int

    @classmethod
    def gather(
        cls, labels: Sequence[tuple[str, ...]], group: NDArray[np.intp], order: NDArray[np.intp]
    ) -> "Units":
        """Count the labels of each group; a row without one carries the label "none at all"."""
        index: dict[str, int] = {}
        rows: list[int] = []
        codes: list[int] = []
        for row, names in enumerate(labels):
            for name in names:
                rows.append(row)
                codes.append(index.setdefault(name, len(index) + 1))
            if not names:
                rows.append(row)
                codes.append(0)
        width = len(index) + 1
        cells = group[np.array(rows, dtype=np.intp)] * width + np.array(codes, dtype=np.intp)
        cell, count = np.unique(cells, return_counts=True)
        return cls(
            unit=cell // width,
            label=cell % width,
            count=count.astype(np.intp),
            order=order,
            size=np.bincount(group, minlength=len(order)).astype(np.intp),
            label_count=width,
        )

    @property
    def is_simple(self) -> NDArray[np.bool_]:
        """Which units are one row with one label."""  # (units,)
        pairs = np.bincount(self.unit, minlength=len(self.size))
        alone: NDArray[np.bool_] = (self.size == 1) & (pairs == 1)
        return alone


class Table:
    """The dealing as it stands: who lacks what."""

    def __init__(self, units: Units, shares: Sequence[float], home: int | None) -> None:
        parts = len(shares)
        self.shares = list(shares)
        self.home = home
        self.part = np.full(len(units.size), -1, dtype=np.intp)
        self.dealt = [[0] * parts for _ in range(units.label_count)]
        self.seen = [0] * units.label_count
        self.units_left = np.bincount(units.label, minlength=units.label_count).tolist()
        self.carry = [0.0] * parts  # rows that each part is owed

    def place(self, unit: int, size: int, cells: Sequence[tuple[int, int]], part: int) -> None:
        """Give a unit to a part."""
        self.part[unit] = part
        for label, count in cells:
            self.dealt[label][part] += count
            self.seen[label] += count
            self.units_left[label] -= 1
        for other, share in enumerate(self.shares):
            self.carry[other] += share * size
        self.carry[part] -= size

    def choice(self, label: int, count: int, cells: Sequence[tuple[int, int]]) -> int:
        """Choose the part that lacks the label most; if equal, the one that lacks rows most."""
        if self.home is not None and self._stays_home(cells, self.home):
            return self.home
        seen, dealt = self.seen[label] + count, self.dealt[label]
        limit = NUDGE * count
        lack = [
            share * seen - have + max(-limit, min(limit, owed))
            for share, have, owed in zip(self.shares, dealt, self.carry, strict=True)
        ]
        return lack.index(max(lack))

    def _stays_home(self, cells: Sequence[tuple[int, int]], home: int) -> bool:
        """Tell whether the home part would otherwise never see one of the labels."""
        return any(self.units_left[one] == 1 and not self.dealt[one][home] for one, _ in cells)


def deal(units: Units, shares: Sequence[float], *, home: int | None = None) -> NDArray[np.intp]:
    """
    Choose a part for every unit, so that each label is spread in the given shares.

    Every label with a row has one in the `home` part, if there is such a part.
    """
    table = Table(units, shares, home)
    simple = units.is_simple
    _deal_one_by_one(table, units, simple)
    _deal_at_once(table, units, simple)
    return table.part


def _deal_one_by_one(table: Table, units: Units, simple: NDArray[np.bool_]) -> None:
    cells: dict[int, list[tuple[int, int]]] = {}  # of each unit: its labels and their counts
    holders: dict[int, list[tuple[int, int, int, int]]] = {}  # of each label: its units
    chosen = ~simple[units.unit]
    order, sizes = units.order.tolist(), units.size.tolist()
    for unit, label, count in zip(
        units.unit[chosen].tolist(),
        units.label[chosen].tolist(),
        units.count[chosen].tolist(),
        strict=True,
    ):
        cells.setdefault(unit, []).append((label, count))
        holders.setdefault(label, []).append((-sizes[unit], order[unit], count, unit))
    for held in holders.values():
        held.sort()  # big units first, while there is still room to make up for them
    # Equally rare labels are told apart by who holds them, never by their names.
    turn = np.array(sorted(holders, key=lambda label: [one[:3] for one in holders[label]]))
    left = np.bincount(units.label[chosen], minlength=units.label_count)
    while len(turn):
        at = int(np.argmin(left[turn]))
        label = int(turn[at])
        turn = np.delete(turn, at)
        for size, _, count, unit in holders[label]:
            if table.part[unit] < 0:
                table.place(unit, -size, cells[unit], table.choice(label, count, cells[unit]))
                for other, _ in cells[unit]:
                    left[other] -= 1


def _deal_at_once(table: Table, units: Units, simple: NDArray[np.bool_]) -> None:
    chosen = simple[units.unit]
    unit, label = units.unit[chosen], units.label[chosen]
    rank = units.order[unit]
    by_label = np.lexsort((rank, label))
    unit, label, rank = unit[by_label], label[by_label], rank[by_label]
    starts = np.flatnonzero(np.r_[True, label[1:] != label[:-1]]) if len(label) else label
    ends = np.r_[starts[1:], len(label)]
    # Rarest first, as above; equals by the rank of their first unit.
    for turn in np.lexsort((rank[starts], ends - starts)):
        start, end = int(starts[turn]), int(ends[turn])
        quota = _quota(table, int(label[start]), end - start)
        table.part[unit[start:end]] = np.repeat(np.arange(len(quota)), quota)


def _quota(table: Table, label: int, count: int) -> list[int]:
    """Say how many of a label's interchangeable units each part gets."""
    dealt, shares, carry = table.dealt[label], table.shares, table.carry
    total = sum(dealt) + count
    lack = [max(0.0, share * total - have) for share, have in zip(shares, dealt, strict=True)]
    scale = count / sum(lack)
    wanted = [one * scale for one in lack]
    quota = [int(one + 1e-9) for one in wanted]
    if table.home is not None and not dealt[table.home] and not quota[table.home]:
        quota[table.home] = 1
        quota[quota.index(max(quota))] -= sum(quota) > count
    while sum(quota) < count:
        open_parts = [
            want - have + max(-NUDGE, min(NUDGE, owed))
            for want, have, owed in zip(wanted, quota, carry, strict=True)
        ]
        quota[open_parts.index(max(open_parts))] += 1
    for part, share in enumerate(shares):
        carry[part] += share * count - quota[part]
    return quota
