"""How a server fares, at one glance: what `sortyard monitor top` shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Self

from sortyard.app.change import Change

MILLISECONDS = 1_000.0
OK = "ok"
MOST_LABELS = 5
READERS = ("encoder", "reranker")  # stages that come after the student


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long requests took, in milliseconds; None where there were none."""

    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None

    @classmethod
    def of(cls, change: Change, histogram: str) -> Self:
        """Estimate them from the buckets of a histogram."""
        p50, p95, p99 = (_ms(change.quantile(histogram, share)) for share in (0.50, 0.95, 0.99))
        return cls(p50_ms=p50, p95_ms=p95, p99_ms=p99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered for one dimension."""

    dimension: str
    per_second: float
    routes: Mapping[str, float]  # shares, as below
    reasons: Mapping[str, float]
    sources: Mapping[str, float]
    stages: Mapping[str, float]
    labels: Mapping[str, float]  # the most frequent ones
    confidence: float | None  # the mean

    @property
    def read(self) -> float | None:
        """The share that the encoder read, alone or with the reranker after it."""
        parts = [self.stages[name] for name in READERS if name in self.stages]
        return sum(parts) if parts else None

    @classmethod
    def of(cls, change: Change, dimension: str) -> Self:
        """Sum up the choices for a dimension."""

        def shares(by: str, name: str = "sortyard_choices_total") -> Mapping[str, float]:
            return change.shares(name, by, dimension=dimension)

        labels = shares("label", "sortyard_labels_total")
        return cls(
            dimension=dimension,
            per_second=change.rate("sortyard_choices_total", dimension=dimension),
            routes=shares("route"),
            reasons={reason: share for reason, share in shares("reason").items() if reason},
            sources=shares("source"),
            stages={stage: share for stage, share in shares("stage").items() if stage},
            labels=dict(islice(labels.items(), MOST_LABELS)),
            confidence=change.mean("sortyard_confidence", dimension=dimension),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    A server between two looks.

    Rates are per second. Requests are those whose messages were answered; `outcomes` has all that
    ended. A figure that the server does not tell is None. While releases are swapped, several
    workers may answer with different ones. `level` is how much is left out of the line because of
    overload: 0 is nothing.
    """

    seconds: float
    versions: tuple[str, ...]
    releases: tuple[str, ...]
    workers: int
    requests_per_second: float
    messages_per_second: float
    refused_per_second: float
    outcomes: Mapping[str, float]  # per second
    times: Times
    stages_ms: Mapping[str, float]  # means
    batch_messages: float | None  # the mean
    known: float | None  # the share of messages whose answer was in the cache
    waiting: float | None
    level: float | None
    journal_records: float | None
    journal_seconds: float | None
    store_away: bool | None
    memory_bytes: float | None
    processors: float  # how many were busy
    answers: tuple[Answers, ...]

    @classmethod
    def of(cls, change: Change) -> Self:
        """Sum up what came to pass between two looks."""
        seconds = max(change.seconds, 1e-9)
        requests = change.growths("sortyard_requests_total", "outcome")
        away = change.total("sortyard_store_away")
        return cls(
            seconds=change.seconds,
            versions=change.words("sortyard_build_info", "version"),
            releases=change.words("sortyard_release_info", "release"),
            workers=len(change.words("sortyard_build_info", "worker")),
            requests_per_second=change.rate("sortyard_request_seconds_count"),
            messages_per_second=change.rate("sortyard_messages_total", outcome=OK),
            refused_per_second=change.rate("sortyard_refusals_total"),
            outcomes={name: count / seconds for name, count in requests.items() if count > 0},
            times=Times.of(change, "sortyard_request_seconds"),
            stages_ms=_stages(change),
            batch_messages=change.mean("sortyard_batch_messages"),
            known=_known(change),
            waiting=change.total("sortyard_waiting_messages"),
            level=change.most("sortyard_degradation_level"),
            journal_records=change.total("sortyard_journal_records"),
            journal_seconds=change.most("sortyard_journal_oldest_seconds"),
            store_away=None if away is None else away > 0,
            memory_bytes=change.total("process_resident_memory_bytes"),
            processors=change.rate("process_cpu_seconds_total"),
            answers=tuple(
                Answers.of(change, name)
                for name in change.words("sortyard_choices_total", "dimension")
            ),
        )


def _stages(change: Change) -> Mapping[str, float]:
    names = change.words("sortyard_stage_seconds_count", "stage")
    means = {name: _ms(change.mean("sortyard_stage_seconds", stage=name)) for name in names}
    return {name: mean for name, mean in means.items() if mean is not None}


def _known(change: Change) -> float | None:
    hits = change.growth("sortyard_cache_hits_total")
    misses = change.growth("sortyard_cache_misses_total")
    return hits / (hits + misses) if hits + misses else None


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else MILLISECONDS * seconds
