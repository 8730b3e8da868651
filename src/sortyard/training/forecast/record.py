"""
How forecasts of this kind did on sets whose outcome is known.

`record.json` is written by `python -m benchmarks.forecast --write`: each trial has what a probe of
a part of a set showed, and what the recipe `quick` then reached with all of it. From the trials a
forecast learns how much a training improves on the probe, and how far off it may be.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Final, Self

import numpy as np

from sortyard.domain.taxonomy import Kind

NAME: Final = "record.json"
COVERED: Final = 0.8  # of the trials lie in the interval, where sets are alike
ENOUGH: Final = 4  # archives, to learn how the factor depends on anything
ROUNDING: Final = 1e-9
STEEPEST: Final = 0.5  # an error falls no faster than with the root of the rows
LEAST_ERROR: Final = 0.002
RIDGE: Final = 0.05  # keeps the slope modest while sets are few


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    One set of which a part was probed, and the error that all of its rows reached.

    `archive` is where it came from: a trial is judged by those of other archives only.
    `expected` is the probe's error carried on to all rows; `relative` is the probe's error as a
    part of the error of guessing.
    """

    set: str
    archive: str
    kind: str
    part: float
    expected: float
    relative: float
    reached: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """What trials taught: the reached error as a factor of the expected one, and its spread."""

    base: float
    slope: float
    low: float
    high: float

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> Self:
        """
        Fit the factor by the relative error; the spread is that around lines of other archives.

        There is at least one trial. Of few archives all are taken to improve alike, and the spread
        is the whole range.
        """
        archives = tuple(dict.fromkeys(one.archive for one in trials))
        if len(archives) < ENOUGH:
            logs = [_log(one) for one in trials]
            base = float(np.median(logs))
            return cls(base=base, slope=0.0, low=min(logs) - base, high=max(logs) - base)
        base, slope = _line(trials)
        rest = [
            _log(one) - other[0] - other[1] * one.relative
            for archive in archives
            for other in [_line([one for one in trials if one.archive != archive])]
            for one in trials
            if one.archive == archive
        ]
        tail = (1.0 - COVERED) / 2.0
        low, high = np.quantile(rest, [tail, 1.0 - tail])
        return cls(base=base, slope=slope, low=min(float(low), 0.0), high=max(float(high), 0.0))

    def errors(self, expected: float, relative: float) -> tuple[float, float, float]:
        """Give the likely error, the lowest and the highest."""
        middle = log(max(expected, LEAST_ERROR)) + self.base + self.slope * relative
        most = 1.0
        return (
            min(exp(middle), most),
            min(exp(middle + self.low), most),
            min(exp(middle + self.high), most),
        )

    def holds(self, one: Trial) -> bool:
        """Tell whether what a trial reached lies in its interval."""
        _, low, high = self.errors(one.expected, one.relative)
        return low - ROUNDING <= one.reached <= high + ROUNDING


def _line(trials: Sequence[Trial]) -> tuple[float, float]:
    x = np.array([one.relative for one in trials])
    y = np.array([_log(one) for one in trials])
    middle, level = x.mean(), y.mean()
    slope = float(((x - middle) @ (y - level)) / ((x - middle) @ (x - middle) + RIDGE))
    return float(level - slope * middle), slope


def _log(one: Trial) -> float:
    return log(one.reached / one.expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The lift that trials of one kind teach, and how forecasts did without their archive."""

    lift: Lift
    trials: int
    sets: int
    archives: int
    right: int  # what was reached lay in the interval
    typical_miss: float  # the median distance between forecast and reached, as a share

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> Self:
        """Judge every trial by the others."""
        right, misses = 0, []
        for one in trials:
            others = [other for other in trials if other.archive != one.archive]
            lift = Lift.of(others)
            right += lift.holds(one)
            misses.append(abs(lift.errors(one.expected, one.relative)[0] - one.reached))
        return cls(
            lift=Lift.of(trials),
            trials=len(trials),
            sets=len({one.set for one in trials}),
            archives=len({one.archive for one in trials}),
            right=right,
            typical_miss=float(np.median(misses)),
        )


@cache
def stored_trials() -> tuple[Trial, ...]:
    """Read the trials that come with Sortyard."""
    raw = files("sortyard.training.forecast").joinpath(NAME).read_text(encoding="utf-8")
    return tuple(Trial(**one) for one in json.loads(raw))


def track_record(kind: Kind) -> Track:
    """Give what the stored trials of one kind of dimension teach."""
    return Track.of([one for one in stored_trials() if one.kind == kind])


def written(trials: Sequence[Trial]) -> str:
    """Write trials as they are read, one a line."""
    lines = [json.dumps({name: _short(v) for name, v in asdict(one).items()}) for one in trials]
    return "[\n  " + ",\n  ".join(lines) + "\n]\n"


def _short(value: object) -> object:
    return round(value, 5) if isinstance(value, float) else value
