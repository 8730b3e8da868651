"""Made-up outcomes, and strategies for them."""

import numpy as np
from hypothesis import strategies as st

from sortyard.domain.predictions import Route
from sortyard.evaluation.outcomes import MultiOutcomes, SingleOutcomes

ROUTES = (Route.AUTO, Route.CONFIRM, Route.REVIEW)


def single(  # noqa: PLR0913  # every part can be chosen
    truth,
    answered,
    *,
    labels=None,
    probabilities=None,
    confidence=None,
    routes=None,
    metadata=(),
    dimension="team",
):
    labels = tuple(labels or sorted({*truth, *(one for one in answered if one)}))
    if probabilities is None:
        probabilities = np.full((len(truth), len(labels)), 0.1 / len(labels), dtype=np.float32)
        for row, answer in enumerate(answered):
            probabilities[row, labels.index(answer)] += 0.9
    return SingleOutcomes(
        dimension=dimension,
        labels=labels,
        truth=tuple(truth),
        probabilities=probabilities,
        answered=tuple(answered),
        confidence=np.full(len(truth), 0.9) if confidence is None else np.asarray(confidence),
        routes=routes or (Route.AUTO,) * len(truth),
        metadata=metadata,
    )


def random_single(rng, *, rows=200, labels=("a", "b", "c", "d"), skill=2.0, strangers=0):
    """A model of some skill, with distinct probabilities and routes by confidence."""
    truth = rng.integers(0, len(labels), rows)
    scores = rng.normal(size=(rows, len(labels)))
    scores[np.arange(rows), truth] += skill
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    names = [labels[one] for one in truth]
    names[:strangers] = ["stranger"] * strangers
    confidence = chances.max(axis=1)
    return SingleOutcomes(
        dimension="team",
        labels=tuple(labels),
        truth=tuple(names),
        probabilities=chances,
        answered=tuple(labels[one] for one in best),
        confidence=confidence,
        routes=tuple(ROUTES[int(c < 0.8) + int(c < 0.5)] for c in confidence),
    )


def random_multi(rng, *, rows=200, labels=("x", "y", "z"), skill=2.0):
    truth = rng.random((rows, len(labels))) < 0.3
    scores = rng.normal(size=truth.shape) + skill * (truth - 0.5)
    chances = 1.0 / (1.0 + np.exp(-scores))
    answered = chances > 0.5
    confidence = np.where(answered, chances, 1.0 - chances).prod(axis=1)
    return MultiOutcomes(
        dimension="flags",
        labels=tuple(labels),
        truth=truth,
        probabilities=chances,
        answered=answered,
        confidence=confidence,
        routes=tuple(ROUTES[int(c < 0.6) + int(c < 0.3)] for c in confidence),
    )


seeds = st.integers(min_value=0, max_value=2**32 - 1)
