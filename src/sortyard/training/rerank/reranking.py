"""Whether a cross-encoder pays in a dimension, where, and how much it counts, by held-out rows."""

from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sortyard.evaluation.calibration import Calibration, calibration
from sortyard.models.line import Judged
from sortyard.models.reranker import Reranking
from sortyard.training.leads import learn_lead
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.rivalry import Rivalry
from sortyard.training.truth import Truth

LEAST = 1e-12  # a label that the line rules out
SLACK = 0.01  # of calibration error, before a gain in log loss counts for nothing
FEWEST_ROWS = 30  # below these, chance would choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """
    What a reranking brings on held-out messages, each with parameters learnt without its fold.

    Each pair of figures is of the full line alone, and with the reranking. `reads` is the share of
    these messages that it would read, were the encoder to read all.
    """

    rows: int
    log_loss: tuple[float, float]
    accuracy: tuple[float, float]
    calibration_error: tuple[float, float]
    reads: float
    pays: bool

    def told(self, name: str, most: int) -> str:
        """Say it in a sentence for a report."""
        if not self.pays:
            return f"{name!r} has no reranker, since none paid: {self.figures}."
        return (
            f"{name!r} has a reranker, which reads {self.reads:.1%} of what the encoder may read, "
            f"each with {most} cards: {self.figures}, were every close call read."
        )

    @property
    def figures(self) -> str:
        """What would be with it, instead of what is."""
        return (
            f"on {self.rows:,} held-out messages its log loss would be {self.log_loss[1]:.4f} "
            f"instead of {self.log_loss[0]:.4f}, its accuracy {self.accuracy[1]:.2%} instead of "
            f"{self.accuracy[0]:.2%}, and its calibration error {self.calibration_error[1]:.4f} "
            f"instead of {self.calibration_error[0]:.4f}"
        )


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
    gain = _gain(rivalry, sharpened, whole, margin)
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


def _gain(
    rivalry: Rivalry, sharpened: NDArray[np.float32], whole: NDArray[np.float32], margin: float
) -> Gain:
    fair = rivalry.fair & rivalry.sampled
    truth = rivalry.truth.take(fair)
    before, after = rivalry.full.probabilities[fair], whole[fair]
    if not len(truth):
        nothing = (0.0, 0.0)
        return Gain(
            rows=0,
            log_loss=nothing,
            accuracy=nothing,
            calibration_error=nothing,
            reads=0.0,
            pays=False,
        )
    losses = _losses(before, truth), _losses(after, truth)
    right = _right(before, truth), _right(after, truth)
    sure = _calibration(before, right[0]), _calibration(after, right[1])
    saved = _losses(sharpened[fair], truth) - losses[1]
    return Gain(
        rows=len(truth),
        log_loss=(float(losses[0].mean()), float(losses[1].mean())),
        accuracy=(float(right[0].mean()), float(right[1].mean())),
        calibration_error=(sure[0].ece, sure[1].ece),
        reads=float((rivalry.leads[fair] < margin).mean()),
        pays=bool(
            len(truth) >= FEWEST_ROWS
            and margin > 0.0
            and saved.mean() > saved.std() / sqrt(len(saved))
            and right[1].sum() > right[0].sum()
            and sure[1].ece <= max(sure[0].ece, sure[1].noise) + SLACK
        ),
    )


def _losses(probabilities: NDArray[np.float32], truth: Truth) -> NDArray[np.float64]:
    of_truth = probabilities[np.arange(len(truth)), truth.single].astype(np.float64)
    losses: NDArray[np.float64] = -np.log(np.maximum(of_truth, LEAST))
    return losses


def _right(probabilities: NDArray[np.float32], truth: Truth) -> NDArray[np.bool_]:
    right: NDArray[np.bool_] = probabilities.argmax(axis=1) == truth.single
    return right


def _calibration(probabilities: NDArray[np.float32], right: NDArray[np.bool_]) -> Calibration:
    confidence = probabilities.max(axis=1).astype(np.float64)
    return calibration(confidence, right, rng=np.random.default_rng(len(right)))
