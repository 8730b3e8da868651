"""
Counts and histograms, cheap enough for every message and bounded in their number of series.

They are safe between threads, and are written down by the Prometheus library.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from threading import Lock
from typing import Protocol, TypeAlias

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

PREFIX = "sortyard_"
MOST_SERIES = 2_000  # of one instrument; whatever comes later shares a series
OTHER = "other"

Key: TypeAlias = tuple[str | None, ...]  # the values of the labels; None where one does not apply


class Counts:
    """How often something happened, apart by the values of some labels."""

    def __init__(
        self, name: str, about: str, labels: Sequence[str] = (), *, most: int = MOST_SERIES
    ) -> None:
        self._name, self._about, self._labels, self._most = name, about, labels, most
        self._lock = Lock()
        self._counts: dict[Key, int] = {} if labels else {(): 0}

    def add(self, *key: str | None, amount: int = 1) -> None:
        """Count once more, or so many times at once."""
        with self._lock:
            try:
                self._counts[key] += amount
            except KeyError:
                key = _admitted(key, self._counts, self._most)
                self._counts[key] = self._counts.get(key, 0) + amount

    def collect(self) -> Iterator[Metric]:
        """Give what was counted so far."""
        with self._lock:
            counts = dict(self._counts)
        family = CounterMetricFamily(self._name, self._about, labels=self._labels)
        for key, count in counts.items():
            family.add_metric(_words(key), count)
        yield family


@dataclass(slots=True)
class _Spread:
    """How many values each bucket has; the last is for those above every bound."""

    counts: list[int]
    total: float = 0.0


class Histogram:
    """How values are spread over buckets, apart by the values of some labels."""

    def __init__(
        self,
        name: str,
        about: str,
        bounds: Sequence[float],
        labels: Sequence[str] = (),
        *,
        most: int = MOST_SERIES,
    ) -> None:
        self._name, self._about, self._labels, self._most = name, about, labels, most
        self._bounds = tuple(float(bound) for bound in bounds)
        self._lock = Lock()
        self._spreads: dict[Key, _Spread] = {} if labels else {(): self._empty()}

    def add(self, value: float, *key: str | None) -> None:
        """Put a value into the first bucket whose bound it does not exceed."""
        bucket = bisect_left(self._bounds, value)
        with self._lock:
            spread = self._spreads.get(key)
            if spread is None:
                key = _admitted(key, self._spreads, self._most)
                spread = self._spreads.setdefault(key, self._empty())
            spread.counts[bucket] += 1
            spread.total += value

    def collect(self) -> Iterator[Metric]:
        """Give the buckets as Prometheus wants them: each counts all that is below it, too."""
        with self._lock:
            spreads = [(key, list(one.counts), one.total) for key, one in self._spreads.items()]
        family = HistogramMetricFamily(self._name, self._about, labels=self._labels)
        bounds = [*(str(bound) for bound in self._bounds), "+Inf"]
        for key, counts, total in spreads:
            buckets = list(zip(bounds, accumulate(counts), strict=True))
            family.add_metric(_words(key), buckets, total)
        yield family

    def _empty(self) -> _Spread:
        return _Spread([0] * (len(self._bounds) + 1))


class Instrument(Protocol):
    """Whatever gives figures when it is asked."""

    def collect(self) -> Iterator[Metric]: ...


class Panel:
    """All instruments of a process."""

    def __init__(self) -> None:
        self._instruments: list[Instrument] = []

    def add(self, instrument: Instrument) -> None:
        """Read this one, too, from now on."""
        self._instruments.append(instrument)

    def counts(self, name: str, about: str, *labels: str) -> Counts:
        """Make something that counts."""
        counts = Counts(f"{PREFIX}{name}_total", about, labels)
        self.add(counts)
        return counts

    def histogram(self, name: str, about: str, bounds: Sequence[float], *labels: str) -> Histogram:
        """Make a histogram."""
        histogram = Histogram(PREFIX + name, about, bounds, labels)
        self.add(histogram)
        return histogram

    def collect(self) -> Iterator[Metric]:
        """Read every instrument."""
        for instrument in tuple(self._instruments):
            yield from instrument.collect()


def _admitted(key: Key, known: Collection[Key], most: int) -> Key:
    """Give a new key a series of its own while there is room; it is the last label that varies."""
    return (*key[:-1], OTHER) if key and len(known) >= most else key


def _words(key: Key) -> list[str]:
    """Write the values of labels, without half characters, which no encoding can hold."""
    return ["" if one is None else str(one).encode(errors="replace").decode() for one in key]
