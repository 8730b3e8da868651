"""What is particular to each kind of dimension; all else is measured alike for both."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.calibration import brier, expected_error, log_loss
from sortyard.evaluation.hierarchy import Distance, distance, tree_scores
from sortyard.evaluation.metrics import Confusion, Floats
from sortyard.evaluation.multilabel import SetPatterns, hamming_loss, samples_f1
from sortyard.evaluation.outcomes import MultiOutcomes, Outcomes, SingleOutcomes
from sortyard.evaluation.ranking import areas, mean_reciprocal_rank, recall_at, recall_of_sets
from sortyard.evaluation.resampling import Patterns

NONE = "(none)"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """
    Outcomes of either kind, in the form that the common measures take.

    `distances` says of each answer how far it is off; `confused` counts what was answered for what.
    """

    kind: Kind
    names: tuple[str, ...]
    patterns: Patterns
    figures: Mapping[str, float]
    distances: tuple[Distance, ...]
    confused: Mapping[tuple[str, str], int]
    accuracy_at_depth: Mapping[int, float] | None = None


def view_of(outcomes: Outcomes) -> View:
    """Look at outcomes in the way of their kind."""
    if isinstance(outcomes, SingleOutcomes):
        return _of_single(outcomes)
    return _of_multi(outcomes)


def _of_single(outcomes: SingleOutcomes) -> View:
    """Judge the forced choice, and how far off each given answer is in the tree."""
    confusion = Confusion.of(outcomes.truth, outcomes.forecast, known=outcomes.labels)
    tree = tree_scores(confusion)
    column = outcomes.truth_columns
    truth = column[:, None] == np.arange(len(outcomes.labels))
    area = areas(outcomes.probabilities, truth)
    answers = tuple(zip(outcomes.answered, outcomes.truth, strict=True))
    rolled_up = [a != t for (a, t), right in zip(answers, outcomes.right, strict=True) if right]
    cells = zip(confusion.truth, confusion.answer, confusion.rows, strict=True)
    figures = {
        "accuracy": float(confusion.counts().hits.sum() / len(outcomes)),
        "rolled_up_share": sum(rolled_up) / len(outcomes),
        "brier": brier(outcomes.probabilities, truth),
        "log_loss": log_loss(outcomes.probabilities, column),
        "hierarchical_precision": tree.precision,
        "hierarchical_recall": tree.recall,
        "hierarchical_f1": tree.f1,
        "sibling_confusion": tree.sibling_confusion,
        "sibling_share_of_errors": tree.sibling_share_of_errors,
        "mean_reciprocal_rank": mean_reciprocal_rank(outcomes.probabilities, column),
        "roc_auc": area.roc_auc,
        "pr_auc": area.pr_auc,
        "labels_without_area": float(area.labels_left_out),
    }
    return View(
        kind=Kind.SINGLE,
        names=confusion.names,
        patterns=confusion,
        figures=figures | _named(recall_at(outcomes.probabilities, column)),
        distances=tuple(Distance.FAR if a is None else distance(a, t) for a, t in answers),
        confused={
            (confusion.names[true], confusion.names[given]): int(rows)
            for true, given, rows in cells
            if true != given
        },
        accuracy_at_depth=tree.accuracy_at_depth,
    )


def _of_multi(outcomes: MultiOutcomes) -> View:
    """Judge the answered sets; an answer that shares a label with the truth is a near miss."""
    truth, answered = outcomes.truth, outcomes.answered
    area = areas(outcomes.probabilities, truth)
    cells = np.asarray(outcomes.probabilities, dtype=np.float64).ravel()
    yes = truth.ravel()
    right = float(outcomes.right.mean())
    figures = {
        "accuracy": right,
        "subset_accuracy": right,
        "hamming_loss": hamming_loss(truth, answered),
        "samples_f1": samples_f1(truth, answered),
        "label_ece": expected_error(cells, yes),
        "brier": float(((cells - yes) ** 2).mean()),
        "log_loss": log_loss(np.stack([1.0 - cells, cells], axis=1), yes.astype(np.intp)),
        "roc_auc": area.roc_auc,
        "pr_auc": area.pr_auc,
        "labels_without_area": float(area.labels_left_out),
    }
    shared = np.logical_or.reduce(truth & answered, axis=1)
    return View(
        kind=Kind.MULTI,
        names=outcomes.labels,
        patterns=SetPatterns.of(truth, answered),
        figures=figures | _named(recall_of_sets(outcomes.probabilities, truth)),
        distances=tuple(
            Distance.RIGHT if same else Distance.SIBLING if some else Distance.FAR
            for same, some in zip(outcomes.right, shared, strict=True)
        ),
        confused=_mistaken(outcomes),
    )


def _mistaken(outcomes: MultiOutcomes) -> dict[tuple[str, str], int]:
    """Pair each missed label with each wrongly given one of the message, or with nothing."""
    missed = _with_none(outcomes.truth & ~outcomes.answered)
    extra = _with_none(outcomes.answered & ~outcomes.truth)
    names = (*outcomes.labels, NONE)
    pairs = missed.T @ extra
    pairs[-1, -1] = 0.0
    return {
        (names[true], names[given]): int(pairs[true, given]) for true, given in np.argwhere(pairs)
    }


def _with_none(table: NDArray[np.bool_]) -> Floats:
    return np.column_stack([table, ~table.any(axis=1)]).astype(np.float64)


def _named(recalls: Mapping[int, float]) -> dict[str, float]:
    return {f"recall_at_{depth}": share for depth, share in recalls.items()}
