"""Whether one release is really better than another, on the same messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from sortyard.evaluation.intervals import Interval, percentile_interval
from sortyard.evaluation.metrics import Confusion, Counts, Floats
from sortyard.evaluation.multilabel import SetPatterns
from sortyard.evaluation.resampling import REPLICATES, Rows, redraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of both sides, and the newer minus the older with its interval."""

    one: float
    other: float
    interval: Interval

    @property
    def gain(self) -> float:
        return self.other - self.one


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    Two classifiers on the same messages: `one` is the older or simpler, `other` the newer.

    `only_one_right` and `only_other_right` count the messages on which they differ, and `p_value`
    is how probable a split at least as uneven would be if both were equally good (exact McNemar
    test, two-sided [McNemar 1947]). Where one label is chosen, micro F1 is the accuracy.
    """

    rows: int
    accuracy: Difference
    macro_f1: Difference
    micro_f1: Difference
    only_one_right: int
    only_other_right: int
    p_value: float


def compare_single(
    truth: Sequence[str],
    one: Sequence[str],
    other: Sequence[str],
    *,
    rng: np.random.Generator,
    replicates: int = REPLICATES,
) -> Comparison:
    """Compare two series of answers by a paired test and a paired bootstrap."""
    names, codes = np.unique([*truth, *one, *other], return_inverse=True)
    triples, rows = np.unique(codes.reshape(3, -1), axis=1, return_counts=True)
    true, first, second = (tuple(str(names[code]) for code in line) for line in triples)
    sides = (_by_pattern(true, first), _by_pattern(true, second))
    same = np.array([[t == a for t, a in zip(true, line, strict=True)] for line in (first, second)])
    return _compare(rows, sides, same.reshape(2, -1), redraw(rows, rng=rng, replicates=replicates))


def compare_multi(
    truth: NDArray[np.bool_],
    one: NDArray[np.bool_],
    other: NDArray[np.bool_],
    *,
    rng: np.random.Generator,
    replicates: int = REPLICATES,
) -> Comparison:
    """Compare two tables of answered sets, each (rows, labels); accuracy means the exact set."""
    packed = np.packbits(np.hstack([truth, one, other]), axis=1)
    _, first, rows = np.unique(packed, axis=0, return_index=True, return_counts=True)
    kept = truth[first]
    sides = tuple(SetPatterns(truth=kept, answer=side[first], rows=rows) for side in (one, other))
    same = np.stack([(kept == side.answer).all(axis=1) for side in sides])
    counters = (sides[0].counts, sides[1].counts)
    return _compare(rows, counters, same, redraw(rows, rng=rng, replicates=replicates))


Counter = Callable[[Rows], Counts]


def _by_pattern(truth: Sequence[str], answer: Sequence[str]) -> Counter:
    names, codes = np.unique([*truth, *answer], return_inverse=True)
    cells = Confusion(
        names=tuple(str(name) for name in names),
        truth=codes[: len(truth)],
        answer=codes[len(truth) :],
        rows=np.ones(len(truth), dtype=np.int64),
    )
    return cells.counts


def _compare(
    rows: Rows, sides: tuple[Counter, Counter], same: NDArray[np.bool_], drawn: Rows
) -> Comparison:
    total = int(rows.sum())
    shares = [rows @ right / total for right in same], [drawn @ right / total for right in same]
    found, resampled = [_f1s(side(rows)) for side in sides], [_f1s(side(drawn)) for side in sides]
    macro, micro = (
        _difference([one[at] for one in found], [one[at] for one in resampled]) for at in (0, 1)
    )
    only_one, only_other = int(rows @ (same[0] & ~same[1])), int(rows @ (same[1] & ~same[0]))
    differing = only_one + only_other
    return Comparison(
        rows=total,
        accuracy=_difference(*shares),
        macro_f1=macro,
        micro_f1=micro,
        only_one_right=only_one,
        only_other_right=only_other,
        p_value=float(binomtest(only_other, differing).pvalue) if differing else 1.0,
    )


def _f1s(counts: Counts) -> tuple[Floats, Floats]:
    """Keep macro and micro F1 of counts, which are large where they are resampled."""
    return counts.macro_f1, counts.micro_f1


def _difference(sides: Sequence[Floats], resampled: Sequence[Floats]) -> Difference:
    """Put the figures of two sides beside each other, with their paired bootstrap (draws,)."""
    return Difference(
        one=float(sides[0]),
        other=float(sides[1]),
        interval=percentile_interval(resampled[1] - resampled[0]),
    )
