"""
What happens while messages are answered, told to whoever measures it.

No event carries a text, a message id or an author. All times are in seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sortyard.domain.predictions import Answer, Degradation

INTERNAL = "internal"  # the code of a fault that is nobody's but ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """How long one request spent where; a stage that did not happen took no time."""

    queue: float = 0.0
    prepare: float = 0.0
    judge: float = 0.0
    record: float = 0.0


class Observer(Protocol):
    """
    Is told what happens, as it happens.

    Events come from the event loop and from other threads, so an observer is safe between threads.
    It is quick, for it stands in the path of every answer, and it never raises.
    """

    def request(self, front: str, outcome: str, seconds: float, messages: int) -> None:
        """
        A front has finished a request: `outcome` is `ok`, or the code of its error.

        The fronts tell this, and the serving core everything else.
        """
        ...

    def answered(self, answers: Sequence[Answer], seconds: float) -> None:
        """The messages of one request have their answers, so long after they came in."""
        ...

    def stages(self, stages: Stages) -> None:
        """Where one answered request spent its time; told in the request's own task."""
        ...

    def batch(self, size: int, waited: float, seconds: float) -> None:
        """The worker has finished a batch, whose oldest message had waited so long for it."""
        ...

    def cache(self, hits: int, misses: int) -> None:
        """So many messages of a batch were found in the cache, and so many were not."""
        ...

    def failed(self, code: str) -> None:
        """One message of a request has no answer, though the request has one."""
        ...

    def refused(self, code: str, messages: int) -> None:
        """A request with so many messages was refused as a whole: `overloaded`, `not-ready` …."""
        ...

    def level(self, degradation: Degradation | None) -> None:
        """From now on so much is left out of the line; None for nothing."""
        ...

    def swapped(self, before: str | None, after: str, seconds: float) -> None:
        """Another release answers from now on; it took so long to load and to warm up."""
        ...

    def swap_failed(self, release: str, code: str) -> None:
        """A release shall answer and cannot be loaded; the one before goes on answering."""
        ...


class Nobody:
    """An `Observer` that measures nothing."""

    def request(self, front: str, outcome: str, seconds: float, messages: int) -> None:
        """Ignore it."""

    def answered(self, answers: Sequence[Answer], seconds: float) -> None:
        """Ignore it."""

    def stages(self, stages: Stages) -> None:
        """Ignore it."""

    def batch(self, size: int, waited: float, seconds: float) -> None:
        """Ignore it."""

    def cache(self, hits: int, misses: int) -> None:
        """Ignore it."""

    def failed(self, code: str) -> None:
        """Ignore it."""

    def refused(self, code: str, messages: int) -> None:
        """Ignore it."""

    def level(self, degradation: Degradation | None) -> None:
        """Ignore it."""

    def swapped(self, before: str | None, after: str, seconds: float) -> None:
        """Ignore it."""

    def swap_failed(self, release: str, code: str) -> None:
        """Ignore it."""
