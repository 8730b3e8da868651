"""From held-out answers to a policy: who acts from which confidence on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.policy import DimensionPolicy, Thresholds
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.evaluation.thresholds import (
    AutoThreshold,
    auto_threshold,
    auto_thresholds,
    confirm_threshold,
    target_for,
)
from sortyard.models.dimension import set_scores
from sortyard.models.hierarchy import NOWHERE, LabelTree
from sortyard.models.isotonic import Curve
from sortyard.models.line import Judged
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth

FEWEST_ROWS = 10  # below this a curve says more about chance than about the sets


@dataclass(frozen=True, slots=True)
class Decisions:
    """The policy of one dimension; and, for a `multi` one, the chance that a set is right."""

    policy: DimensionPolicy
    whole: Curve | None = None


def learn_decisions(  # noqa: PLR0913 -- what the policy rests on, by name
    dimension: Dimension,
    tree: LabelTree,
    served: Judged,
    truth: Truth,
    recipe: Recipe,
    *,
    cuts: NDArray[np.float32],
) -> Decisions:
    """Learn thresholds from what the line, as it will serve, said of rows it had not seen."""
    if truth.kind is Kind.MULTI:
        return _of_sets(dimension, served, truth, recipe, cuts)
    return Decisions(_of_labels(dimension, tree, served, truth, recipe))


def _of_labels(
    dimension: Dimension, tree: LabelTree, served: Judged, truth: Truth, recipe: Recipe
) -> DimensionPolicy:
    probabilities = served.probabilities
    answered = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = answered == truth.held
    target = recipe.target_precision
    found = auto_thresholds(confidence, answered, right, target=target)
    costs = {node.path: node.label.error_cost for node in dimension.nodes}
    thresholds, evidence = {}, {}
    for column, label in enumerate(tree.labels):
        cost = costs.get(label, 1.0)
        own = found.labels.get(column, AutoThreshold(None, found.shared.evidence))
        value = own.value
        asked = target_for(cost, target)
        if asked > target and value is not None:
            rows = answered == column
            value = auto_threshold(confidence[rows], right[rows], target=asked)
        confirm = confirm_threshold(cost, least=recipe.confirm_precision)
        thresholds[label] = _thresholds(value, confirm)
        evidence[label] = own.evidence
    return DimensionPolicy.of(
        dimension,
        target_precision=target,
        fallback=_thresholds(found.shared.value, recipe.confirm_precision),
        thresholds=thresholds,
        roll_up=_roll_up(tree, probabilities, truth, thresholds, target),
        novelty_limit=1.0 - recipe.false_alarms,
        evidence=evidence,
        shared_evidence=found.shared.evidence,
    )


def _roll_up(
    tree: LabelTree,
    probabilities: NDArray[np.float32],
    truth: Truth,
    thresholds: dict[str, Thresholds],
    target: float,
) -> dict[str, float]:
    """
    Learn from which confidence a parent may answer for a leaf that is unsure.

    One threshold for each height above the leaves, proven on the rows that would climb so high;
    a node that is reached from several heights takes the strictest.
    """
    if tree.is_flat:
        return {}
    autos = [thresholds[label].auto for label in tree.labels]
    enough = np.array([np.inf if auto is None else auto for auto in autos])
    best = probabilities.argmax(axis=1)
    chances = tree.node_chances(probabilities)
    holds = tree.ancestor_matrix.toarray() > 0
    climbing = probabilities.max(axis=1) < enough[best]
    sure: dict[str, float] = {}
    for steps in range(1, len(tree.nodes)):
        nodes = tree.steps_up(best, steps)
        rows = np.flatnonzero(climbing & (nodes != NOWHERE))
        if not len(rows):
            break
        confidence = chances[rows, nodes[rows]].astype(np.float64)
        right = holds[truth.held[rows].astype(np.intp), nodes[rows]]
        value = auto_threshold(confidence, right, target=target)
        for node in np.unique(nodes[rows]):
            path = tree.nodes[node]
            sure[path] = max(sure.get(path, 0.0), 2.0 if value is None else value)
        if value is not None:
            climbing[rows[confidence >= value]] = False
    return {path: value for path, value in sure.items() if value <= 1.0}


def _of_sets(
    dimension: Dimension,
    served: Judged,
    truth: Truth,
    recipe: Recipe,
    cuts: NDArray[np.float32],
) -> Decisions:
    scores = set_scores(served.probabilities, cuts)
    answered = served.probabilities[:, : truth.count] >= cuts[: truth.count]
    strangers = served.probabilities[:, truth.count :] >= cuts[truth.count :]
    right = (answered == truth.held).all(axis=1) & ~strangers.any(axis=1)
    whole = Curve.fit(scores, right) if len(right) >= FEWEST_ROWS else None
    confidence = np.exp(scores) if whole is None else whole(scores)
    value = auto_threshold(confidence, right, target=recipe.target_precision)
    policy = DimensionPolicy.of(
        dimension,
        target_precision=recipe.target_precision,
        fallback=_thresholds(value, recipe.confirm_precision),
    )
    return Decisions(policy, whole)


def _thresholds(auto: float | None, confirm: float) -> Thresholds:
    return Thresholds(auto, confirm if auto is None else min(confirm, auto))
