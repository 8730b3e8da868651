"""Calibrate labels that hold independently of each other: several at once, or none."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import InvalidSettings, NotEnoughData
from sortyard.models.calibration import (
    FEWEST_ROWS,
    SOURCE,
    LabelMatrix,
    Logits,
    Probabilities,
    Stored,
    evenly,
    numbers,
    rows_within,
)
from sortyard.models.isotonic import Curve

_ENTRIES_FOR_A_FIT = 1_500_000
_ENTRIES_FOR_ONE_LINE = 150_000
_SPREAD = 0.5  # how far a label's own scale and step lie from the shared ones before seeing data
_FLATTEST, _STEEPEST = 0.05, 20.0  # a scale is never negative: order within a label is kept
_ROUNDS = 30
_STILL = 1e-4  # a Newton step this small changes no decision
_POSITIVES_FOR_A_CURVE = 50


@dataclass(frozen=True, slots=True)
class Sigmoids:
    """
    Puts each label's logit through its own rising sigmoid, `1 / (1 + exp(-(scale x + step)))`.

    The order of the texts within a label never changes. Source: Platt, "Probabilistic outputs for
    support vector machines", 1999, with his smoothed targets.
    """

    kind: ClassVar[str] = "sigmoids"

    scales: tuple[float, ...]  # (labels,)
    steps: tuple[float, ...]  # (labels,)
    _scales: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    _steps: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_scales", np.asarray(self.scales, dtype=np.float64))
        object.__setattr__(self, "_steps", np.asarray(self.steps, dtype=np.float64))
        if not (len(self.scales) == len(self.steps) and (self._scales > 0.0).all()):
            raise InvalidSettings(SOURCE, ["every label has one scale above 0 and one step"])

    @classmethod
    def fit_shared(cls, logits: Logits, truth: LabelMatrix) -> Self:
        """
        Choose one sigmoid for all labels; with fewer than `FEWEST_ROWS` texts, the plain one.

        Raises `NotEnoughData` when there is no text at all.
        """
        if not len(truth):
            raise NotEnoughData("fit a sigmoid", found=0, needed=1)
        labels = logits.shape[1]
        if len(truth) < FEWEST_ROWS:
            return cls((1.0,) * labels, (0.0,) * labels)
        pooled, held = _thinned(logits, truth, _ENTRIES_FOR_ONE_LINE)
        centre, spread = float(pooled.mean()), float(pooled.std()) or 1.0
        line = _fit_lines((pooled.reshape(-1, 1) - centre) / spread, held.reshape(-1, 1), pull=1e-3)
        scale = float(line[0, 0]) / spread
        return cls((scale,) * labels, (float(line[1, 0]) - scale * centre,) * labels)

    @classmethod
    def fit(cls, logits: Logits, truth: LabelMatrix) -> Self:
        """
        Choose a sigmoid for each label, pulled towards the shared one.

        The fewer positives a label has, the less it departs. Raises `NotEnoughData` when there is
        no text at all.
        """
        shared = cls.fit_shared(logits, truth)
        if len(truth) < FEWEST_ROWS:
            return shared
        scale, step = shared.scales[0], shared.steps[0]
        kept, held = _thinned(logits, truth, _ENTRIES_FOR_A_FIT)
        own = _fit_lines(kept * scale + step, held, pull=1.0 / _SPREAD**2)
        scales, steps = scale * own[0], step * own[0] + own[1]
        return cls(tuple(map(float, scales)), tuple(map(float, steps)))

    def probabilities(self, logits: Logits) -> Probabilities:
        with np.errstate(over="ignore"):  # infinite log-odds are a chance of 0 or 1
            return sigmoid(logits * self._scales + self._steps)

    def to_dict(self) -> dict[str, object]:
        return {"kind": self.kind, "scales": list(self.scales), "steps": list(self.steps)}

    @classmethod
    def from_dict(cls, stored: Stored) -> Self:
        return cls(numbers(stored, "scales"), numbers(stored, "steps"))


@dataclass(frozen=True, slots=True)
class Curves:
    """
    Reads each label's chance off a rising curve: its own where it has the positives, else shared.

    The order of the texts within a label never changes, though some become equal.
    """

    kind: ClassVar[str] = "curves"

    sigmoids: Sigmoids  # brings the labels to one footing, so that they can share a curve
    shared: Curve
    own: tuple[Curve | None, ...]  # (labels,)

    @classmethod
    def fit(cls, logits: Logits, truth: LabelMatrix) -> Self:
        """Fit the sigmoids first, then the curves over their chances."""
        sigmoids = Sigmoids.fit(logits, truth)
        kept, held = _thinned(logits, truth, _ENTRIES_FOR_A_FIT)
        chances = sigmoids.probabilities(kept)
        positives = held.sum(axis=0)
        own = tuple(
            Curve.fit(chances[:, label], held[:, label]) if enough else None
            for label, enough in enumerate(positives >= _POSITIVES_FOR_A_CURVE)
        )
        return cls(sigmoids, Curve.fit(chances.ravel(), held.ravel()), own)

    def probabilities(self, logits: Logits) -> Probabilities:
        chances = self.sigmoids.probabilities(logits)
        for label, curve in enumerate(self.own):
            chances[:, label] = (curve or self.shared)(chances[:, label])
        return chances

    def to_dict(self) -> dict[str, object]:
        stored = self.sigmoids.to_dict()
        stored |= {"kind": self.kind, "shared": self.shared.to_dict()}
        stored["own"] = [curve.to_dict() if curve else None for curve in self.own]
        return stored

    @classmethod
    def from_dict(cls, stored: Stored) -> Self:
        own = stored.get("own")
        if not isinstance(own, list):
            raise InvalidSettings(SOURCE, [f"own is a list of curves, not {own!r}"])
        curves = tuple(None if one is None else Curve.from_dict(one) for one in own)
        return cls(Sigmoids.from_dict(stored), Curve.from_dict(stored.get("shared")), curves)


def sigmoid(log_odds: NDArray[np.floating]) -> NDArray[np.floating]:
    """Turn log-odds into a probability, without overflow on either side."""
    shrunk = np.exp(-np.abs(log_odds))
    chances: NDArray[np.floating] = np.where(log_odds >= 0.0, 1.0, shrunk) / (1.0 + shrunk)
    return chances


def _thinned(
    logits: Logits, truth: LabelMatrix, most: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Take as many rows as a fit can use."""
    kept = evenly(len(truth), rows_within(most, logits))
    return np.asarray(logits[kept], dtype=np.float64), truth[kept]


