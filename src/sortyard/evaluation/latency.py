"""How long an answer takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from sortyard.domain.errors import NotEnoughData

MILLISECONDS = 1_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """
    How long one message takes on its own, in milliseconds, and how many a batch answers a second.

    `messages` is the number of single messages that were timed.
    """

    messages: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    messages_per_second: float

    @classmethod
    def of(cls, seconds: Sequence[float], *, messages_per_second: float) -> Self:
        """Summarise the durations of single messages, in seconds, and the speed of a batch."""
        if not len(seconds):
            raise NotEnoughData("measure the latency", found=0, needed=1)
        p50, p95, p99 = MILLISECONDS * np.quantile(np.asarray(seconds), [0.50, 0.95, 0.99])
        return cls(
            messages=len(seconds),
            p50_ms=float(p50),
            p95_ms=float(p95),
            p99_ms=float(p99),
            messages_per_second=messages_per_second,
        )
