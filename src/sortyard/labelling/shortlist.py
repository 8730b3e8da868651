"""What is kept of a pool that is too large to hold."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class Best:
    """The `size` places of a stream that are worth most; of equals the first."""

    size: int
    places: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    worth: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def see(self, places: NDArray[np.intp], worth: NDArray[np.float32]) -> None:
        """Look at a batch; what is worth nothing is never kept."""
        least = self.worth[-1] if 0 < self.size == len(self.places) else 0.0
        some = (worth > 0) & (worth >= least)
        if not some.any():
            return
        every = np.concatenate([self.places, places[some]])
        values = np.concatenate([self.worth, worth[some]])
        order = np.lexsort((every, -values))[: self.size]
        self.places, self.worth = every[order], values[order]


@dataclass(slots=True)
class Draw:
    """
    `size` places of a stream, each as likely as any other.

    Every place gets a random number, and the smallest are kept: what comes of it depends on the
    seed and on the stream alone, not on how it is cut into batches.
    """

    size: int
    rng: np.random.Generator
    places: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    lots: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def see(self, places: NDArray[np.intp]) -> None:
        """Look at a batch."""
        every = np.concatenate([self.places, places])
        lots = np.concatenate([self.lots, self.rng.random(len(places))])
        order = np.argsort(lots, kind="stable")[: self.size]
        self.places, self.lots = every[order], lots[order]
