"""Who is let in: as much as can be answered soon, and no more than memory is set aside for."""

from collections.abc import Iterator
from contextlib import contextmanager

from sortyard.domain.errors import Overloaded, TooLarge
from sortyard.serving.bounds import Bounds

SHORTEST = 1e-6  # seconds: no batch is done in no time
SOONEST, LATEST = 1.0, 30.0  # seconds after which a client is asked to come again
FIRST_GUESS = 500  # messages in a second, until some were measured
MEMORY = 0.9  # how much every batch counts when the next one is done
LEAP = 2.0  # times as slow as before: no batch alone makes the worker look slower than that


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
        self._messages, self._seconds = float(FIRST_GUESS), 1.0  # of the last batches

    @contextmanager
    def enter(self, messages: int, characters: int, *, queued: int = 0) -> Iterator[None]:
        """
        Let a request in for as long as the block lasts; so many messages queue before it.

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
            or queued / self.per_second > bounds.patience
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
        """
        Learn from a batch how fast the worker is.

        One batch may have lasted for half a minute because the machine stood still, and says
        nothing of the next ones. A worker that became slow is slow in all of them.
        """
        slowest = self.per_second / LEAP
        self._messages = MEMORY * self._messages + messages
        self._seconds = MEMORY * self._seconds + max(seconds, SHORTEST)
        self._seconds = min(self._seconds, self._messages / slowest)

    @property
    def per_second(self) -> float:
        """How many messages a second the last batches carried."""
        return self._messages / self._seconds

    def overloaded(self) -> Overloaded:
        """Say that there is too much, and when what waits now will have been answered."""
        needed = self.waiting / self.per_second
        return Overloaded(self.waiting, min(max(needed, SOONEST), LATEST))
