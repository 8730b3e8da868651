"""
What is left out when too much comes in: by plan, step by step, and back.

The sign of too much is a queue that stands: every batch of the last moment had to wait long (the
idea of CoDel, Nichols & Jacobson 2012: a burst that drains is no overload). One step up follows
each such moment. One step down follows a calm while, if the line could carry with its next part
back in what comes in now; without that it would flap between the two.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sortyard.domain.predictions import Degradation
from sortyard.serving.ports import Clock

LEVELS: tuple[Degradation | None, ...] = (
    None,
    Degradation.NO_ENCODER,
    Degradation.WIDER_REVIEW,
)
MEMORY = 0.7  # how much of a measured capacity stays when a new one is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """When the plan moves. All times are in seconds."""

    moment: float = 0.25  # what is looked at together
    standing: float = 0.1  # every batch waits at least so long: a queue stands
    calm: float = 1.0  # so long without a standing queue, before a step down
    room: float = 0.8  # the share of a level's capacity that may come in for a step down to it
    doubt: float = 20.0  # a capacity that was measured so long ago is measured again


@dataclass(slots=True)
class _Moment:
    """What was seen since it began."""

    began: float
    offered: int  # messages that had come in by then
    least_wait: float | None = None
    messages: int = 0
    worked: float = 0.0


@dataclass(slots=True)
class _Capacity:
    """How many messages a second one level carried when it had as much as it could do."""

    per_second: float
    at: float


class Plan:
    """
    Chooses the level by what the batches tell of the queue.

    `offered` counts the messages that ever came in. The level never changes within a batch: it is
    read once when a batch begins, from any thread.
    """

    def __init__(
        self,
        offered: Callable[[], int],
        clock: Clock,
        *,
        temper: Temper | None = None,
        changed: Callable[[Degradation | None], None] = lambda _level: None,
    ) -> None:
        self._offered = offered
        self._clock = clock
        self._temper = temper or Temper()
        self._changed = changed
        self._level = 0
        self._moment = _Moment(clock(), offered())
        self._uneasy = clock()  # when a queue stood last
        self._capacities: dict[int, _Capacity] = {}

    @property
    def degradation(self) -> Degradation | None:
        return LEVELS[self._level]

    def finished(self, size: int, waited: float, seconds: float) -> None:
        """Learn from a batch: how long its oldest message waited for it, and how long it took."""
        moment = self._moment
        least = moment.least_wait
        moment.least_wait = waited if least is None else min(least, waited)
        moment.messages += size
        moment.worked += seconds
        self.look()

    def look(self) -> None:
        """Close the moment if it is over; to be called while nothing waits, too."""
        now, moment = self._clock(), self._moment
        lasted = now - moment.began
        if lasted < self._temper.moment:
            return
        per_second = (self._offered() - moment.offered) / lasted
        self._moment = _Moment(now, self._offered())
        if moment.least_wait is not None and moment.least_wait >= self._temper.standing:
            self._uneasy = now
            self._measure(moment, now)
            self._move_to(min(self._level + 1, len(LEVELS) - 1))
        elif (
            self._level
            and now - self._uneasy >= self._temper.calm
            and self._could_carry(self._level - 1, per_second, now)
        ):
            self._uneasy = now  # the next step takes a calm while again
            self._move_to(self._level - 1)

    def _measure(self, moment: _Moment, now: float) -> None:
        rate = moment.messages / max(moment.worked, 1e-6)
        known = self._capacities.get(self._level)
        if known is not None:
            rate = MEMORY * known.per_second + (1.0 - MEMORY) * rate
        self._capacities[self._level] = _Capacity(rate, now)

    def _could_carry(self, level: int, per_second: float, now: float) -> bool:
        known = self._capacities.get(level)
        if known is None or now - known.at >= self._temper.doubt:
            return True
        return per_second <= self._temper.room * known.per_second

    def _move_to(self, level: int) -> None:
        if level != self._level:
            self._level = level
            self._changed(self.degradation)
