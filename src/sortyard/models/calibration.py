"""
Turn raw scores into probabilities that can be trusted at face value.

Two questions, two protocols: a `Calibrator` spreads one unit of belief over labels of which exactly
one holds; an `IndependentCalibrator` judges every label for itself. Both are always fitted: the
only way to get one is from data or from disk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, isfinite, sqrt
from typing import ClassVar, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import InvalidSettings, NotEnoughData

Logits: TypeAlias = NDArray[np.floating]  # (texts, labels), any real numbers
Probabilities: TypeAlias = NDArray[np.floating]  # (texts, labels), of the logits' own precision
LabelIndices: TypeAlias = NDArray[np.integer]  # (texts,), the true label of each text
LabelMatrix: TypeAlias = NDArray[np.bool_]  # (texts, labels), the labels that each text carries
Stored: TypeAlias = Mapping[str, object]  # what goes into calibration.json

SOURCE = "calibration.json"
COLDEST, HOTTEST = 1e-6, 1e6
_FEWEST_KEPT = 1_000
FEWEST_ROWS = 10  # below this a fitted number says more about chance than about the model
_LOGITS_FOR_ONE_NUMBER = 1_000_000
_WIDEST_GAP = 1e30  # in float32, still finite over the coldest temperature


class Calibrator(Protocol):
    """Maps logits to probabilities of which each row sums to one."""

    kind: ClassVar[str]

    def probabilities(self, logits: Logits) -> Probabilities: ...

    def to_dict(self) -> dict[str, object]: ...


class IndependentCalibrator(Protocol):
    """Maps logits to a probability for every label on its own: several may hold, or none."""

    kind: ClassVar[str]

    def probabilities(self, logits: Logits) -> Probabilities: ...

    def to_dict(self) -> dict[str, object]: ...


@dataclass(frozen=True, slots=True)
class Temperature:
    """
    Divides every logit by one number, so the ranking never changes.

    Source: Guo, Pleiss, Sun & Weinberger, "On calibration of modern neural networks", ICML 2017.
    """

    kind: ClassVar[str] = "temperature"

    value: float

    def __post_init__(self) -> None:
        if not COLDEST <= self.value <= HOTTEST:  # also refuses NaN
            problem = f"a temperature lies between {COLDEST} and {HOTTEST}, not {self.value}"
            raise InvalidSettings(SOURCE, [problem])

    @classmethod
    def fit(cls, logits: Logits, truth: LabelIndices) -> Self:
        """
        Choose the temperature with the lowest log loss on held-out texts.

        A handful of texts says nothing about it: with fewer than `FEWEST_ROWS` it is 1. One
        imaginary mistake is added (see `share_of_a_mistake`), so that faultless data does not end
        in certainty. Raises `NotEnoughData` when there is no text at all.
        """
        if not len(truth):
            raise NotEnoughData("fit a temperature", found=0, needed=1)
        if len(truth) < FEWEST_ROWS or logits.shape[1] == 1:
            return cls(1.0)
        kept = evenly(len(truth), rows_within(_LOGITS_FOR_ONE_NUMBER, logits))
        below_best = below_row_best(logits[kept])
        doubt = share_of_a_mistake(len(truth))
        goal = float(below_best[np.arange(len(kept)), truth[kept]].mean())
        goal = (1.0 - doubt) * goal + doubt * float(best_wrong(below_best, truth[kept])[1].mean())

        def log_loss(log_temperature: float) -> float:
            coldness = exp(-log_temperature)
            normaliser = np.log(np.exp(coldness * below_best).sum(axis=1))
            return float(normaliser.mean()) - coldness * goal

        # Log loss is convex in 1/T, so there is one valley to walk into.
        return cls(exp(_bottom_of_valley(log_loss, low=-7.0, high=7.0)))

    def probabilities(self, logits: Logits) -> Probabilities:
        return softmax(below_row_best(logits) / self.value)

    def to_dict(self) -> dict[str, object]:
        return {"kind": self.kind, "value": self.value}

    @classmethod
    def from_dict(cls, stored: Stored) -> Self:
        return cls(number(stored, "value"))


def softmax(logits: Logits) -> Probabilities:
    """Spread one unit of belief over each row; finite for any finite logits."""
    chances: Probabilities = np.exp(below_row_best(logits))
    chances /= chances.sum(axis=1, keepdims=True)
    return chances


def below_row_best(logits: Logits) -> NDArray[np.floating]:
    """Count each row down from its best label, so that nothing can overflow afterwards."""
    at_least_single = np.result_type(logits, np.float32)
    if not logits.shape[1]:  # no label has rows, so there is no best
        return logits.astype(at_least_single)
    with np.errstate(over="ignore"):
        gaps: NDArray[np.floating] = np.subtract(
            logits, logits.max(axis=1, keepdims=True), dtype=at_least_single
        )
    gaps.clip(-_WIDEST_GAP, None, out=gaps)
    return gaps


def best_wrong(logits: Logits, truth: LabelIndices) -> tuple[LabelIndices, NDArray[np.floating]]:
    """Find the label that would be each text's likeliest mistake, and its logit."""
    others = logits.copy()
    rows = np.arange(len(truth))
    others[rows, truth] = -np.inf
    mistakes = others.argmax(axis=1)
    return mistakes, others[rows, mistakes]


def share_of_a_mistake(rows: int) -> float:
    """
    Weigh one imaginary mistake among so many rows.

    Laplace's rule of succession, as Platt 1999 uses it for his targets: after `n` right answers in
    a row the next one is right with `(n + 1) / (n + 2)`, not for certain.
    """
    return 1.0 / (rows + 2.0)


def evenly(rows: int, most: int) -> NDArray[np.intp]:
    """Pick at most so many rows, evenly spread: the same ones every time."""
    if rows <= most:
        return np.arange(rows)
    return np.linspace(0, rows - 1, most).astype(np.intp)


def rows_within(most: int, logits: Logits) -> int:
    """Count the rows that hold so many logits; never so few that a fit is chance."""
    labels: int = logits.shape[1]
    return max(most // max(labels, 1), _FEWEST_KEPT)


def number(stored: Stored, name: str) -> float:
    """Read one finite number from a stored calibrator."""
    value = stored.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise InvalidSettings(SOURCE, [f"{name} is a number, not {value!r}"])
    return float(value)


def numbers(stored: Stored, name: str) -> tuple[float, ...]:
    """Read a list of finite numbers from a stored calibrator."""
    values = stored.get(name)
    if not isinstance(values, list | tuple):
        raise InvalidSettings(SOURCE, [f"{name} is a list of numbers, not {values!r}"])
    return tuple(number({name: value}, name) for value in values)


def _bottom_of_valley(
    height: Callable[[float], float], *, low: float, high: float, width: float = 1e-3
) -> float:
    """Golden-section search, which looks once a step (Kiefer 1953)."""
    shrink = (sqrt(5.0) - 1.0) / 2.0
    left, right = high - shrink * (high - low), low + shrink * (high - low)
    left_height, right_height = height(left), height(right)
    while high - low > width:
        if left_height < right_height:
            high, right, right_height = right, left, left_height
            left = high - shrink * (high - low)
            left_height = height(left)
        else:
            low, left, left_height = left, right, right_height
            right = low + shrink * (high - low)
            right_height = height(right)
    return (low + high) / 2.0
