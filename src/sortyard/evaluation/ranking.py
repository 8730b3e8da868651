"""How high the true label stands in the ranking, whatever the decision."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.evaluation.outcomes import Probabilities

DEPTHS = (1, 3, 5, 10, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """
    ROC and PR area, the mean over labels of one-vs-rest.

    A label that every row has, or none, has no area: it is left out and counted.
    """

    roc_auc: float
    pr_auc: float
    labels_left_out: int


def recall_at(
    probabilities: Probabilities, truth: NDArray[np.intp], depths: Sequence[int] = DEPTHS
) -> dict[int, float]:
    """
    Share of rows whose true label is among the first k candidates, for each k.

    Equal probabilities count as if ordered by chance, so that the order of labels cannot matter.
    """
    known = truth >= 0
    scores = np.asarray(probabilities)
    own = np.take_along_axis(scores, np.maximum(truth, 0)[:, None], axis=1)
    above = (scores > own).sum(axis=1)
    level = (scores == own).sum(axis=1)
    share = {}
    for depth in depths:
        found = np.clip((depth - above) / np.maximum(level, 1), 0.0, 1.0)
        share[depth] = float(np.where(known, found, 0.0).mean()) if len(scores) else np.nan
    return share


def recall_of_sets(
    probabilities: Probabilities, truth: NDArray[np.bool_], depths: Sequence[int] = DEPTHS
) -> dict[int, float]:
    """Share of the true labels of a row among its first k candidates, mean over rows with any."""
    some = truth.any(axis=1)
    if not some.any():
        return dict.fromkeys(depths, np.nan)
    scores, members = np.asarray(probabilities)[some], truth[some]
    order = np.argsort(-scores, axis=1, kind="stable")
    ranked = np.take_along_axis(members, order, axis=1).cumsum(axis=1)
    last = ranked.shape[1] - 1
    total = members.sum(axis=1)
    return {depth: float((ranked[:, min(depth - 1, last)] / total).mean()) for depth in depths}


def mean_reciprocal_rank(probabilities: Probabilities, truth: NDArray[np.intp]) -> float:
    """
    Give the mean over rows of one over the rank of the true label; 0 where the model lacks it.

    Among equal probabilities each place is as likely, and the mean of their reciprocals counts.
    Voorhees, "The TREC-8 Question Answering Track Report", 1999.
    """
    scores = np.asarray(probabilities)
    if not len(scores):
        return np.nan
    own = np.take_along_axis(scores, np.maximum(truth, 0)[:, None], axis=1)
    above = (scores > own).sum(axis=1)
    level = (scores == own).sum(axis=1)
    sums = np.append(0.0, np.cumsum(1.0 / np.arange(1, scores.shape[1] + 1)))
    found = (sums[above + level] - sums[above]) / np.maximum(level, 1)
    return float(np.where(truth >= 0, found, 0.0).mean())


def areas(probabilities: Probabilities, truth: NDArray[np.bool_]) -> Areas:
    """Measure the separation of every label from the rest; `truth` has shape (rows, labels)."""
    scores = np.asarray(probabilities)
    positives = truth.sum(axis=0)
    usable = np.flatnonzero((positives > 0) & (positives < len(truth)))
    found = [_areas_of(scores[:, label], truth[:, label]) for label in usable]
    roc, pr = np.array(found).mean(axis=0) if found else (np.nan, np.nan)
    return Areas(roc_auc=float(roc), pr_auc=float(pr), labels_left_out=truth.shape[1] - len(usable))


def _areas_of(scores: NDArray[np.floating], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """One sort serves both: trapezoids under ROC, steps under precision-recall."""
    order = np.argsort(scores)[::-1]
    ranked, hit = scores[order], truth[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # ties move as one
    found = np.cumsum(hit)[ends].astype(np.float64)
    alarms = ends + 1 - found
    recall, fallout = found / found[-1], alarms / alarms[-1]
    roc = np.trapezoid(np.append(0.0, recall), np.append(0.0, fallout))
    pr = np.sum(np.diff(recall, prepend=0.0) * found / (found + alarms))
    return float(roc), float(pr)
