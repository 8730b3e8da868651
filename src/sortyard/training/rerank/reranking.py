"""Whether a cross-encoder pays in a dimension, where, and how much it counts, by held-out rows."""

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sortyard.models.line import Judged
from sortyard.models.reranker import Reranking
from sortyard.training.leads import learn_lead
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.gains import LEAST, Gain, gain_of
from sortyard.training.rerank.rivalry import Rivalry


@dataclass(frozen=True, slots=True, kw_only=True)
class Reranked:
    """
    A reranking, and what the full line says with it of rows that were held out.

    `judged` (held out,) marks the rows of which that is known.
    """

    reranking: Reranking
    held_out: Judged
    judged: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    What held-out messages become by a reranking, each with parameters learnt without its fold.

    `probabilities` (held out, labels) are what they become if every message asked about is read.
    `margin` is the cheapest one that is not worse than that.
    """

    probabilities: NDArray[np.float32]
    margin: float
    gain: Gain


def try_reranking(rivalry: Rivalry, scores: NDArray[np.float32], recipe: Recipe) -> Trial:
    """
    Say what held-out pair scores (asked, most) are worth in one dimension.

    They pay if held-out messages gain by them: in log loss, by more than the gain's own standard
    error and against a sharpness alone, and in accuracy; unless confidences become clearly worse
    calibrated. The margin is the cheapest one at which the answers are not worse than if every
    message asked about were read, as `learn_lead` has it.
    """
    whole = _shared(rivalry, scores, _by_others(rivalry, scores))
    unread = np.zeros_like(scores)
    sharpened = _shared(rivalry, unread, _by_others(rivalry, unread))
    margin = _margin(rivalry, whole, recipe)
    gain = gain_of(rivalry, sharpened, whole, margin)
    return Trial(probabilities=whole, margin=margin, gain=gain)


def fit_reranking(
    rivalry: Rivalry, scores: NDArray[np.float32], recipe: Recipe
) -> tuple[Reranked | None, Gain]:
    """
    Learn sharpness, weight and margin of one dimension from held-out pair scores (asked, most).

    Sharpness and weight have the least log loss. There is no reranking where none pays
    (`try_reranking`).
    """
    trial = try_reranking(rivalry, scores, recipe)
    if not trial.gain.pays:
        return None, trial.gain
    sharpness, weight = fit_shares(rivalry, scores, np.ones(len(scores), dtype=np.bool_))
    reranking = Reranking(
        cards=rivalry.cards,
        most=rivalry.most,
        margin=trial.margin,
        sharpness=sharpness,
        weight=weight,
        examples=rivalry.beside is not None,
    )
    full = rivalry.full
    shares = np.tile([sharpness, weight], (len(scores), 1))
    served = np.where(
        (rivalry.leads < trial.margin)[:, None],
        _shared(rivalry, scores, shares),
        full.probabilities,
    )
    held_out = Judged(served, full.novelty)
    return Reranked(reranking=reranking, held_out=held_out, judged=rivalry.sampled), trial.gain


def fit_shares(
    rivalry: Rivalry, scores: NDArray[np.float32], kept: NDArray[np.bool_]
) -> tuple[float, float]:
    """
    Find sharpness and weight with the least log loss on some of the messages asked about.

    The loss is convex in the two. A message whose label is no candidate has nothing to say.
    """
    found = rivalry.columns
    kept = kept & (found >= 0) & rivalry.fair[rivalry.asked]
    if not kept.any():
        return 1.0, 0.0
    logs = np.log(np.maximum(rivalry.held[kept].astype(np.float64), LEAST))
    known = scores[kept].astype(np.float64)
    scale = float(known.std()) or 1.0  # so that both are found with as many digits
    stack = np.stack([logs, known / scale])
    fitted = minimize(
        _loss,
        np.array([1.0, 0.0]),
        args=(stack, found[kept]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, None)] * 2,
    )
    return float(fitted.x[0]), float(fitted.x[1]) / scale


def _loss(
    shares: NDArray[np.float64], stack: NDArray[np.float64], columns: NDArray[np.intp]
) -> tuple[float, NDArray[Any]]:
    rows = np.arange(len(columns))
    logits = np.tensordot(shares, stack, axes=1)
    logits -= logits.max(axis=1, keepdims=True)
    at_truth = logits[rows, columns]
    chances = np.exp(logits)
    totals = chances.sum(axis=1, keepdims=True)
    chances /= totals
    slope = [(chances * view).sum(axis=1).mean() - view[rows, columns].mean() for view in stack]
    return float((np.log(totals[:, 0]) - at_truth).mean()), np.array(slope)


def _by_others(rivalry: Rivalry, scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give every message the sharpness and weight that all other folds bear out, (asked, 2)."""
    folds = rivalry.folds[rivalry.asked]
    shares = np.empty((len(scores), 2))
    for fold in np.unique(folds):
        shares[folds == fold] = fit_shares(rivalry, scores, folds != fold)
    return shares


def _shared(
    rivalry: Rivalry, scores: NDArray[np.float32], shares: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Share out the probability of the candidates of all that is asked about, (held out, all)."""
    probabilities = rivalry.full.probabilities.copy()
    for pair in np.unique(shares, axis=0):
        at = np.flatnonzero((shares == pair).all(axis=1))
        rows = rivalry.asked[at]
        reranking = Reranking(
            cards=rivalry.cards,
            most=rivalry.most,
            margin=inf,
            sharpness=float(pair[0]),
            weight=float(pair[1]),
        )
        probabilities[rows] = reranking.rerank(
            probabilities[rows], rivalry.candidates[at], scores[at]
        )
    return probabilities


def _margin(rivalry: Rivalry, whole: NDArray[np.float32], recipe: Recipe) -> float:
    """Choose the smallest margin that is not worse, and none above what was asked about."""
    fair = rivalry.fair & rivalry.sampled
    full = rivalry.full.probabilities[fair]
    novelty = np.zeros(len(full))  # what looks strange is no reason to read cards
    cuts = np.full(full.shape[1], 0.5, dtype=np.float32)
    margin = learn_lead(
        rivalry.truth.take(fair),
        Judged(full, novelty),
        Judged(whole[fair], novelty),
        cuts=cuts,
        tolerance=recipe.tolerance,
    )
    return min(margin, rivalry.ceiling)