def _fit_lines(
    scores: NDArray[np.float64], held: NDArray[np.bool_], *, pull: float
) -> NDArray[np.float64]:
    """
    Fit a scale and a step for each column at once, by damped Newton steps, pulled towards (1, 0).

    Targets are Platt's: `(positives + 1) / (positives + 2)` in place of one, `1 / (negatives + 2)`
    in place of zero.
    """
    positives = held.sum(axis=0)
    high = (positives + 1.0) / (positives + 2.0)
    low = 1.0 / (len(held) - positives + 2.0)
    goal = np.where(held, high, low)
    scale, step = np.ones(scores.shape[1]), np.zeros(scores.shape[1])
    for _ in range(_ROUNDS):
        chances = sigmoid(scores * scale + step)
        wrong = chances - goal
        weight = chances * (1.0 - chances)
        slope_scale = (wrong * scores).sum(axis=0) + pull * (scale - 1.0)
        slope_step = wrong.sum(axis=0) + pull * step
        bend_scale = (weight * scores**2).sum(axis=0) + pull
        bend_step = weight.sum(axis=0) + pull
        bend_both = (weight * scores).sum(axis=0)
        determinant = bend_scale * bend_step - bend_both**2
        move_scale = (bend_step * slope_scale - bend_both * slope_step) / determinant
        move_step = (bend_scale * slope_step - bend_both * slope_scale) / determinant
        scale = np.clip(scale - np.clip(move_scale, -1.0, 1.0), _FLATTEST, _STEEPEST)
        step = step - np.clip(move_step, -2.0, 2.0)
        if max(np.abs(move_scale).max(), np.abs(move_step).max()) < _STILL:
            break
    return np.stack([scale, step])
