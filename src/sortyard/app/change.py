"""What came to pass in a server between two looks at its figures."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self, TypeAlias

from prometheus_client.parser import text_string_to_metric_families

Labels: TypeAlias = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Look:
    """All figures of a server at one moment, in seconds of a clock that never jumps."""

    at: float
    series: Mapping[str, Mapping[Labels, float]]

    @classmethod
    def of(cls, text: str, *, at: float) -> Self:
        """Read the text format of Prometheus; ValueError for what is not that."""
        series: dict[str, dict[Labels, float]] = defaultdict(dict)
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                series[sample.name][frozenset(sample.labels.items())] = sample.value
        return cls(at, dict(series))


@dataclass(frozen=True, slots=True)
class Change:
    """
    Two looks, and what came to pass between them.

    Every question is answered over all workers, and over all labels that it does not name.
    """

    before: Look
    after: Look

    @property
    def seconds(self) -> float:
        return self.after.at - self.before.at

    def growth(self, name: str, **labels: str) -> float:
        """How much a count grew."""
        return sum(self._grown(name, labels).values())

    def growths(self, name: str, by: str, **labels: str) -> Mapping[str, float]:
        """How much a count grew for each value of one label."""
        grown: dict[str, float] = defaultdict(float)
        for series, amount in self._grown(name, labels).items():
            grown[dict(series).get(by, "")] += amount
        return dict(grown)

    def rate(self, name: str, **labels: str) -> float:
        """How much a count grew each second."""
        return self.growth(name, **labels) / self.seconds if self.seconds > 0 else 0.0

    def shares(self, name: str, by: str, **labels: str) -> Mapping[str, float]:
        """How the growth of a count is spread over the values of one label, the largest first."""
        grown = {value: n for value, n in self.growths(name, by, **labels).items() if n > 0}
        whole = sum(grown.values())
        ordered = sorted(grown.items(), key=lambda one: (-one[1], one[0]))
        return {value: amount / whole for value, amount in ordered}

    def mean(self, name: str, **labels: str) -> float | None:
        """The mean of the values that a histogram got; None where it got none."""
        count = self.growth(f"{name}_count", **labels)
        return self.growth(f"{name}_sum", **labels) / count if count else None

    def quantile(self, name: str, share: float, **labels: str) -> float | None:
        """Estimate the value that so large a share of a histogram's values does not exceed."""
        buckets = self.growths(f"{name}_bucket", "le", **labels)
        return quantile(((float(bound), count) for bound, count in buckets.items()), share)

    def total(self, name: str) -> float | None:
        """The sum of a gauge now; None where there is no such gauge."""
        found = self.after.series.get(name)
        return sum(found.values()) if found else None

    def most(self, name: str) -> float | None:
        """The largest value of a gauge now; None where there is no such gauge."""
        return max(self.after.series.get(name, {}).values(), default=None)

    def words(self, name: str, label: str) -> tuple[str, ...]:
        """The different values that a label has now."""
        found = self.after.series.get(name, {})
        return tuple(sorted({dict(labels).get(label, "") for labels in found}))

    def _grown(self, name: str, labels: Mapping[str, str]) -> Mapping[Labels, float]:
        before = self.before.series.get(name, {})
        return {
            series: _since(before.get(series, 0.0), value)
            for series, value in self.after.series.get(name, {}).items()
            if labels.items() <= series
        }


def quantile(buckets: Iterable[tuple[float, float]], share: float) -> float | None:
    """
    Find a quantile of a histogram; each bucket is a bound and how many values are not above it.

    Within a bucket values are taken to lie evenly, as Prometheus does. Above the last finite bound
    nothing is known but that bound. None where there are no values.
    """
    ordered = sorted(buckets)
    if not ordered or ordered[-1][1] <= 0:
        return None
    rank = share * ordered[-1][1]
    low, below = 0.0, 0.0
    for bound, count in ordered:
        if count > below and count >= rank:
            part = (rank - below) / (count - below)
            return low + (bound - low) * part if math.isfinite(bound) else low
        low, below = bound, count
    return low


def _since(before: float, after: float) -> float:
    """How much a count grew; one that is smaller now began again at zero."""
    return after - before if after >= before else after
