"""Calibrate by a straight line through the logits: one scale, and a step for every label."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import InvalidSettings
from sortyard.models.calibration import (
    FEWEST_ROWS,
    SOURCE,
    LabelIndices,
    Logits,
    Probabilities,
    Stored,
    Temperature,
    below_row_best,
    best_wrong,
    evenly,
    number,
    numbers,
    rows_within,
    share_of_a_mistake,
    softmax,
)

_LOGITS_FOR_A_FIT = 1_500_000  # 10,000 texts with 150 labels
_STEP_SPREAD = 0.5  # how far, in log-odds, a label's own step lies from none before seeing data
_MOST_ROUNDS = 40


@dataclass(frozen=True, slots=True)
class Platt:
    """
    Divides the logits by one temperature and adds a step for each label.

    This is the vector scaling of Guo et al. 2017 with one shared scale, the many-label form of
    Platt 1999. A label's step mends what the model thinks of it on average, so unlike `Temperature`
    it MAY change which label is best where two are close; it never changes the order of two texts
    in the odds between two labels. Steps are pulled towards zero (a normal prior), so a label with
    few rows keeps almost none.
    """

    kind: ClassVar[str] = "platt"

    temperature: float
    steps: tuple[float, ...]  # (labels,)
    _steps: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_steps", np.asarray(self.steps, dtype=np.float64))
        Temperature(self.temperature)  # refuses what is no temperature
        if not np.isfinite(self._steps).all():
            raise InvalidSettings(SOURCE, ["the steps of a calibrator are numbers"])

    @classmethod
    def fit(cls, logits: Logits, truth: LabelIndices) -> Self:
        """
        Choose temperature and steps with the lowest log loss on held-out texts.

        Starts from the best temperature; with fewer than `FEWEST_ROWS` texts it stays there.
        Raises `NotEnoughData` when there is no text at all.
        """
        start = Temperature.fit(logits, truth)
        labels = logits.shape[1]
        if len(truth) < FEWEST_ROWS or labels == 1:
            return cls(start.value, (0.0,) * labels)
        kept = evenly(len(truth), rows_within(_LOGITS_FOR_A_FIT, logits))
        doubt = share_of_a_mistake(len(truth))
        loss = _LogLoss.of(below_row_best(logits[kept]) / start.value, truth[kept], doubt)
        from scipy.optimize import minimize  # noqa: PLC0415 -- only who fits waits for it

        found = minimize(
            loss,
            np.concatenate([[1.0], np.zeros(labels)]),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.05, 20.0)] + [(-10.0, 10.0)] * labels,
            options={"maxiter": _MOST_ROUNDS, "ftol": 1e-7},
        )
        return cls(start.value / float(found.x[0]), tuple(map(float, found.x[1:])))

    def probabilities(self, logits: Logits) -> Probabilities:
        scaled = below_row_best(logits)
        scaled /= self.temperature
        scaled += self._steps
        return softmax(scaled)

    def to_dict(self) -> dict[str, object]:
        return {"kind": self.kind, "temperature": self.temperature, "steps": list(self.steps)}

    @classmethod
    def from_dict(cls, stored: Stored) -> Self:
        return cls(number(stored, "temperature"), numbers(stored, "steps"))


@dataclass(frozen=True, slots=True)
class _LogLoss:
    """The mean log loss with its prior, and its slope, at a scale and a step for each label."""

    logits: NDArray[np.float32]  # (texts, labels), each row's best is zero
    goal: NDArray[np.float64]  # (labels,) the share of the texts that each label should get
    goal_logit: float  # the mean logit of what should be answered

    @classmethod
    def of(cls, logits: Logits, truth: LabelIndices, doubt: float) -> Self:
        rows = np.arange(len(truth))
        labels = logits.shape[1]
        mistakes, mistaken_logits = best_wrong(logits, truth)
        right = np.bincount(truth, minlength=labels) / len(truth)
        wrong = np.bincount(mistakes, minlength=labels) / len(truth)
        return cls(
            logits=logits.astype(np.float32),
            goal=(1.0 - doubt) * right + doubt * wrong,
            goal_logit=float(
                (1.0 - doubt) * logits[rows, truth].mean() + doubt * mistaken_logits.mean()
            ),
        )

    def __call__(self, at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scale, steps = np.float32(at[0]), at[1:]
        texts = len(self.logits)
        chances = np.exp(scale * self.logits + steps.astype(np.float32))
        total = chances.sum(axis=1)
        weights = 1.0 / (total * texts)
        mean_chances = weights @ chances
        mean_logit = float(weights @ np.einsum("ij,ij->i", chances, self.logits))
        pull = 1.0 / (_STEP_SPREAD**2 * texts)
        loss = float(np.log(total).mean()) - float(scale) * self.goal_logit
        loss += float(0.5 * pull * steps @ steps - steps @ self.goal)
        slope = np.empty(len(at))
        slope[0] = mean_logit - self.goal_logit
        slope[1:] = mean_chances - self.goal + pull * steps
        return loss, slope
