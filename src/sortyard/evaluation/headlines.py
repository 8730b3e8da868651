"""Which figures a report shows, and what each of them means for a reader."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.figures import between, decimal, percent
from sortyard.evaluation.measures import Measures


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report: its key among the metrics, a name, and its meaning for a reader."""

    key: str
    name: str
    meaning: str
    write: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure with its value, ready to print."""

    figure: Figure
    value: str
    spread: str  # where the true value lies with 95 % confidence; empty where that is not known


SINGLE = (
    Figure("accuracy", "Accuracy", "messages whose best label is the true one", percent),
    Figure("macro_f1", "Macro F1", "mean F1 over labels; rare ones count as much", percent),
    Figure("weighted_f1", "Weighted F1", "mean F1, labels weighted by their rows", percent),
    Figure("recall_at_3", "Among the first 3", "the true label is one of 3 candidates", percent),
    Figure("recall_at_5", "Among the first 5", "the true label is one of 5 candidates", percent),
    Figure("mean_reciprocal_rank", "Reciprocal rank", "mean of 1 / rank of the truth", decimal),
    Figure("hierarchical_f1", "Hierarchical F1", "a near miss in the tree counts in part", percent),
    Figure("sibling_confusion", "Sibling confusion", "answers that name a sibling", percent),
    Figure(
        "sibling_share_of_errors",
        "Siblings among errors",
        "wrong answers that name a sibling",
        percent,
    ),
    Figure("rolled_up_share", "Rolled up", "answered with the parent, and rightly", percent),
)

MULTI = (
    Figure("subset_accuracy", "Exact sets", "messages whose labels are all right", percent),
    Figure("micro_f1", "Micro F1", "over all decisions together", percent),
    Figure("macro_f1", "Macro F1", "mean F1 over labels; rare ones count as much", percent),
    Figure("samples_f1", "F1 per message", "mean agreement of the two sets", percent),
    Figure("hamming_loss", "Hamming loss", "share of yes-or-no decisions that are wrong", percent),
    Figure("label_ece", "Calibration per label", "the same, for single labels", decimal),
)

SHARED = (
    Figure("auto_coverage", "Routed alone", "messages that need no person", percent),
    Figure("auto_precision", "Right when alone", "of those, the share that is right", percent),
    Figure(
        "coverage_at_95", "Reach at 95 %", "most that could go alone at 95 % precision", percent
    ),
    Figure("ece", "Calibration error", "by how much confidence misses the truth", decimal),
    Figure("brier", "Brier score", "squared distance of forecast and truth", decimal),
    Figure("log_loss", "Log loss", "mean surprise at the truth, in nats", decimal),
    Figure("roc_auc", "ROC area", "separation of each label from the rest", decimal),
    Figure("pr_auc", "PR area", "the same, stricter on rare labels", decimal),
    Figure("aurc", "Risk-coverage area", "mean risk over all coverages; lower is better", decimal),
)

TO_RANK = {f"recall_at_{depth}": depth for depth in (1, 3, 5, 10, 20)}


def headlines(measures: Measures) -> tuple[Shown, ...]:
    """
    Choose the figures that say something about this dimension.

    Left out: what is not defined, what knows the tree where there is none, and whether the truth is
    among the first five where there are no more than five labels.
    """
    own = SINGLE if measures.kind is Kind.SINGLE else MULTI
    return tuple(
        _shown(figure, measures) for figure in (*own, *SHARED) if _speaks(figure, measures)
    )


def _speaks(figure: Figure, measures: Measures) -> bool:
    if isnan(measures.metrics.get(figure.key, float("nan"))):
        return False
    if measures.is_flat and figure.key in {"hierarchical_f1", "rolled_up_share"}:
        return False
    return TO_RANK.get(figure.key, 0) < len(measures.labels)


def _shown(figure: Figure, measures: Measures) -> Shown:
    interval = measures.intervals.get(figure.key)
    value = figure.write(measures.metrics[figure.key])
    known = interval is not None and interval.low < interval.high
    return Shown(figure, value, between(interval) if interval and known else "")
