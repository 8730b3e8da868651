"""
Data sets that could have been drawn instead, for all figures of agreement at once.

Messages are dealt at random into at most `MOST` lots, and whole lots are drawn with replacement:
with up to as many messages this is the bootstrap over messages [Efron & Tibshirani 1993], with more
it is that of random groups [Wolter 2007, ch. 2], whose intervals are as wide within some 3 %. What
a figure needs is summed over lots once, so that a draw costs the same however many votes there are.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from sortyard.data.votes import Codes, Votes
from sortyard.evaluation.agreement.distances import Floats

MOST: Final = 500


@dataclass(frozen=True, slots=True, eq=False)
class Lots:
    """
    The lot of each message, and how often each lot is in each data set.

    `lot` (messages,) is -1 where fewer than two people saw a message: no figure rests on it. The
    first row of `draws` (1 + replicates, lots) is the file itself, each lot once.
    """

    lot: Codes
    draws: Floats

    @classmethod
    def deal(cls, votes: Votes, *, rng: np.random.Generator, replicates: int) -> Self:
        """Deal the messages that two or more people saw."""
        seen = np.flatnonzero(votes.votes_per_message > 1)
        lots = min(len(seen), MOST)
        lot = np.full(len(votes.messages), -1, dtype=np.intp)
        lot[rng.permutation(seen)] = np.arange(len(seen)) % max(lots, 1)
        drawn = rng.multinomial(lots, np.full(lots, 1.0 / max(lots, 1)), size=replicates)
        return cls(lot, np.vstack([np.ones((1, lots)), drawn]))

    @property
    def messages(self) -> int:
        return int((self.lot >= 0).sum())

    def sums(self, message: Codes, weights: NDArray[np.generic] | None = None) -> Floats:
        """Sum over lots what single messages have, (lots,); their lots must exist."""
        lots = self.draws.shape[1]
        summed = np.bincount(self.lot[message], weights=weights, minlength=lots)
        return np.asarray(summed, dtype=np.float64)

    def table(self, message: Codes, column: Codes, weights: Floats | None, columns: int) -> Floats:
        """Sum over lots and columns, (lots, columns)."""
        lots = self.draws.shape[1]
        flat = np.bincount(
            self.lot[message] * columns + column, weights=weights, minlength=lots * columns
        )
        return flat.reshape(lots, columns).astype(np.float64)
