"""Whether it works as well for every kind of message: the measures, slice by slice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.messages import MetadataValue
from sortyard.evaluation.intervals import Interval, wilson_interval

LEAST_ROWS = 30  # a slice with fewer says little about itself
MOST_SLICES = 50  # a column with more values is no way to cut the messages
QUARTILES = 4
MISSING = "(missing)"

Metadata = Sequence[Mapping[str, MetadataValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The messages that share one value of a metadata column."""

    value: str
    rows: int
    accuracy: float
    interval: Interval
    auto_coverage: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceColumn:
    """
    One metadata column, its slices from worst to best, and the gap between the two ends.

    `gap_interval` is Newcombe's for the difference of two shares [Newcombe 1998, method 10]; a gap
    whose interval reaches zero may be chance. `left_out` counts messages in slices that are too
    small to show.
    """

    column: str
    slices: tuple[Slice, ...]
    gap: float
    gap_interval: Interval
    left_out: int


def slice_columns(
    metadata: Metadata,
    right: NDArray[np.bool_],
    auto: NDArray[np.bool_],
    *,
    least_rows: int = LEAST_ROWS,
) -> tuple[SliceColumn, ...]:
    """Cut the messages by every metadata column that has two slices or more of enough rows."""
    names = sorted({name for row in metadata for name in row})
    found = (_column(name, metadata, right, auto, least_rows) for name in names)
    return tuple(one for one in found if one is not None)


def bins_of(values: Sequence[MetadataValue | None]) -> list[str]:
    """
    Name the slice of every value.

    Numbers with more than a handful of different values are cut at their quartiles; all else is
    taken as it is.
    """
    present = [one for one in values if not _is_gone(one)]
    numbers = [one for one in present if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) < len(present) or len(set(numbers)) <= 2 * QUARTILES:
        return [_name(one) for one in values]
    edges = np.unique(np.quantile(np.array(numbers, dtype=np.float64), [0.25, 0.5, 0.75]))
    ends = [f"up to {edges[0]:g}"]
    ends += [f"{low:g} to {high:g}" for low, high in pairwise(edges)]
    ends.append(f"over {edges[-1]:g}")
    return [
        _name(one) if _is_gone(one) else ends[np.searchsorted(edges, float(one or 0))]
        for one in values
    ]


def _column(
    name: str,
    metadata: Metadata,
    right: NDArray[np.bool_],
    auto: NDArray[np.bool_],
    least_rows: int,
) -> SliceColumn | None:
    values, codes = np.unique(bins_of([row.get(name) for row in metadata]), return_inverse=True)
    rows = np.bincount(codes)
    shown = np.flatnonzero(rows >= least_rows)
    if not 1 < len(shown) <= MOST_SLICES:
        return None
    hits, automatic = np.bincount(codes, weights=right), np.bincount(codes, weights=auto)
    slices = sorted(
        (
            Slice(
                value=str(values[one]),
                rows=int(rows[one]),
                accuracy=float(hits[one] / rows[one]),
                interval=wilson_interval(int(hits[one]), int(rows[one])),
                auto_coverage=float(automatic[one] / rows[one]),
            )
            for one in shown
        ),
        key=lambda one: (one.accuracy, one.value),
    )
    return SliceColumn(
        column=name,
        slices=tuple(slices),
        gap=slices[-1].accuracy - slices[0].accuracy,
        gap_interval=_difference(slices[-1], slices[0]),
        left_out=int(rows.sum() - rows[shown].sum()),
    )


def _difference(best: Slice, worst: Slice) -> Interval:
    gap = best.accuracy - worst.accuracy
    down = sqrt(
        (best.accuracy - best.interval.low) ** 2 + (worst.interval.high - worst.accuracy) ** 2
    )
    up = sqrt(
        (best.interval.high - best.accuracy) ** 2 + (worst.accuracy - worst.interval.low) ** 2
    )
    return Interval(gap - down, gap + up)


def _is_gone(value: MetadataValue | None) -> bool:
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))


def _name(value: MetadataValue | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return MISSING if _is_gone(value) else str(value)
