"""Make a dimension's policy from held-out answers and from what the taxonomy demands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.policy import Basis, DimensionPolicy, Evidence, Thresholds
from sortyard.domain.taxonomy import Dimension
from sortyard.evaluation.outcomes import holds
from sortyard.evaluation.thresholds import (
    ASSURANCE,
    Answered,
    AutoThreshold,
    AutoThresholds,
    Confidence,
    Right,
    auto_threshold,
    auto_thresholds,
    confirm_threshold,
    evidence_above,
    target_for,
)
from sortyard.models.hierarchy import NOWHERE, LabelTree

Probabilities: TypeAlias = NDArray[np.floating]  # (texts, labels), calibrated, held out

TARGET = 0.95


@dataclass(frozen=True, slots=True)
class Promise:
    """How precise automatic answers are to be, and in how many samples that must hold."""

    target: float = TARGET
    assurance: float = ASSURANCE


def fit_policy(  # noqa: PLR0913 -- the promise and the limit are given by name
    dimension: Dimension,
    labels: Sequence[str],
    probabilities: Probabilities,
    truth: Sequence[str],
    *,
    promise: Promise = Promise(),
    novelty_limit: float | None = None,
) -> DimensionPolicy:
    """
    Learn the thresholds of a `single` dimension from held-out probabilities and the true paths.

    `labels` are the paths of the columns. Leave out rows that novelty sends to a person anyway. An
    answer is right where it is the truth or lies above it. A label whose mistakes cost more must
    prove more (`target_for`); one that was never answered is never `auto`. In a tree, parents then
    learn, from the rows that no label answers alone, from which confidence on they answer instead.
    """
    learner = _Learner.of(dimension, labels, promise)
    tree = learner.tree
    chances = tree.node_chances(probabilities)
    best = probabilities.argmax(axis=1)
    learnt, shared = learner.learn(chances, best, truth)
    own = {path: learnt.get(index) for index, path in enumerate(tree.labels)}
    fallback = _with_confirm(shared.value, 1.0)
    thresholds = {
        path: _with_confirm(one.value if one else None, learner.costs.get(path, 1.0))
        for path, one in own.items()
    }
    unseen = Evidence(basis=Basis.UNSEEN, target=promise.target)
    values = [one.value if one else None for one in own.values()]
    enough = np.array([np.inf if value is None else value for value in values])
    unsure = chances[np.arange(len(best)), best] < enough[best]
    return DimensionPolicy.of(
        dimension,
        target_precision=promise.target,
        fallback=fallback,
        thresholds={path: one for path, one in thresholds.items() if one != fallback},
        roll_up=learner.learn_roll_up(chances[unsure], best[unsure], _at(truth, unsure)),
        novelty_limit=novelty_limit,
        evidence={path: one.evidence if one else unseen for path, one in own.items()},
        shared_evidence=shared.evidence,
    )


def fit_set_policy(
    dimension: Dimension,
    confidence: Confidence,
    right: Right,
    *,
    promise: Promise = Promise(),
    novelty_limit: float | None = None,
) -> DimensionPolicy:
    """
    Learn the thresholds of a `multi` dimension from held-out answers as wholes.

    `confidence` is the calibrated chance that exactly the right labels were answered, and `right`
    whether they were. The costliest label's mistakes decide what must be proven.
    """
    cost = max((node.label.error_cost for node in dimension.nodes), default=1.0)
    target = target_for(cost, promise.target)
    value = auto_threshold(confidence, right, target=target, assurance=promise.assurance)
    above = right[confidence >= (np.inf if value is None else value)]
    return DimensionPolicy.of(
        dimension,
        target_precision=promise.target,
        fallback=_with_confirm(value, cost),
        novelty_limit=novelty_limit,
        shared_evidence=evidence_above(Basis.SHARED, above, target, promise.assurance),
    )


@dataclass(frozen=True, slots=True)
class _Learner:
    """Learns auto thresholds for the nodes of one tree, each held to its own target."""

    tree: LabelTree
    costs: Mapping[str, float]
    targets: NDArray[np.float64]  # (nodes,)
    promise: Promise

    @classmethod
    def of(cls, dimension: Dimension, labels: Sequence[str], promise: Promise) -> Self:
        tree = LabelTree.of(labels)
        costs = {node.path: node.label.error_cost for node in dimension.nodes}
        targets = [target_for(costs.get(path, 1.0), promise.target) for path in tree.nodes]
        return cls(tree, costs, np.array(targets), promise)

    def learn(
        self, chances: Probabilities, answered: Answered, truth: Sequence[str]
    ) -> tuple[dict[int, AutoThreshold], AutoThreshold]:
        """Learn a threshold for each node that was answered, and the plain labels' shared one."""
        confidence = chances[np.arange(len(answered)), answered]
        pairs = zip(answered, truth, strict=True)
        right = np.array([holds(self.tree.nodes[node], true) for node, true in pairs], dtype=bool)
        asked = self.targets[answered]
        groups = {
            float(target): self._of_target(target, asked == target, confidence, answered, right)
            for target in {*asked, self.promise.target}
        }
        found = {node: one for group in groups.values() for node, one in group.labels.items()}
        return found, groups[self.promise.target].shared

    def learn_roll_up(
        self, chances: Probabilities, best: Answered, truth: Sequence[str]
    ) -> dict[str, float]:
        """
        Learn from which confidence a parent answers for a label that does not answer alone.

        One level at a time, from the rows that nothing below has settled. A node reached from two
        depths takes the stricter of both.
        """
        sure: dict[str, float] = {}
        here = best.astype(np.intp)
        while True:
            here = self.tree.steps_up(here, 1)
            inside = here != NOWHERE
            chances, here, truth = chances[inside], here[inside], _at(truth, inside)
            if not len(here):
                return sure
            learnt, _ = self.learn(chances, here, truth)
            for node, one in learnt.items():
                if one.value is not None:
                    path = self.tree.nodes[node]
                    sure[path] = max(sure.get(path, 0.0), one.value)
            needed = np.array([sure.get(path, np.inf) for path in self.tree.nodes])
            open_ = chances[np.arange(len(here)), here] < needed[here]
            chances, here, truth = chances[open_], here[open_], _at(truth, open_)

    def _of_target(
        self,
        target: float,
        rows: NDArray[np.bool_],
        confidence: Confidence,
        answered: Answered,
        right: Right,
    ) -> AutoThresholds:
        return auto_thresholds(
            confidence[rows],
            answered[rows],
            right[rows],
            target=target,
            assurance=self.promise.assurance,
        )


def _with_confirm(auto: float | None, cost: float) -> Thresholds:
    confirm = confirm_threshold(cost)
    return Thresholds(auto, confirm if auto is None else min(auto, confirm))


def _at(truth: Sequence[str], rows: NDArray[np.bool_]) -> list[str]:
    return [truth[row] for row in np.flatnonzero(rows).tolist()]
