"""How often somebody may ask: a bucket of tokens that fills at a steady rate."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

MINUTE = 60.0  # seconds


@dataclass(slots=True)
class Bucket:
    """
    Holds one token for each request that may still be made now.

    A full bucket holds the requests of one minute, so that a burst passes and a flood does not.
    """

    per_minute: int
    tokens: float
    filled: float  # when, on the clock that fills it

    @property
    def makes_sense(self) -> bool:
        """Whether it can have come about by filling and taking."""
        return isfinite(self.filled) and 0.0 <= self.tokens <= self.per_minute

    def take(self, now: float) -> float:
        """Take a token, and give 0; where there is none, give the seconds until there is one."""
        gained = max(now - self.filled, 0.0) * self.per_minute / MINUTE
        self.tokens = min(self.tokens + gained, float(self.per_minute))
        self.filled = now
        if self.tokens < 1.0:
            return (1.0 - self.tokens) * MINUTE / self.per_minute
        self.tokens -= 1.0
        return 0.0


class Counter(Protocol):
    """Counts how often each asks."""

    def take(self, name: str, per_minute: int) -> float:
        """Take a token of somebody, and give 0; else give the seconds until there is one."""
        ...


class Rates:
    """
    A `Counter` for one process, with one bucket for each name.

    Who has not asked for a minute is as if new, and forgotten.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}
        self._swept = clock()

    def take(self, name: str, per_minute: int) -> float:
        """Take a token of somebody, and give 0; else give the seconds until there is one."""
        now = self._clock()
        if now - self._swept > MINUTE:
            self._sweep(now)
        bucket = self._buckets.get(name)
        if bucket is None or bucket.per_minute != per_minute:
            bucket = self._buckets[name] = Bucket(per_minute, float(per_minute), now)
        return bucket.take(now)

    def __len__(self) -> int:
        return len(self._buckets)

    def _sweep(self, now: float) -> None:
        """Forget the buckets that are full again by now."""
        self._swept = now
        stale = [name for name, one in self._buckets.items() if now - one.filled > MINUTE]
        for name in stale:
            del self._buckets[name]
