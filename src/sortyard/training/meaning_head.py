"""
The head of the meaning view: one linear map for all labels at once.

A `single` dimension minimises the softmax cross-entropy, a `multi` one the sum of binary ones, both
with an L2 penalty. All labels share each matrix product, so that a step costs rows by width by
labels and nothing else; scikit-learn's own fit takes several times as long, above all for many
labels of a `multi` dimension, which it fits one by one.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sortyard.domain.taxonomy import Kind
from sortyard.models.heads import Head, Scores
from sortyard.training.axes import Axes
from sortyard.training.truth import Truth

SCORES_AT_ONCE = 5_000_000  # bounds the memory: 20 MB for every array of scores
STEPS = 100
GRADIENT_TOLERANCE = 1e-6  # of the loss per row
LOSS_TOLERANCE = 1e-4  # relative; on real archives the held-out loss is at its best long before
MEMORY = 8  # steps that L-BFGS remembers
CURVATURE = 0.01  # of the loss along an axis, for each label, relative to its variance


def fit_meaning_head(
    vectors: NDArray[np.float32],
    truth: Truth,
    *,
    strength: float,
    axes: Axes | None = None,
    tolerance: float = LOSS_TOLERANCE,
) -> Head:
    """
    Fit one linear head by L-BFGS (Liu & Nocedal 1989) on vectors (rows, width).

    `strength` is the inverse of the penalty, scikit-learn's C. The descent goes along the `axes` of
    the vectors, each scaled by about the square root of the curvature there, which takes a third of
    the steps and leads to the same place. Axes of more vectors than these serve as well.
    """
    axes = axes or Axes.of(vectors)
    penalty = 1.0 / strength
    bend = CURVATURE / truth.count * len(vectors) * axes.variances + penalty
    turn = axes.directions / np.sqrt(bend)
    width = turn.shape[1]
    found = minimize(
        Objective((vectors - axes.centre) @ turn.astype(np.float32), truth, penalty / bend),
        np.zeros((width + 1) * truth.count),
        jac=True,
        method="L-BFGS-B",
        options={
            "maxiter": STEPS,
            "gtol": GRADIENT_TOLERANCE,
            "ftol": tolerance,
            "maxcor": MEMORY,
        },
    )
    table = found.x.reshape(width + 1, truth.count)
    weights = np.ascontiguousarray(turn @ table[:-1], dtype=np.float32)
    return Head(weights, table[-1].astype(np.float32) - axes.centre @ weights)


class Objective:
    """
    The penalised loss per row and its slope, for flattened (width + 1, labels) parameters.

    `penalties` is one for all weights or one for each direction, (width,).
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        truth: Truth,
        penalties: float | NDArray[np.float64],
    ) -> None:
        self._vectors = vectors
        self._truth = truth
        self._penalties = np.broadcast_to(penalties, vectors.shape[1:])[:, None]

    def __call__(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        rows, width = self._vectors.shape
        exact = flat.reshape(width + 1, self._truth.count)
        table = exact.astype(np.float32)
        gradient = np.zeros_like(exact)
        total = 0.0
        at_once = max(SCORES_AT_ONCE // self._truth.count, 1)
        for start in range(0, rows, at_once):
            part = slice(start, start + at_once)
            scores = self._vectors[part] @ table[:-1]
            scores += table[-1]
            loss, slope = self._loss(scores, part)
            total += loss
            gradient[:-1] += self._vectors[part].T @ slope
            gradient[-1] += slope.sum(axis=0)
        gradient[:-1] += self._penalties * exact[:-1]
        total += 0.5 * float((self._penalties * exact[:-1] ** 2).sum())
        return total / rows, gradient.ravel() / rows

    def _loss(self, scores: Scores, rows: slice) -> tuple[float, Scores]:
        if self._truth.kind is Kind.SINGLE:
            return _softmax_loss(scores, self._truth.single[rows])
        return _sigmoid_loss(scores, self._truth.matrix[rows])


def _softmax_loss(scores: Scores, held: NDArray[np.intp]) -> tuple[float, Scores]:
    """Cross-entropy summed over rows, and its slope; overwrites `scores`."""
    rows = np.arange(len(held))
    scores -= scores.max(axis=1, keepdims=True)
    at_truth = scores[rows, held]
    np.exp(scores, out=scores)
    totals = scores.sum(axis=1)
    loss = float((np.log(totals) - at_truth).sum(dtype=np.float64))
    scores /= totals[:, None]
    scores[rows, held] -= 1.0
    return loss, scores


def _sigmoid_loss(scores: Scores, held: NDArray[np.bool_]) -> tuple[float, Scores]:
    """Binary cross-entropy summed over rows and labels, and its slope."""
    loss = np.logaddexp(np.float32(0.0), scores) - np.where(held, scores, np.float32(0.0))
    slope = 1.0 / (1.0 + np.exp(-np.clip(scores, -60.0, 60.0))) - held
    return float(loss.sum(dtype=np.float64)), slope.astype(np.float32)
