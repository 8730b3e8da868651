"""The labels that are confused most, as a square of counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sortyard.evaluation.measures import ConfusedPair, Measures

MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """
    Counts of true label (row) against answer (column), for some labels.

    `shares` are the same by true label, so that a small label's errors show as much as a big one's.
    """

    labels: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    shares: tuple[tuple[float, ...], ...]


def heat_map(measures: Measures, *, most: int = MOST) -> HeatMap | None:
    """Take the labels of the most frequent confusions; none where nothing is confused."""
    if not measures.confusions:
        return None
    names = _neighbours(_chosen(measures, most), measures.confusions)
    known = {one.label: one for one in measures.labels}
    count = {(one.truth, one.answer): one.rows for one in measures.confusions}
    count |= {(name, name): known[name].hits for name in names}
    rows = tuple(tuple(count.get((true, given), 0) for given in names) for true in names)
    totals = [max(known[name].rows, 1) for name in names]
    return HeatMap(
        labels=names,
        rows=rows,
        shares=tuple(
            tuple(one / total for one in row) for row, total in zip(rows, totals, strict=True)
        ),
    )


def _chosen(measures: Measures, most: int) -> list[str]:
    seen = [one.label for one in measures.labels if one.rows or one.answers]
    if len(seen) <= most:
        return seen
    names: dict[str, None] = {}
    for one in measures.confusions:
        if len(names.keys() | {one.truth, one.answer}) <= most:
            names |= {one.truth: None, one.answer: None}
    return list(names)


def _neighbours(names: Sequence[str], confusions: Sequence[ConfusedPair]) -> tuple[str, ...]:
    """Order labels so that those that are confused stand side by side."""
    pull = {frozenset((one, other)): 0 for one in names for other in names}
    for pair in confusions:
        key = frozenset((pair.truth, pair.answer))
        if key in pull:
            pull[key] += pair.rows
    rest = list(names)
    order = [rest.pop(0)]
    while rest:
        nearest = max(rest, key=lambda name: pull[frozenset((order[-1], name))])
        rest.remove(nearest)
        order.append(nearest)
    return tuple(order)
