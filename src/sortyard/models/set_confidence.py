"""How likely it is that exactly the right labels were answered, none missing and none too many."""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.models.calibration import LabelMatrix, Probabilities, Stored
from sortyard.models.independent import Sigmoids, sigmoid

LogOdds: TypeAlias = NDArray[np.float64]

_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class SetConfidence:
    """
    Turns the labels' own probabilities into one for the answered set as a whole.

    If labels were independent it would be the product of each one's chance of being judged rightly.
    They are not, so a sigmoid over that product's log-odds, fitted on held-out answers, mends it.
    """

    line: Sigmoids

    @classmethod
    def fit(cls, probabilities: Probabilities, answered: LabelMatrix, truth: LabelMatrix) -> Self:
        """Learn from held-out probabilities, answers and truth, all `(texts, labels)`."""
        right = (answered == truth).all(axis=1)
        return cls(Sigmoids.fit_shared(_log_odds(probabilities, answered)[:, None], right[:, None]))

    def __call__(self, probabilities: Probabilities, answered: LabelMatrix) -> NDArray[np.float64]:
        """Give the chance that each text's answered set is right, `(texts,)`."""
        odds = _log_odds(probabilities, answered)
        return np.asarray(sigmoid(odds * self.line.scales[0] + self.line.steps[0]), np.float64)

    def to_dict(self) -> dict[str, object]:
        return self.line.to_dict()

    @classmethod
    def from_dict(cls, stored: Stored) -> Self:
        return cls(Sigmoids.from_dict(stored))


def _log_odds(probabilities: Probabilities, answered: LabelMatrix) -> LogOdds:
    judged = np.where(answered, probabilities, 1.0 - probabilities).astype(np.float64)
    log_chance = np.log(np.clip(judged, _LEAST, 1.0)).sum(axis=1)
    log_chance = np.minimum(log_chance, np.log1p(-_LEAST))
    odds: LogOdds = log_chance - np.log(-np.expm1(log_chance))
    return odds
