"""Everything that is measured about one dimension of one release."""

from collections.abc import Mapping
from dataclasses import dataclass

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.calibration import ReliabilityBin
from sortyard.evaluation.intervals import Interval
from sortyard.evaluation.slices import SliceColumn
from sortyard.evaluation.trade import TradePoint


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMeasures:
    """
    How well one label is recognised.

    `rows` is its number of true test messages and `answers` how often it was answered; `hits` is
    how often both. The intervals are bootstrapped, or exact where every resampling is the same.
    """

    label: str
    rows: int
    answers: int
    hits: int
    precision: float
    recall: float
    f1: float
    precision_interval: Interval
    recall_interval: Interval
    f1_interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusedPair:
    """Messages of one label that were answered with another."""

    truth: str
    answer: str
    rows: int
    of_truth: float  # as a share of all messages of the true label


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """
    What becomes of the messages: a count for each fate, and every message has exactly one.

    `auto_near` are automatic answers that are wrong by little: a sibling of the truth for a
    `single` dimension, a set that shares some label with the truth for a `multi` one.
    `auto_branch` are wrong and no sibling, yet share a label higher up; `auto_far` are the rest.
    """

    auto_right: int
    auto_near: int
    auto_branch: int
    auto_far: int
    confirm: int
    review: int

    @property
    def rows(self) -> int:
        return self.auto + self.confirm + self.review

    @property
    def auto(self) -> int:
        return self.auto_right + self.auto_wrong

    @property
    def auto_wrong(self) -> int:
        return self.auto_near + self.auto_branch + self.auto_far


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """
    One dimension, measured on messages that were used to choose nothing.

    `metrics` maps a name to a figure, NaN where it is not defined; `intervals` holds those whose
    uncertainty was measured, under the same names. `labels` come in order of rows, `confusions`
    most frequent first. `is_flat` says that no label has a parent.
    """

    dimension: str
    kind: Kind
    rows: int
    is_flat: bool
    metrics: Mapping[str, float]
    intervals: Mapping[str, Interval]
    labels: tuple[LabelMeasures, ...]
    confusions: tuple[ConfusedPair, ...]
    fates: Fates
    reliability: tuple[ReliabilityBin, ...]
    trade: tuple[TradePoint, ...]
    slices: tuple[SliceColumn, ...] = ()
    accuracy_at_depth: Mapping[int, float] | None = None
