"""A reranking is learnt where held-out messages gain by it, and nowhere else."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.best import best_labels
from sortyard.models.dimension import lead_of
from sortyard.models.line import Judged
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.gains import Gain
from sortyard.training.rerank.reranking import Reranked, fit_reranking, fit_shares
from sortyard.training.rerank.rivalry import Rivalry
from sortyard.training.truth import Truth

RECIPE = Recipe(name="tiny")
LABELS, MOST = 6, 5
MILD = 1.5  # how far apart the line's scores are: it is right in about half of all cases


def rivalry(rng: np.random.Generator, *, rows: int = 2_000, judged: int = 10_000) -> Rivalry:
    """A line that says what it knows: its probabilities are those that the truth was drawn by."""
    logits = rng.normal(scale=MILD, size=(rows, LABELS))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([rng.choice(LABELS, p=row) for row in chances])
    probabilities = chances.astype(np.float32)
    leads = lead_of(probabilities, np.full(LABELS, 0.5, dtype=np.float32), Kind.SINGLE)
    order = np.argsort(leads)
    asked = np.sort(order[:judged])
    return Rivalry(
        cards=tuple(f"card {number}" for number in range(LABELS)),
        texts=[f"text {row}" for row in range(rows)],
        truth=Truth(Kind.SINGLE, LABELS, truth),
        folds=np.arange(rows) % 3,
        fair=np.ones(rows, dtype=np.bool_),
        full=Judged(probabilities, np.zeros(rows)),
        leads=leads,
        sampled=np.ones(rows, dtype=np.bool_),
        asked=asked,
        candidates=best_labels(probabilities[asked], MOST),
        most=MOST,
        ceiling=inf if judged >= rows else float(leads[order[judged]]),
    )


def scores_of(
    found: Rivalry, rng: np.random.Generator, *, signal: float = 2.0
) -> NDArray[np.float32]:
    """Scores that lean to the truth by so much, with a noise of 1: a likelihood ratio of both."""
    truth = found.truth.single[found.asked][:, None]
    noise = rng.normal(size=found.candidates.shape)
    return (signal * (found.candidates == truth) + noise).astype(np.float32)


def fitted(found: Rivalry, scores: NDArray[np.float32]) -> tuple[Reranked, Gain]:
    reranked, gain = fit_reranking(found, scores, RECIPE)
    assert reranked is not None
    return reranked, gain


def test_scores_that_tell_the_truth_are_worth_a_reranking(rng: np.random.Generator) -> None:
    found = rivalry(rng)
    reranked, gain = fitted(found, scores_of(found, rng))

    assert gain.pays
    assert gain.accuracy[1] > gain.accuracy[0] + 0.1
    assert gain.log_loss[1] < gain.log_loss[0] - 0.1
    assert gain.calibration_error[1] < 0.08
    assert "has a reranker, which reads" in gain.told("team", MOST)
    right = reranked.held_out.probabilities.argmax(axis=1) == found.truth.single
    assert right.mean() > gain.accuracy[0] + 0.1
    np.testing.assert_allclose(reranked.held_out.probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_what_a_score_is_worth_is_found_again(rng: np.random.Generator) -> None:
    """Of two normal scores two apart the ratio of likelihoods is twice their difference."""
    found = rivalry(rng, rows=4_000)
    scores = scores_of(found, rng, signal=2.0)
    sharpness, weight = fit_shares(found, scores, np.ones(len(scores), dtype=np.bool_))

    assert sharpness == pytest.approx(1.0, abs=0.12)
    assert weight == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scores_that_tell_nothing_are_left_out(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = rivalry(rng)
    reranked, gain = fit_reranking(found, scores_of(found, rng, signal=0.0), RECIPE)

    assert reranked is None
    assert not gain.pays
    assert "has no reranker, since none paid" in gain.told("team", MOST)


def test_scores_that_tell_the_contrary_count_nothing(rng: np.random.Generator) -> None:
    found = rivalry(rng)
    scores = -scores_of(found, rng)
    _, weight = fit_shares(found, scores, np.ones(len(scores), dtype=np.bool_))

    assert weight == 0.0
    assert fit_reranking(found, scores, RECIPE)[0] is None


def test_the_order_of_candidates_makes_no_difference(rng: np.random.Generator) -> None:
    found = rivalry(rng)
    scores = scores_of(found, rng)
    order = rng.permuted(np.tile(np.arange(MOST), (len(scores), 1)), axis=1)
    other = replace(found, candidates=np.take_along_axis(found.candidates, order, axis=1))
    first, _ = fitted(found, scores)
    second, _ = fitted(other, np.take_along_axis(scores, order, axis=1))

    assert first.reranking.margin == pytest.approx(second.reranking.margin)
    np.testing.assert_allclose(
        first.held_out.probabilities, second.held_out.probabilities, atol=1e-5
    )


def test_nothing_is_read_that_was_not_judged(rng: np.random.Generator) -> None:
    found = rivalry(rng, judged=600)
    reranked, gain = fitted(found, scores_of(found, rng))
    changed = (reranked.held_out.probabilities != found.full.probabilities).any(axis=1)

    assert reranked.reranking.margin <= found.ceiling
    assert gain.reads <= 600 / 2_000
    assert not changed[found.leads >= reranked.reranking.margin].any()


def test_unfair_rows_choose_nothing(rng: np.random.Generator) -> None:
    """Rows of labels that no head had seen are read, but what they say is not counted."""
    found = rivalry(rng)
    scores = scores_of(found, rng)
    unfair = np.arange(len(found.texts)) % 2 == 0
    scores[unfair] *= -9.0
    reranked, gain = fitted(replace(found, fair=~unfair), scores)

    assert reranked.reranking.weight > 1.0
    assert gain.rows == (~unfair).sum()


def test_a_handful_of_messages_proves_nothing(rng: np.random.Generator) -> None:
    found = rivalry(rng, rows=20)

    assert fit_reranking(found, scores_of(found, rng, signal=9.0), RECIPE)[0] is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_a_sharpness_gains_is_no_gain_of_the_scores(seed: int) -> None:
    """A line that is too sure of itself gains by any reranking; that does not pay for reading."""
    rng = np.random.default_rng(seed)
    found = rivalry(rng)
    sure = found.full.probabilities**3
    sure /= sure.sum(axis=1, keepdims=True)
    found = replace(found, full=Judged(sure, found.full.novelty))
    reranked, gain = fit_reranking(found, scores_of(found, rng, signal=0.0), RECIPE)

    assert gain.log_loss[1] < gain.log_loss[0] - 0.1
    assert reranked is None
