"""What a server holds at this moment, looked up when somebody asks."""

from collections.abc import Callable, Iterator
from typing import Protocol

from prometheus_client import ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from sortyard.domain.predictions import Degradation
from sortyard.serving.served import Figures
from sortyard.serving.telemetry.instruments import PREFIX
from sortyard.serving.version import VERSION

LEVELS = (None, *Degradation)  # the further to the right, the more is left out


class JournalState(Protocol):
    """How keeping fares: what waits now, and what came to pass since the start."""

    @property
    def queued(self) -> int: ...
    @property
    def exposed(self) -> int: ...
    @property
    def journal_bytes(self) -> int: ...
    @property
    def oldest_seconds(self) -> float: ...
    @property
    def written(self) -> int: ...
    @property
    def repeated(self) -> int: ...
    @property
    def failures(self) -> int: ...
    @property
    def damaged(self) -> int: ...
    @property
    def away(self) -> bool: ...


class Process:
    """The version that runs, and what the system knows of its process."""

    def __init__(self) -> None:
        self._system = ProcessCollector(registry=None)

    def collect(self) -> Iterator[Metric]:
        yield _info("build", "The version that runs.", version=VERSION)
        yield from self._system.collect()


class DeskFigures:
    """What the desk holds."""

    def __init__(self, look: Callable[[], Figures]) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        now = self._look()
        yield _gauge("waiting_messages", "Messages that have no answer yet.", now.waiting)
        yield _gauge("waiting_characters", "The length of their texts.", now.waiting_characters)
        yield _gauge("cache_entries", "Answers that are remembered.", now.cache_entries)
        yield _gauge("cache_bytes", "The memory that they take.", now.cache_bytes)
        yield _gauge("messages_per_second", "The speed of answering when busy.", now.per_second)
        level = LEVELS.index(now.degradation)
        yield _gauge("degradation_level", "How much is left out: 0 is nothing.", level)
        if now.release is not None:
            yield _info("release", "The release that answers.", release=now.release)


class JournalFigures:
    """What was answered and is not in the store yet."""

    def __init__(self, look: Callable[[], JournalState]) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        now = self._look()
        yield _gauge("journal_records", "Records that are not in the store yet.", now.queued)
        yield _gauge("journal_exposed_records", "Of them, those in memory alone.", now.exposed)
        yield _gauge("journal_bytes", "The size of the journal.", now.journal_bytes)
        yield _gauge("journal_oldest_seconds", "How long the oldest waits.", now.oldest_seconds)
        yield _gauge("store_away", "1 where the store was away at the last try.", now.away)
        yield _count("records_written", "Records that went into the store.", now.written)
        yield _count("records_repeated", "Records that were there already.", now.repeated)
        yield _count("store_failures", "Times that store or disk refused.", now.failures)
        yield _count("journal_damaged", "Lines that were set aside for a person.", now.damaged)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(PREFIX + name, about, value=value)


def _count(name: str, about: str, value: int) -> Metric:
    return CounterMetricFamily(PREFIX + name, about, value=value)


def _info(name: str, about: str, **labels: str) -> Metric:
    """A fact in words, as Prometheus keeps them: in the labels of a 1."""
    family = GaugeMetricFamily(f"{PREFIX}{name}_info", about, labels=tuple(labels))
    family.add_metric(tuple(labels.values()), 1)
    return family
