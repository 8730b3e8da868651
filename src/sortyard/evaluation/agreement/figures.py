"""A figure of agreement with its interval, or why there is none."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from sortyard.evaluation.agreement.distances import Floats
from sortyard.evaluation.intervals import Interval, percentile_interval

ONE_ANSWER: Final = "every vote says the same, so that chance would agree as well"
NOBODY: Final = "nobody has chosen it"
NOBODY_TWICE: Final = "no message that two people saw has a vote for it"
FEWEST: Final = 10  # messages; from fewer, no interval can be drawn
_MOSTLY: Final = 0.5  # of the draws must have a value, or there is no interval


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An agreement between -1 and 1 with its 95 % interval; `why` there is none, where so."""

    value: float | None
    interval: Interval | None = None
    why: str = ""

    @classmethod
    def of(cls, values: Floats, *, messages: int, why: str = ONE_ANSWER) -> Self:
        """
        Take a value, which comes first, and what it is in drawn data sets; NaN is no value.

        `messages` counts those that it rests on; with too few there is no interval.
        """
        value, drawn = float(values[0]), values[1:]
        if not np.isfinite(value):
            return cls(None, None, why)
        defined = drawn[np.isfinite(drawn)]
        if messages < FEWEST or len(defined) <= _MOSTLY * len(drawn):
            return cls(value)
        return cls(value, percentile_interval(defined))
