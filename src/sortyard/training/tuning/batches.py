"""
Which rows meet in a batch, drawn lazily.

Whatever is drawn follows from the seed, the epoch and the window alone, so that a run that was
killed goes on with the same batches. No pair is ever listed: memory is a few numbers for every row,
and a window of batches.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.training.tuning.companions import Companions
from sortyard.training.tuning.course import ABSENT

WINDOW = 32  # batches whose rows are sorted by length together


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """
    The batches of every epoch, each of at most `size` different texts.

    `lengths` (texts,) are their word pieces, and `repeats` (texts,) how often an epoch draws each.
    With companions, a row comes with its company, and fewer rows are drawn for themselves.
    """

    lengths: NDArray[np.int64]
    repeats: NDArray[np.float64]
    size: int
    seed: int
    companions: Companions | None = None

    @property
    def clump(self) -> int:
        """How many rows come together."""
        company = self.companions
        return 1 if company is None else 1 + company.partners + company.rivals

    @property
    def drawn(self) -> int:
        """How many rows an epoch draws for themselves."""
        return max(round(float(self.repeats.sum()) / self.clump), 1)

    @property
    def steps(self) -> int:
        """How many batches an epoch has."""
        full, rest = divmod(self.drawn, self._window)
        return full * WINDOW + -(-rest // self._clumps)

    def epoch(self, number: int, *, skip: int = 0) -> Iterator[NDArray[np.intp]]:
        """Yield the batches of an epoch, but for the first few: places in the texts."""
        order = self._order(number)
        whole = skip // WINDOW
        for window, start in enumerate(range(0, len(order), self._window)):
            if window < whole:
                continue
            rng = np.random.default_rng((self.seed, number, window))
            batches = self._batches(order[start : start + self._window], rng)
            yield from batches[skip - whole * WINDOW if window == whole else 0 :]

    @property
    def _clumps(self) -> int:
        """How many clumps fit into a batch."""
        return self.size // self.clump

    @property
    def _window(self) -> int:
        return WINDOW * self._clumps

    def _order(self, number: int) -> NDArray[np.intp]:
        """
        Draw the rows of an epoch, in a random order.

        By systematic sampling (Madow 1949): how often a row comes is its share, rounded up or
        down, and how many come in all is the same in every epoch.
        """
        rng = np.random.default_rng((self.seed, number))
        ends = np.cumsum(self.repeats)
        at = (np.arange(self.drawn) + rng.random()) * (ends[-1] / self.drawn)
        drawn = np.minimum(np.searchsorted(ends, at, side="right"), len(ends) - 1)
        return np.asarray(rng.permutation(drawn), dtype=np.intp)

    def _batches(self, drawn: NDArray[np.intp], rng: np.random.Generator) -> list[NDArray[np.intp]]:
        """Cut a window into batches of similar length, in a random order."""
        clumps = drawn[:, None]
        if self.companions is not None:
            clumps = np.concatenate([clumps, self.companions.draw(drawn, rng)], axis=1)
        longest = np.where(clumps == ABSENT, 0, self.lengths[clumps]).max(axis=1)
        clumps = clumps[np.argsort(longest, kind="stable")]
        parts = [clumps[at : at + self._clumps] for at in range(0, len(clumps), self._clumps)]
        return [_different(parts[place]) for place in rng.permutation(len(parts))]


def _different(clumps: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.unique(clumps[clumps != ABSENT])
