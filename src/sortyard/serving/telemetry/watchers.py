"""Observers put together, and one that writes the turns of a server into its log."""

from collections.abc import Sequence

from sortyard.domain.predictions import Answer, Degradation
from sortyard.serving.observing import Nobody, Observer, Stages
from sortyard.serving.telemetry.logs import EventLog, Level


class Watchers:
    """An `Observer` that tells others, one after the other."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def request(self, front: str, outcome: str, seconds: float, messages: int) -> None:
        for one in self._observers:
            one.request(front, outcome, seconds, messages)

    def answered(self, answers: Sequence[Answer], seconds: float) -> None:
        for one in self._observers:
            one.answered(answers, seconds)

    def stages(self, stages: Stages) -> None:
        for one in self._observers:
            one.stages(stages)

    def batch(self, size: int, waited: float, seconds: float) -> None:
        for one in self._observers:
            one.batch(size, waited, seconds)

    def cache(self, hits: int, misses: int) -> None:
        for one in self._observers:
            one.cache(hits, misses)

    def failed(self, code: str) -> None:
        for one in self._observers:
            one.failed(code)

    def refused(self, code: str, messages: int) -> None:
        for one in self._observers:
            one.refused(code, messages)

    def level(self, degradation: Degradation | None) -> None:
        for one in self._observers:
            one.level(degradation)

    def swapped(self, before: str | None, after: str, seconds: float) -> None:
        for one in self._observers:
            one.swapped(before, after, seconds)

    def swap_failed(self, release: str, code: str) -> None:
        for one in self._observers:
            one.swap_failed(release, code)


class Turns(Nobody):
    """An `Observer` that writes a line when something changes for all requests at once."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def level(self, degradation: Degradation | None) -> None:
        level = Level.INFO if degradation is None else Level.WARNING
        self._log.write("degradation", level=level, degradation=degradation or "none")

    def swapped(self, before: str | None, after: str, seconds: float) -> None:
        self._log.write("release", release=after, before=before, seconds=seconds)

    def swap_failed(self, release: str, code: str) -> None:
        self._log.write("release-not-loaded", level=Level.ERROR, release=release, code=code)
