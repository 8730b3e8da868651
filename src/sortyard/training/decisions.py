"""From held-out answers to a policy: who acts from which confidence on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.policy import DimensionPolicy, Thresholds
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.evaluation.policies import Promise, fit_policy, fit_set_policy
from sortyard.models.dimension import set_scores
from sortyard.models.hierarchy import LabelTree
from sortyard.models.isotonic import Curve
from sortyard.models.line import Judged
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth

FEWEST_LABELS = 2
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
    promise = Promise(target=recipe.target_precision)
    limit = 1.0 - recipe.false_alarms
    if truth.kind is Kind.MULTI:
        return _of_sets(dimension, served, truth, promise, cuts=cuts, limit=limit)
    familiar = np.flatnonzero(served.novelty < limit)  # a person sees the others anyway
    policy = fit_policy(
        dimension,
        tree.labels,
        served.probabilities[familiar],
        [tree.labels[label] for label in truth.single[familiar]],
        promise=promise,
        novelty_limit=limit,
    )
    if truth.count < FEWEST_LABELS:  # to be right among one label proves nothing
        never = Thresholds(None, recipe.confirm_precision)
        policy = replace(policy, thresholds={}, fallback=never)
    return Decisions(policy)


def _of_sets(  # noqa: PLR0913 -- as above
    dimension: Dimension,
    served: Judged,
    truth: Truth,
    promise: Promise,
    *,
    cuts: NDArray[np.float32],
    limit: float,
) -> Decisions:
    scores = set_scores(served.probabilities, cuts)
    answered = served.probabilities >= cuts
    expected = np.pad(truth.matrix, ((0, 0), (0, len(cuts) - truth.count)))
    right = (answered == expected).all(axis=1)
    whole = Curve.fit(scores, right) if len(right) >= FEWEST_ROWS else None
    confidence = np.exp(scores) if whole is None else whole(scores)
    familiar = served.novelty < limit  # a person sees the others anyway
    policy = fit_set_policy(
        dimension, confidence[familiar], right[familiar], promise=promise, novelty_limit=limit
    )
    return Decisions(policy, whole)
