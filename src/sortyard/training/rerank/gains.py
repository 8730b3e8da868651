"""What a reranking brings on messages that were held out."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sortyard.evaluation.calibration import Calibration, calibration
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


def gain_of(
    rivalry: Rivalry, sharpened: NDArray[np.float32], whole: NDArray[np.float32], margin: float
) -> Gain:
    """Compare what a line says of held-out messages alone, and with what was read `whole`."""
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
