"""From probabilities to choices: the label, its confidence, and who acts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.policy import Routing
from sortyard.domain.predictions import Candidate, Choice, Reason, Route
from sortyard.domain.taxonomy import Kind
from sortyard.models.best import best_labels
from sortyard.models.cascade import Judgement
from sortyard.models.dimension import DimensionModel, set_scores

CANDIDATES = 5


def decide(
    model: DimensionModel, judgement: Judgement, *, candidates: int = CANDIDATES
) -> list[Choice]:
    """Choose for every judged text; at most so many candidates each, best first."""
    if model.dimension.kind is Kind.MULTI:
        return _decide_multi(model, judgement, candidates)
    return _decide_single(model, judgement, candidates)


def nothing_to_read(dimension: str) -> Choice:
    """Answer for a text of which preparation left nothing: no label, and a person looks."""
    return Choice(
        dimension=dimension, labels=(), confidence=None, route=Route.REVIEW, reason=Reason.EMPTY
    )


def _decide_single(model: DimensionModel, judgement: Judgement, count: int) -> list[Choice]:
    probabilities, policy = judgement.probabilities, model.policy
    enough = _enough(model)
    answer = model.tree.roll_up(probabilities, policy.roll_up, enough)
    leaves = probabilities.argmax(axis=1)
    tops = best_labels(probabilities, count)
    nodes = model.tree.nodes
    choices = []
    for row, top in enumerate(tops):
        node, confidence = int(answer.nodes[row]), min(float(answer.confidence[row]), 1.0)
        route = policy.route if node == leaves[row] else policy.route_rolled_up
        # Nobody has written for a label without rows: such a text is not strange, but expected.
        novelty = float(judgement.novelty[row]) if leaves[row] < model.with_rows else None
        routing = route(nodes[node], confidence, novelty)
        choices.append(
            _choice(
                model,
                judgement,
                row,
                labels=(nodes[node],),
                confidence=confidence,
                routing=routing,
                candidates=_named(model, probabilities, row, top),
            )
        )
    return choices


def _decide_multi(model: DimensionModel, judgement: Judgement, count: int) -> list[Choice]:
    probabilities = judgement.probabilities
    scores = set_scores(probabilities, model.cuts)
    whole = np.exp(scores) if model.whole is None else model.whole(scores)
    held = probabilities >= model.cuts
    tops = best_labels(probabilities, count)
    choices = []
    for row, top in enumerate(tops):
        shown = _shown(probabilities[row], held[row], top)
        named = _named(model, probabilities, row, shown)
        answered = tuple(one for one, label in zip(named, shown, strict=True) if held[row, label])
        confidence = min(max(float(whole[row]), 0.0), 1.0)
        labels = tuple(one.label for one in answered)
        # Nobody has written for a label without rows: such a text is not strange, but expected.
        expected = held[row, model.with_rows :].any()
        novelty = None if expected else float(judgement.novelty[row])
        choices.append(
            _choice(
                model,
                judgement,
                row,
                labels=labels,
                confidence=confidence,
                routing=model.policy.route_set(answered, confidence, novelty),
                candidates=named,
            )
        )
    return choices


def _choice(  # noqa: PLR0913 -- the parts of a choice
    model: DimensionModel,
    judgement: Judgement,
    row: int,
    *,
    labels: tuple[str, ...],
    confidence: float,
    routing: Routing,
    candidates: tuple[Candidate, ...],
) -> Choice:
    unproven = model.policy.unproven  # then neither number rests on any message
    return Choice(
        dimension=model.dimension.name,
        labels=labels,
        confidence=None if unproven else confidence,
        route=routing.route,
        candidates=candidates,
        reason=routing.reason,
        novelty=None if unproven else float(judgement.novelty[row]),
        stage=judgement.stage(row),
    )


def _enough(model: DimensionModel) -> NDArray[np.float64]:
    """Give the confidence from which each label needs no parent to answer for it."""
    policy = model.policy
    if not policy.roll_up:
        return np.zeros(len(model.labels))
    autos = [policy.thresholds_of(label).auto for label in model.labels]
    return np.array([2.0 if auto is None else auto for auto in autos])


def _shown(
    chances: NDArray[np.float32], held: NDArray[np.bool_], top: NDArray[np.intp]
) -> list[int]:
    """
    List every label that is answered, and the most probable others while there is room.

    A cut may be low, so what is answered need not be among the most probable.
    """
    answered = np.flatnonzero(held)
    others = top[~held[top]][: max(len(top) - len(answered), 0)]
    return sorted(map(int, (*answered, *others)), key=lambda label: (-chances[label], label))


def _named(
    model: DimensionModel,
    probabilities: NDArray[np.float32],
    row: int,
    top: Sequence[int] | NDArray[np.intp],
) -> tuple[Candidate, ...]:
    chances = probabilities[row]
    return tuple(Candidate(model.labels[label], min(float(chances[label]), 1.0)) for label in top)
