"""What was chosen to be labelled, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.messages import Message
from sortyard.labelling.pool import Reading
from sortyard.labelling.shortlist import Best, Draw
from sortyard.labelling.spread import spread
from sortyard.labelling.strategies import Strategy
from sortyard.models.encoders import Embed

OVER = 5  # messages of a shortlist for each label to spend


@dataclass(frozen=True, slots=True)
class Pick:
    """
    A message that is to be labelled, and why.

    `chance` is how likely it was to be drawn, where chance alone chose it: what is measured on such
    messages holds for the whole pool.
    """

    message: Message
    strategy: Strategy
    worth: float
    chance: float | None = None


@dataclass(slots=True)
class Chosen:
    """What was picked so far; no message twice."""

    messages: Sequence[Message]
    picks: list[Pick] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def draw(self, random: Draw) -> None:
        places = np.sort(random.places)
        chance = len(places) / max(len(self.messages), 1)
        self.take(Strategy.RANDOM, places, np.zeros(len(places)), chance=chance)

    def doubted(self, picks: Sequence[Pick]) -> None:
        self.picks += picks

    def spread(  # noqa: PLR0913 -- from what, how many, and with what
        self,
        strategy: Strategy,
        best: Best,
        *,
        wanted: int,
        read: Reading,
        embed: Embed,
        rng: np.random.Generator,
    ) -> None:
        """Take messages of a shortlist that lie apart."""
        free = np.flatnonzero([int(one) not in self.taken for one in best.places])[: OVER * wanted]
        places, values = best.places[free], best.worth[free]
        if len(places):
            rows = spread(embed(read.texts(places)), values, wanted, rng=rng)
            self.take(strategy, places[rows], values[rows])

    def fill(self, strategy: Strategy, best: Best, count: int) -> None:
        """Take the best of a shortlist until there are `count` picks."""
        for place, value in zip(best.places, best.worth, strict=True):
            if len(self.picks) >= count:
                return
            self.take(strategy, np.array([place]), np.array([value]))

    def take(
        self,
        strategy: Strategy,
        places: NDArray[np.intp],
        values: NDArray[np.floating],
        *,
        chance: float | None = None,
    ) -> None:
        for place, value in zip(places.tolist(), values.tolist(), strict=True):
            if place not in self.taken:
                self.taken.add(place)
                self.picks.append(Pick(self.messages[place], strategy, value, chance))
