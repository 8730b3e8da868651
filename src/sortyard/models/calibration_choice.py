"""Choose how to calibrate by what predicts best on rows that were held out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from sortyard.models.calibration import (
    FEWEST_ROWS,
    Calibrator,
    IndependentCalibrator,
    LabelIndices,
    LabelMatrix,
    Logits,
    Probabilities,
    Temperature,
    evenly,
)
from sortyard.models.independent import Curves, Sigmoids
from sortyard.models.isotonic import Isotonic
from sortyard.models.platt import Platt

Fitted = TypeVar("Fitted", Calibrator, IndependentCalibrator)
Truth: TypeAlias = NDArray[Any]  # label indices (texts,), or a label matrix (texts, labels)
Fit: TypeAlias = Callable[[Logits, Truth], Fitted]
Folds: TypeAlias = NDArray[np.integer]  # (texts,), which fold each text was held out with

_LEAST_CHANCE = 1e-12  # a certain and wrong answer costs much, not everything
_LOGITS_TO_COMPARE = 1_500_000  # 10,000 texts with 150 labels


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Fitted]):
    """The calibrator that won, fitted on all rows, and what each one scored where held out."""

    calibrator: Fitted
    log_losses: Mapping[str, float]  # mean over the texts; empty when there was no contest
    reason: str


def choose_calibrator(logits: Logits, truth: LabelIndices, *, folds: Folds) -> Chosen[Calibrator]:
    """
    Choose between temperature, Platt and isotonic by held-out log loss.

    The logits `(texts, labels)` must themselves be out of fold. Each calibrator is fitted on all
    folds but one and judged on that one. A richer one wins only where its gain exceeds the gain's
    own standard error; the winner is then fitted on all rows. Raises `NotEnoughData` when there is
    no text at all.
    """
    fits: dict[str, Fit[Calibrator]] = {
        Temperature.kind: Temperature.fit,
        Platt.kind: Platt.fit,
        Isotonic.kind: Isotonic.fit,
    }
    return _choose(fits, _log_losses, logits, truth, folds)


def choose_independent(
    logits: Logits, truth: LabelMatrix, *, folds: Folds
) -> Chosen[IndependentCalibrator]:
    """
    Choose between one sigmoid for all labels, one each, and rising curves, by held-out log loss.

    For a `multi` dimension; the rules are those of `choose_calibrator`, and a text's loss is the
    sum over its labels.
    """
    fits: dict[str, Fit[IndependentCalibrator]] = {
        "shared-sigmoid": Sigmoids.fit_shared,
        Sigmoids.kind: Sigmoids.fit,
        Curves.kind: Curves.fit,
    }
    return _choose(fits, _independent_log_losses, logits, truth, folds)


def _choose(
    fits: Mapping[str, Fit[Fitted]],
    losses_of: Callable[[Probabilities, Truth], NDArray[np.float64]],
    logits: Logits,
    truth: Truth,
    folds: Folds,
) -> Chosen[Fitted]:
    simplest = next(iter(fits))
    if len(truth) < FEWEST_ROWS or len(np.unique(folds)) == 1:
        reason = f"{len(truth)} rows in {len(np.unique(folds))} folds are too few to compare"
        return Chosen(fits[simplest](logits, truth), {}, reason)
    kept = evenly(len(truth), max(_LOGITS_TO_COMPARE // max(logits.shape[1], 1), 2_000))
    contest = {
        name: _held_out(fit, losses_of, logits[kept], truth[kept], folds[kept])
        for name, fit in fits.items()
    }
    winner = simplest
    for name, losses in contest.items():
        gain = contest[winner] - losses
        if gain.mean() > gain.std() / sqrt(len(gain)):
            winner = name
    means = {name: float(losses.mean()) for name, losses in contest.items()}
    reason = f"the simplest of those that nothing clearly beats on {len(kept)} held-out rows"
    return Chosen(fits[winner](logits, truth), means, reason)


def _held_out(
    fit: Fit[Fitted],
    losses_of: Callable[[Probabilities, Truth], NDArray[np.float64]],
    logits: Logits,
    truth: Truth,
    folds: Folds,
) -> NDArray[np.float64]:
    losses = np.empty(len(truth))
    for fold in np.unique(folds):
        out = folds == fold
        chances = fit(logits[~out], truth[~out]).probabilities(logits[out])
        losses[out] = losses_of(chances, truth[out])
    return losses


def _log_losses(chances: Probabilities, truth: Truth) -> NDArray[np.float64]:
    of_truth = chances[np.arange(len(truth)), truth].astype(np.float64)
    losses: NDArray[np.float64] = -np.log(np.maximum(of_truth, _LEAST_CHANCE))
    return losses


def _independent_log_losses(chances: Probabilities, truth: Truth) -> NDArray[np.float64]:
    of_truth = np.where(truth, chances, 1.0 - chances).astype(np.float64)
    losses: NDArray[np.float64] = -np.log(np.maximum(of_truth, _LEAST_CHANCE)).sum(axis=1)
    return losses
