"""
Labels without rows, recognised by their text.

A label that nobody used yet has a card: its path, definition, includes and examples, embedded. How
far a cosine to a card can be trusted is learnt from the labels that do have rows: each of them is
recognised by its own card while its learnt scores are hidden, as if it were new.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.models.calibration import softmax
from sortyard.models.heads import Scores


@dataclass(frozen=True, slots=True)
class Cards:
    """
    Card vectors (cards, width) of the labels without rows, and how to read a cosine to them.

    The log-odds that a text belongs to a card's label are
    `slope * cosine + against * familiarity + offset`, where `familiarity` is the best score among
    the labels that have rows: what is well known is not new.
    """

    vectors: NDArray[np.float32]
    slope: float
    against: float
    offset: float

    @classmethod
    def none(cls, width: int) -> Self:
        return cls(np.empty((0, width), dtype=np.float32), 0.0, 0.0, 0.0)

    def log_odds(
        self, sentences: NDArray[np.float32], familiarity: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Give the log-odds of every card for every text, (texts, cards)."""
        cosines = sentences @ self.vectors.T
        odds: NDArray[np.float32] = (
            np.float32(self.slope) * cosines
            + np.float32(self.against) * familiarity[:, None]
            + np.float32(self.offset)
        )
        return odds

    def __len__(self) -> int:
        return len(self.vectors)


def share_belief(known: NDArray[np.floating], log_odds: Scores) -> NDArray[np.floating]:
    """
    Make room for new labels beside known ones, so that each row still sums to one.

    `known` (texts, labels) sums to one; the odds of new labels are against all known ones together.
    Where none is known, the new ones share all of it.
    """
    if not log_odds.shape[1]:
        return known
    if not known.shape[1]:
        return softmax(log_odds)
    odds = np.exp(np.minimum(log_odds, 50.0))
    total = 1.0 + odds.sum(axis=1, keepdims=True)
    return np.hstack([known / total, odds / total])
