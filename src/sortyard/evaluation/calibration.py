"""Whether a confidence of 0.90 is right nine times in ten."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.evaluation.outcomes import Confidences, Probabilities

BINS = 15
# Below this a probability of the truth counts as this much, so that one row cannot be infinite.
LEAST_PROBABILITY = float(np.finfo(np.float32).eps)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Messages of similar confidence: what was promised, and what was kept."""

    rows: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """
    Reliability by equal-mass bins, with the expected (ECE) and the largest gap.

    Even a perfect forecaster shows a gap on few rows: `noise` is the ECE that it would stay under
    nineteen times in twenty on rows with these confidences.
    """

    bins: tuple[ReliabilityBin, ...]
    ece: float
    largest_gap: float
    noise: float
    rows: int


def calibration(
    confidence: Confidences, right: NDArray[np.bool_], *, rng: np.random.Generator, bins: int = BINS
) -> Calibration:
    """
    Compare confidence with accuracy in bins of equal size [Nguyen & O'Connor 2015].

    Rows without a confidence are left out. Rows of equal confidence share their accuracy, so that
    their order cannot matter.
    """
    stated = ~np.isnan(confidence)
    if not stated.any():
        return Calibration(bins=(), ece=np.nan, largest_gap=np.nan, noise=np.nan, rows=0)
    binned = _Binned.of(confidence[stated], right[stated], bins)
    return Calibration(
        bins=tuple(
            ReliabilityBin(rows=int(size), confidence=float(one), accuracy=float(other))
            for size, one, other in zip(binned.sizes, binned.promised, binned.kept, strict=True)
        ),
        ece=binned.error(binned.kept),
        largest_gap=float(np.abs(binned.promised - binned.kept).max()),
        noise=_noise(binned, rng),
        rows=len(binned.sure),
    )


def expected_error(confidence: Confidences, right: NDArray[np.bool_], *, bins: int = BINS) -> float:
    """Measure the expected calibration error (ECE) alone, in bins of equal size."""
    if not len(confidence):
        return np.nan
    binned = _Binned.of(confidence, right, bins)
    return binned.error(binned.kept)


def brier(probabilities: Probabilities, truth: NDArray[np.bool_]) -> float:
    """
    Mean squared distance of forecast and truth, summed over labels [Brier 1950].

    Zero is perfect and two the worst. `truth` has shape (rows, labels); a row whose label the model
    does not have is a full miss.
    """
    scores = np.asarray(probabilities, dtype=np.float64)
    missing = ~truth.any(axis=1)
    return float((((scores - truth) ** 2).sum(axis=1) + missing).mean()) if len(scores) else np.nan


def log_loss(probabilities: Probabilities, truth: NDArray[np.intp]) -> float:
    """Mean surprise at the true label, in nats; -1 stands for one that the model does not have."""
    if not len(truth):
        return np.nan
    own = np.asarray(probabilities, dtype=np.float64)[np.arange(len(truth)), truth]
    known = np.where(truth >= 0, own, 0.0)
    return float(-np.log(np.clip(known, LEAST_PROBABILITY, 1.0)).mean())


def share_ties(
    sorted_keys: NDArray[np.floating], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give all rows of one key their mean value."""
    starts = np.flatnonzero(np.append(True, np.diff(sorted_keys) != 0))
    sizes = np.diff(np.append(starts, len(values)))
    means: NDArray[np.float64] = np.repeat(np.add.reduceat(values, starts) / sizes, sizes)
    return means


@dataclass(frozen=True, slots=True, kw_only=True)
class _Binned:
    """Rows in order of confidence, cut into bins of equal size."""

    sure: Confidences  # (rows,)
    starts: NDArray[np.intp]  # (bins,)
    sizes: NDArray[np.intp]  # (bins,)
    promised: NDArray[np.float64]  # (bins,)
    kept: NDArray[np.float64]  # (bins,)

    @classmethod
    def of(cls, confidence: Confidences, right: NDArray[np.bool_], bins: int) -> Self:
        order = np.argsort(confidence)
        sure = confidence[order]
        kept = share_ties(sure, right[order].astype(np.float64))
        edges = np.linspace(0, len(sure), min(bins, len(sure)) + 1).astype(np.intp)
        sizes = np.diff(edges)
        return cls(
            sure=sure,
            starts=edges[:-1],
            sizes=sizes,
            promised=np.add.reduceat(sure, edges[:-1]) / sizes,
            kept=np.add.reduceat(kept, edges[:-1]) / sizes,
        )

    def error(self, kept: NDArray[np.float64]) -> float:
        return float(np.abs(self.promised - kept) @ self.sizes / len(self.sure))


def _noise(binned: _Binned, rng: np.random.Generator, *, worlds: int = 200) -> float:
    """Let a perfect forecaster with these confidences play the same rows many times."""
    played = np.empty(worlds)
    for world in range(worlds):
        kept = (rng.random(len(binned.sure)) < binned.sure).astype(np.float64)
        played[world] = binned.error(np.add.reduceat(kept, binned.starts) / binned.sizes)
    return float(np.quantile(played, 0.95))
