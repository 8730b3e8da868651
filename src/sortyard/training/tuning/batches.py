"""
Which rows meet in a batch, drawn lazily.

Whatever is drawn follows from the seed, the epoch and the window alone, so that a run that was
killed goes on with the same batches. No pair is ever listed: memory is one number for every row,
and a window of batches.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WINDOW = 32  # batches whose rows are sorted by length together


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """
    The batches of every epoch.

    `rows` (rows,) are places in the texts, `lengths` (rows,) their word pieces, and `repeats`
    (rows,) how often an epoch draws each.
    """

    rows: NDArray[np.intp]
    lengths: NDArray[np.int64]
    repeats: NDArray[np.float64]
    size: int
    seed: int

    @property
    def anchors(self) -> int:
        """How many rows an epoch draws."""
        return max(round(float(self.repeats.sum())), 1)

    @property
    def steps(self) -> int:
        """How many batches an epoch has."""
        full, rest = divmod(self.anchors, self._window)
        return full * WINDOW + -(-rest // self.size)

    def epoch(self, number: int, *, skip: int = 0) -> Iterator[NDArray[np.intp]]:
        """Yield the batches of an epoch, but for the first few: places in the texts."""
        order = self._drawn(number)
        whole = skip // WINDOW
        for window, start in enumerate(range(0, len(order), self._window)):
            if window < whole:
                continue
            rng = np.random.default_rng((self.seed, number, window))
            batches = self._batches(order[start : start + self._window], rng)
            yield from batches[skip - whole * WINDOW if window == whole else 0 :]

    @property
    def _window(self) -> int:
        return WINDOW * self.size

    def _drawn(self, number: int) -> NDArray[np.int64]:
        """
        Draw the rows of an epoch, in a random order.

        By systematic sampling (Madow 1949): how often a row comes is its repeats, rounded up or
        down, and how many come in all is the same in every epoch.
        """
        rng = np.random.default_rng((self.seed, number))
        ends = np.cumsum(self.repeats)
        at = (np.arange(self.anchors) + rng.random()) * (ends[-1] / self.anchors)
        drawn = np.minimum(np.searchsorted(ends, at, side="right"), len(ends) - 1)
        return rng.permutation(drawn)

    def _batches(
        self, drawn: NDArray[np.int64], rng: np.random.Generator
    ) -> list[NDArray[np.intp]]:
        """Cut a window into batches of similar length, in a random order."""
        drawn = drawn[np.argsort(self.lengths[drawn], kind="stable")]
        parts = [drawn[start : start + self.size] for start in range(0, len(drawn), self.size)]
        return [self.rows[parts[place]] for place in rng.permutation(len(parts))]
