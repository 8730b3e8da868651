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
from sortyard.training.heads.axes import Axes
from sortyard.training.heads.guesses import Guesses
from sortyard.training.truth import Truth

SCORES_AT_ONCE = 5_000_000  # bounds the memory: 20 MB for every array of scores
STEPS = 100
GRADIENT_TOLERANCE = 1e-6  # of the loss per row
LOSS_TOLERANCE = 1e-4  # relative; on real archives the held-out loss is at its best long before
MEMORY = 8  # steps that L-BFGS remembers
CURVATURE = 0.01  # of the loss along an axis, for each label, relative to its variance


def fit_meaning_head(  # noqa: PLR0913 -- what a fit rests on, by name
    vectors: NDArray[np.float32],
    truth: Truth,
    *,
    strength: float,
    axes: Axes | None = None,
    tolerance: float = LOSS_TOLERANCE,
    guesses: Guesses | None = None,
    balanced: bool = False,
) -> Head:
    """
    Fit one linear head by L-BFGS (Liu & Nocedal 1989) on vectors (rows, width).

    `strength` is the inverse of the penalty, scikit-learn's C. With `balanced` rare labels weigh as
    much as frequent ones, as `Truth.balance` says. The descent goes along the `axes` of the
    vectors, each scaled by about the square root of the curvature there, which takes a third of the
    steps and leads to the same place. Axes of more vectors than these serve as well. A `single`
    dimension may learn from `guesses` of other rows too.
    """
    axes = axes or Axes.of(vectors)
    penalty = 1.0 / strength
    counts = len(vectors) + (0.0 if guesses is None else float(guesses.shares.sum()))
    bend = CURVATURE / truth.count * counts * axes.variances + penalty
    turn = axes.directions / np.sqrt(bend)
    width = turn.shape[1]

    def turned(rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray((rows - axes.centre) @ turn.astype(np.float32), dtype=np.float32)

    found = minimize(
        Objective(
            turned(vectors),
            truth,
            penalty / bend,
            None if guesses is None else Guesses(turned(guesses.vectors), guesses.shares),
            weights=truth.balance() if balanced else None,
        ),
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

    `penalties` is one for all weights or one for each direction, (width,); `guesses` are in the
    same directions. `weights` of labels are as `Truth.balance` gives them.
    """

    def __init__(
        self,
        vectors: NDArray[np.float32],
        truth: Truth,
        penalties: float | NDArray[np.float64],
        guesses: Guesses | None = None,
        *,
        weights: NDArray[np.float32] | None = None,
    ) -> None:
        self._vectors = vectors
        self._truth = truth
        self._guesses = guesses
        self._weights = weights
        self._penalties = np.broadcast_to(penalties, vectors.shape[1:])[:, None]

    def __call__(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        rows, width = self._vectors.shape
        counts = float(rows)
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
        if self._guesses is not None:
            total += self._guessed(self._guesses, table, gradient)
            counts += float(self._guesses.shares.sum())
        gradient[:-1] += self._penalties * exact[:-1]
        total += 0.5 * float((self._penalties * exact[:-1] ** 2).sum())
        return total / counts, gradient.ravel() / counts

    def _guessed(
        self, guesses: Guesses, table: NDArray[np.float32], gradient: NDArray[np.float64]
    ) -> float:
        """Give the loss of what is guessed, and add its slope to the gradient."""
        total = 0.0
        at_once = max(SCORES_AT_ONCE // self._truth.count, 1)
        for start in range(0, len(guesses), at_once):
            part = slice(start, start + at_once)
            scores = guesses.vectors[part] @ table[:-1]
            scores += table[-1]
            loss, slope = guesses.loss(scores, part)
            total += loss
            gradient[:-1] += guesses.vectors[part].T @ slope
            gradient[-1] += slope.sum(axis=0)
        return total

    def _loss(self, scores: Scores, rows: slice) -> tuple[float, Scores]:
        if self._truth.kind is Kind.SINGLE:
            held = self._truth.single[rows]
            weights = None if self._weights is None else self._weights[held]
            return _softmax_loss(scores, held, weights)
        carried = self._truth.matrix[rows]
        if self._weights is None:
            return _sigmoid_loss(scores, carried, None)
        absent, present = self._weights
        cells = np.where(carried, present, absent).astype(np.float32)
        return _sigmoid_loss(scores, carried, cells)


def _softmax_loss(
    scores: Scores, held: NDArray[np.intp], weights: NDArray[np.float32] | None
) -> tuple[float, Scores]:
    """Cross-entropy summed over rows of some weight, and its slope; overwrites `scores`."""
    rows = np.arange(len(held))
    scores -= scores.max(axis=1, keepdims=True)
    at_truth = scores[rows, held]
    np.exp(scores, out=scores)
    totals = scores.sum(axis=1)
    losses = np.log(totals) - at_truth
    scores /= totals[:, None]
    scores[rows, held] -= 1.0
    if weights is not None:
        losses *= weights
        scores *= weights[:, None]
    return float(losses.sum(dtype=np.float64)), scores


def _sigmoid_loss(
    scores: Scores, held: NDArray[np.bool_], weights: NDArray[np.float32] | None
) -> tuple[float, Scores]:
    """Binary cross-entropy summed over rows and labels of some weight, and its slope."""
    losses = np.logaddexp(np.float32(0.0), scores) - np.where(held, scores, np.float32(0.0))
    slope = 1.0 / (1.0 + np.exp(-np.clip(scores, -60.0, 60.0))) - held
    if weights is not None:
        losses, slope = losses * weights, slope * weights
    return float(losses.sum(dtype=np.float64)), slope.astype(np.float32)
