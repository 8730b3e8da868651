"""Calibrate by a rising curve that is read off the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import InvalidSettings, NotEnoughData
from sortyard.models.calibration import (
    SOURCE,
    LabelIndices,
    Logits,
    Probabilities,
    Stored,
    Temperature,
    evenly,
    number,
    numbers,
    rows_within,
)

_LOGITS_FOR_A_CURVE = 10_000_000
_JUST_ABOVE = 1.0 + 1e-5  # survives rounding to float32


@dataclass(frozen=True, slots=True)
class Curve:
    """
    A rising line through breakpoints, flat beyond its ends.

    Fitted by pooling adjacent violators (Ayer et al. 1955; for classifiers, Zadrozny & Elkan 2002);
    the line joins the centres of the pooled blocks, so equal heights stay few.
    """

    scores: tuple[float, ...]
    chances: tuple[float, ...]
    _scores: NDArray[np.float64] = field(init=False, repr=False, compare=False)
    _chances: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        scores = np.asarray(self.scores, dtype=np.float64)
        chances = np.asarray(self.chances, dtype=np.float64)
        proper = (
            0 < len(scores) == len(chances)
            and (np.diff(scores) > 0.0).all()
            and (np.diff(chances) >= 0.0).all()
            and chances[0] >= 0.0
            and chances[-1] <= 1.0
        )
        if not proper:
            raise InvalidSettings(SOURCE, ["a curve's scores and chances rise, chances in 0 to 1"])
        object.__setattr__(self, "_scores", scores)
        object.__setattr__(self, "_chances", chances)

    @classmethod
    def fit(cls, scores: NDArray[np.floating], right: NDArray[np.bool_]) -> Self:
        """
        Read the chance of being right off scores `(texts,)` and what was right `(texts,)`.

        One imaginary mistake at the top and one imaginary hit at the bottom keep both ends honest:
        no finite number of right answers makes the next one certain.
        """
        if not len(scores):
            raise NotEnoughData("fit a calibration curve", found=0, needed=1)
        at, place = np.unique(np.asarray(scores, dtype=np.float64), return_inverse=True)
        weights = np.bincount(place).astype(np.float64)
        hits = np.bincount(place, weights=right.astype(np.float64))
        weights[0] += 1.0
        hits[0] += 1.0
        weights[-1] += 1.0
        from scipy.optimize import isotonic_regression  # noqa: PLC0415 -- only who fits waits for it

        fitted = isotonic_regression(hits / weights, weights=weights)
        starts = fitted.blocks[:-1]
        mass = np.add.reduceat(weights, starts)
        centres = np.add.reduceat(weights * at, starts) / mass
        chances = np.clip(fitted.x[starts], 0.0, 1.0)
        rising = np.concatenate([[True], np.diff(centres) > 0.0])  # rounding can merge two
        return cls(tuple(map(float, centres[rising])), tuple(map(float, chances[rising])))

    def __call__(self, scores: NDArray[np.floating]) -> NDArray[np.float64]:
        read: NDArray[np.float64] = np.interp(scores, self._scores, self._chances)
        return read

    def to_dict(self) -> dict[str, object]:
        return {"scores": list(self.scores), "chances": list(self.chances)}

    @classmethod
    def from_dict(cls, stored: object) -> Self:
        if not isinstance(stored, Mapping):
            raise InvalidSettings(SOURCE, [f"a curve has scores and chances, unlike {stored!r}"])
        return cls(numbers(stored, "scores"), numbers(stored, "chances"))


@dataclass(frozen=True, slots=True)
class Isotonic:
    """
    Gives the best label the chance that a rising curve reads off, and the others what is left.

    The others keep their proportions, so the order of the labels never changes. Where the curve
    would put the best label below the next one, it is held just above it.
    """

    kind: ClassVar[str] = "isotonic"

    temperature: Temperature
    curve: Curve

    @classmethod
    def fit(cls, logits: Logits, truth: LabelIndices) -> Self:
        """
        Fit a temperature, then the curve of the best label's chance on held-out texts.

        Raises `NotEnoughData` when there is no text at all.
        """
        temperature = Temperature.fit(logits, truth)
        kept = evenly(len(truth), rows_within(_LOGITS_FOR_A_CURVE, logits))
        chances = temperature.probabilities(logits[kept])
        right = chances.argmax(axis=1) == truth[kept]
        return cls(temperature, Curve.fit(chances.max(axis=1), right))

    def probabilities(self, logits: Logits) -> Probabilities:
        chances = self.temperature.probabilities(logits)
        rows = np.arange(len(chances))
        best = chances.argmax(axis=1)
        before = chances[rows, best].astype(np.float64)
        chances[rows, best] = 0.0
        rest = chances.sum(axis=1, dtype=np.float64)
        alone = rest <= 0.0  # nothing is left to share: the best label keeps all
        share = np.divide(chances.max(axis=1), rest, out=np.zeros(len(rows)), where=~alone)
        level = share / (1.0 + share)  # where the best and the next one would be equal
        after = np.where(alone, 1.0, np.maximum(self.curve(before), level * _JUST_ABOVE))
        chances *= np.divide(1.0 - after, rest, out=np.zeros(len(rows)), where=~alone)[:, None]
        chances[rows, best] = after
        return chances

    def to_dict(self) -> dict[str, object]:
        stored = {"kind": self.kind, "temperature": self.temperature.value}
        return stored | self.curve.to_dict()

    @classmethod
    def from_dict(cls, stored: Stored) -> Self:
        return cls(Temperature(number(stored, "temperature")), Curve.from_dict(stored))
