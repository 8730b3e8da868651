"""The few kinds of chance that a message is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Dice:
    """A generator's draws as plain Python values."""

    rng: np.random.Generator

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return bool(self.rng.random() < probability)

    def between(self, low: int, high: int) -> int:
        """Draw a whole number; both ends are possible."""
        return int(self.rng.integers(low, high, endpoint=True))

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Draw one of these, each as likely as the others."""
        return things[int(self.rng.integers(len(things)))]

    def pick_some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Draw different ones of these, as many as there are at most."""
        order = self.rng.permutation(len(things))[:count]
        return [things[int(place)] for place in order]

    def weigh(self, weights: Mapping[Thing, float]) -> Thing:
        """Draw one of these in proportion to its weight."""
        rest = self.rng.random() * sum(weights.values())
        for thing, weight in weights.items():
            rest -= weight
            if rest < 0.0:
                return thing
        return next(reversed(list(weights)))  # the last crumb of rounding
