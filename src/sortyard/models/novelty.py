"""
How unlike everything seen a message is.

The familiarity of a text is the best score that any known label gives it, before probabilities are
made of the scores: a probability only compares labels, and is high for the least bad of them. Its
rank among the familiarities of known messages that were held out is a conformal p-value (Vovk,
Gammerman & Shafer 2005): novelty is one minus it.

A known message that carries no label, as a `multi` dimension may have them, is as familiar without
any score: where more of them are known than the limit allows false alarms, a low score is no news.
Otherwise exactly the ordinary ones would seem strange, since they score lowest.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

POINTS = 1_001  # a tenth of a percent apart
NO_SCORE = -1e30  # below every score, and finite, so that a quantile can lie beside it


@dataclass(frozen=True, slots=True)
class Familiarity:
    """Quantiles of the familiarity of known messages, rising."""

    quantiles: NDArray[np.float32]  # (POINTS,)

    @classmethod
    def fit(
        cls, held_out: NDArray[np.floating], unlabelled: NDArray[np.bool_] | None = None
    ) -> Self:
        """
        Learn what known messages look like, from scores (texts,) that were made out of fold.

        `unlabelled` (texts,) tells which of them carry no label at all.
        """
        scores = held_out if unlabelled is None else np.where(unlabelled, NO_SCORE, held_out)
        known = scores[np.isfinite(scores)]
        if not len(known):
            return cls(np.zeros(POINTS, dtype=np.float32))
        return cls(np.quantile(known, np.linspace(0.0, 1.0, POINTS)).astype(np.float32))

    def novelty(self, familiarity: NDArray[np.floating]) -> NDArray[np.float64]:
        """
        Give the share of known messages that are more familiar, between 0 and 1.

        A limit of 0.96 raises a false alarm for four known messages in a hundred.
        """
        below = np.interp(familiarity, self.quantiles, np.linspace(0.0, 1.0, len(self.quantiles)))
        below = np.where(familiarity < self.quantiles[0], 0.0, below)
        return 1.0 - below
