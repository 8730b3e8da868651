"""How much each view counts: the weights with the least log loss on held-out scores."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sortyard.domain.taxonomy import Kind
from sortyard.models.calibration import evenly, rows_within
from sortyard.models.descent import Descent
from sortyard.models.heads import Scores
from sortyard.training.branches import branches
from sortyard.training.truth import Truth

ROWS = 20_000  # a handful of weights is known to three digits from far fewer
MOST_SCORES = 3_000_000  # of one view


def fit_fusion(
    views: Sequence[Scores], truth: Truth, descent: Descent | None = None
) -> tuple[float, ...]:
    """
    Weigh out-of-fold scores (rows, labels) of several views; no weight is negative.

    Late fusion by stacking (Wolpert 1992). A `multi` dimension also fits one bias, which its
    calibrator finds again, so it is not kept. With a descent the scores are those of its columns.
    Where nothing was held out, all count the same.
    """
    if not len(truth):
        return (1.0,) * len(views)
    kept = evenly(len(truth), min(ROWS, rows_within(MOST_SCORES, views[0])))
    part = truth.take(kept)
    stack = np.stack([view[kept] for view in views])
    single = truth.kind is Kind.SINGLE
    loss: Any = single_loss if single else multi_loss
    args: tuple[Any, ...] = (stack, part.held)
    if descent is not None:
        choices = [
            (stack[:, one.rows, one.columns], one.truth.single) for one in branches(descent, part)
        ]
        loss, args = _loss_on_the_way, (choices, len(part))
    extra = [] if single else [-1.0]
    found = minimize(
        loss,
        np.array([1.0] * len(views) + extra),
        args=args,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None)] * len(views) + [(None, None)] * len(extra),
    )
    weights = tuple(float(weight) for weight in found.x[: len(views)])
    return weights if any(weights) else (1.0,) * len(views)


def single_loss(
    weights: NDArray[np.float64], stack: NDArray[np.float32], held: NDArray[np.intp]
) -> tuple[float, NDArray[np.float64]]:
    """Give the mean cross-entropy of the fused scores, and its slope along each weight."""
    rows = np.arange(len(held))
    scores = np.tensordot(weights.astype(np.float32), stack, axes=1)
    scores -= scores.max(axis=1, keepdims=True)
    at_truth = scores[rows, held]
    chances = np.exp(scores)
    totals = chances.sum(axis=1, keepdims=True)
    chances /= totals
    loss = float((np.log(totals[:, 0]) - at_truth).mean(dtype=np.float64))
    slope = [
        float(np.einsum("rl,rl->r", chances, view).mean() - view[rows, held].mean())
        for view in stack
    ]
    return loss, np.array(slope)


def _loss_on_the_way(
    weights: NDArray[np.float64],
    choices: Sequence[tuple[NDArray[np.float32], NDArray[np.intp]]],
    rows: int,
) -> tuple[float, NDArray[np.float64]]:
    """Sum the cross-entropy of all choices that a row has to make, for the mean over the rows."""
    loss, slope = 0.0, np.zeros(len(weights))
    for stack, held in choices:
        own, tilt = single_loss(weights, stack, held)
        loss += own * len(held) / rows
        slope += tilt * len(held) / rows
    return loss, slope


def multi_loss(
    weights: NDArray[np.float64], stack: NDArray[np.float32], held: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    """Give the mean binary cross-entropy, and its slope along each weight and the bias."""
    scores = np.tensordot(weights[:-1].astype(np.float32), stack, axes=1)
    scores += np.float32(weights[-1])
    losses = np.logaddexp(np.float32(0.0), scores) - np.where(held, scores, np.float32(0.0))
    wrong = 1.0 / (1.0 + np.exp(-np.clip(scores, -60.0, 60.0))) - held
    slope = [float((wrong * view).mean(dtype=np.float64)) for view in stack]
    return float(losses.mean(dtype=np.float64)), np.array([*slope, float(wrong.mean())])
