"""How far a measured share can be from the true one: exact, Wilson's, and read off a bootstrap."""

from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure lies, with the stated assurance."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def lower_bounds(hits: ArrayLike, trials: ArrayLike, *, assurance: float = 0.95) -> Floats:
    """
    Find the shares that the true ones exceed with the stated assurance, one-sided.

    Exact for any number of trials (Clopper & Pearson 1934); 0 where there are none. `hits` and
    `trials` are counts of any shapes that go together.
    """
    k, n = np.broadcast_arrays(np.asarray(hits, np.float64), np.asarray(trials, np.float64))
    bounds: Floats = np.zeros(k.shape)
    some = k > 0.0
    bounds[some] = betaincinv(k[some], n[some] - k[some] + 1.0, 1.0 - assurance)
    return bounds


def upper_bounds(hits: ArrayLike, trials: ArrayLike, *, assurance: float = 0.95) -> Floats:
    """Find the shares that the true ones stay below, one-sided; 1 where there are no trials."""
    k, n = np.asarray(hits, np.float64), np.asarray(trials, np.float64)
    bounds: Floats = 1.0 - lower_bounds(n - k, n, assurance=assurance)
    return bounds


def lower_bound(hits: int, trials: int, *, assurance: float = 0.95) -> float:
    """Find the share that the true one exceeds with the stated assurance; see `lower_bounds`."""
    return float(lower_bounds(hits, trials, assurance=assurance))


def upper_bound(hits: int, trials: int, *, assurance: float = 0.95) -> float:
    """Find the share that the true one stays below with the stated assurance."""
    return float(upper_bounds(hits, trials, assurance=assurance))


def exact_interval(hits: int, trials: int, *, assurance: float = 0.95) -> Interval:
    """Enclose the true share between two exact bounds (Clopper & Pearson 1934)."""
    each_side = (1.0 + assurance) / 2.0
    return Interval(
        lower_bound(hits, trials, assurance=each_side),
        upper_bound(hits, trials, assurance=each_side),
    )


def wilson_interval(hits: int, trials: int, *, assurance: float = 0.95) -> Interval:
    """
    Enclose the true share with the stated assurance on average, not at worst (Wilson 1927).

    Narrower than the exact interval: for showing a figure, not for promising one.
    """
    if trials == 0:
        return Interval(0.0, 1.0)
    z = float(ndtri((1.0 + assurance) / 2.0))
    share, weight = hits / trials, z * z / trials
    middle = share + weight / 2.0
    half = z * sqrt(share * (1.0 - share) / trials + weight / (4.0 * trials))
    low = (middle - half) / (1.0 + weight) if hits else 0.0
    high = (middle + half) / (1.0 + weight) if hits < trials else 1.0
    return Interval(max(low, 0.0), min(high, 1.0))


def fewest_trials(target: float, *, assurance: float = 0.95) -> int:
    """Count the faultless trials that it takes to promise the target: 59 for 0.95 at 0.95."""
    return int(np.ceil(np.log1p(-assurance) / np.log(target) - 1e-9)) if target > 0.0 else 0


def percentile_interval(values: NDArray[np.floating], *, assurance: float = 0.95) -> Interval:
    """Enclose the middle share of bootstrap values `(draws,)`; the percentile interval."""
    tail = 100.0 * (1.0 - assurance) / 2.0
    low, high = np.percentile(values, [tail, 100.0 - tail])
    return Interval(float(low), float(high))
