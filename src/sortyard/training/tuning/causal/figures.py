"""How well a tuned language model does on messages that it has not seen."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sortyard.evaluation.calibration import brier, calibration, expected_error, log_loss
from sortyard.evaluation.intervals import wilson_interval
from sortyard.evaluation.metrics import Confusion
from sortyard.evaluation.ranking import recall_at
from sortyard.models.calibration import Probabilities, softmax
from sortyard.training.tuning.causal.scoring import Scores

CANDIDATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalFigures:
    """
    What a test says.

    `ece` is the expected calibration error of the confidence, `ece_noise` what it would stay under
    nineteen times in twenty were the confidence perfect, and `ece_uncalibrated` that of the label
    probabilities as the model gives them, which nobody is told. `baseline` is the accuracy of
    something simple on the same rows.
    """

    rows: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    recall_at_5: float
    log_loss: float
    brier: float
    ece: float
    ece_noise: float
    ece_uncalibrated: float
    baseline: float

    @classmethod
    def of(  # noqa: PLR0913 -- what figures rest on, by name
        cls,
        scores: Scores,
        probabilities: Probabilities,
        truth: NDArray[np.intp],
        *,
        labels: Sequence[str],
        baseline: Sequence[str],
        rng: np.random.Generator,
    ) -> Self:
        """Measure scores and calibrated probabilities, (texts, labels), against (texts,)."""
        best = probabilities.argmax(axis=1)
        right = best == truth
        hits, rows = int(right.sum()), len(truth)
        interval = wilson_interval(hits, rows)
        names = [labels[label] for label in truth]
        raw = softmax(scores).max(axis=1).astype(np.float64)
        sure = probabilities.max(axis=1).astype(np.float64)
        stated = calibration(sure, right, rng=rng)
        held = np.zeros(probabilities.shape, dtype=np.bool_)
        held[np.arange(rows), truth] = True
        return cls(
            rows=rows,
            accuracy=hits / rows,
            accuracy_interval=(interval.low, interval.high),
            macro_f1=float(Confusion.of(names, [labels[one] for one in best]).counts().macro_f1),
            recall_at_5=recall_at(probabilities, truth, (CANDIDATES,))[CANDIDATES],
            log_loss=log_loss(probabilities, truth),
            brier=brier(probabilities, held),
            ece=stated.ece,
            ece_noise=stated.noise,
            ece_uncalibrated=expected_error(raw, scores.argmax(axis=1) == truth),
            baseline=sum(map(str.__eq__, names, baseline)) / rows,
        )

    @property
    def beats_baseline(self) -> bool:
        """Tell whether it is no worse than something simple."""
        return self.accuracy >= self.baseline

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
