"""Who is let in: as much as can be answered soon, and no more than memory is set aside for."""

from collections.abc import Iterator
from contextlib import contextmanager

from sortyard.domain.errors import Overloaded, TooLarge
from sortyard.serving.bounds import Bounds

SOONEST, LATEST = 1.0, 30.0  # seconds after which a client is asked to come again
FIRST_GUESS = 500.0  # messages a second, until some were measured
MEMORY = 0.9  # how much of the rate is what it was a batch ago


class Admission:
    """
    Counts what waits, and refuses what would be too much.

    It lives in one event loop, so that nothing stands between its check and its count.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.waiting = 0  # messages, with those at work
        self.characters = 0
        self.offered = 0  # messages that ever came, with those refused
        self.per_second = FIRST_GUESS

    @contextmanager
    def enter(self, messages: int, characters: int) -> Iterator[None]:
        """
        Let a request in for as long as the block lasts.

        Raises Overloaded, which says when to come again, and TooLarge for a request that could
        never be let in.
        """
        self.offered += messages
        bounds = self._bounds
        if messages > bounds.most_waiting:
            raise TooLarge("The request", bounds.most_waiting, "messages")
        if characters > bounds.most_characters:
            raise TooLarge("The request", bounds.most_characters, "characters")
        if (
            self.waiting + messages > bounds.most_waiting
            or self.characters + characters > bounds.most_characters
        ):
            raise self.overloaded()
        self.waiting += messages
        self.characters += characters
        try:
            yield
        finally:
            self.waiting -= messages
            self.characters -= characters

    def worked(self, messages: int, seconds: float) -> None:
        """Learn from a batch how fast the worker is."""
        rate = messages / max(seconds, 1e-6)
        self.per_second = MEMORY * self.per_second + (1.0 - MEMORY) * rate

    def overloaded(self) -> Overloaded:
        """Say that there is too much, and when what waits now will have been answered."""
        needed = self.waiting / max(self.per_second, 1e-6)
        return Overloaded(self.waiting, min(max(needed, SOONEST), LATEST))
