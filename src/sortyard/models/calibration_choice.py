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
    rows_within,
)
from sortyard.models.independent import Curves, Sigmoids
from sortyard.models.isotonic import Isotonic
from sortyard.models.platt import Platt

Fitted = TypeVar("Fitted", Calibrator, IndependentCalibrator)
Truth: TypeAlias = NDArray[Any]  # label indices (texts,), or a label matrix (texts, labels)
Fit: TypeAlias = Callable[[Logits, Truth], Fitted]
Folds: TypeAlias = NDArray[np.integer]  # (texts,), which fold each text was held out with

_LEAST_CHANCE = 1e-12  # a certain and wrong answer costs much, not everything


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
    contest: _Contest[Calibrator] = _Contest(
        {
            Temperature.kind: Temperature.fit,
            Platt.kind: Platt.fit,
            Isotonic.kind: Isotonic.fit,
        },
        _log_losses,
        most_logits=1_000_000,  # 6,700 texts with 150 labels
    )
    return contest.winner(logits, truth, folds)


def choose_independent(
    logits: Logits, truth: LabelMatrix, *, folds: Folds
) -> Chosen[IndependentCalibrator]:
    """
    Choose between one sigmoid for all labels, one each, and rising curves, by held-out log loss.

    For a `multi` dimension; the rules are those of `choose_calibrator`, and a text's loss is the
    sum over its labels.
    """
    contest: _Contest[IndependentCalibrator] = _Contest(
        {
            "shared-sigmoid": Sigmoids.fit_shared,
            Sigmoids.kind: Sigmoids.fit,
            Curves.kind: Curves.fit,
        },
        _independent_log_losses,
        most_logits=500_000,
    )
    return contest.winner(logits, truth, folds)


@dataclass(frozen=True, slots=True)
class _Contest(Generic[Fitted]):
    """Who takes part, simplest first; how a text's loss is counted; on how many logits at most."""

    fits: Mapping[str, Fit[Fitted]]
    losses_of: Callable[[Probabilities, Truth], NDArray[np.float64]]
    most_logits: int

    def winner(self, logits: Logits, truth: Truth, folds: Folds) -> Chosen[Fitted]:
        simplest = next(iter(self.fits))
        if len(truth) < FEWEST_ROWS or len(np.unique(folds)) == 1:
            reason = f"{len(truth)} rows in {len(np.unique(folds))} folds are too few to compare"
            return Chosen(self.fits[simplest](logits, truth), {}, reason)
        kept = evenly(len(truth), rows_within(self.most_logits, logits))
        losses = {
            name: self._held_out(fit, logits[kept], truth[kept], folds[kept])
            for name, fit in self.fits.items()
        }
        best = simplest
        for name, found in losses.items():
            gain = losses[best] - found
            if gain.mean() > gain.std() / sqrt(len(gain)):
                best = name
        reason = f"the simplest of those that nothing clearly beats on {len(kept)} held-out rows"
        means = {name: float(found.mean()) for name, found in losses.items()}
        return Chosen(self.fits[best](logits, truth), means, reason)

    def _held_out(
        self, fit: Fit[Fitted], logits: Logits, truth: Truth, folds: Folds
    ) -> NDArray[np.float64]:
        losses = np.empty(len(truth))
        for fold in np.unique(folds):
            out = folds == fold
            chances = fit(logits[~out], truth[~out]).probabilities(logits[out])
            losses[out] = self.losses_of(chances, truth[out])
        return losses


def _log_losses(chances: Probabilities, truth: Truth) -> NDArray[np.float64]:
    of_truth = chances[np.arange(len(truth)), truth].astype(np.float64)
    losses: NDArray[np.float64] = -np.log(np.maximum(of_truth, _LEAST_CHANCE))
    return losses


def _independent_log_losses(chances: Probabilities, truth: Truth) -> NDArray[np.float64]:
    of_truth = np.where(truth, chances, 1.0 - chances).astype(np.float64)
    losses: NDArray[np.float64] = -np.log(np.maximum(of_truth, _LEAST_CHANCE)).sum(axis=1)
    return losses
