"""One linear map for all labels, held against scikit-learn and against its own slope."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression

from sortyard.domain.taxonomy import Kind
from sortyard.training.heads import meaning as meaning_head
from sortyard.training.heads.meaning import Objective, fit_meaning_head
from sortyard.training.truth import Truth

Vectors = NDArray[np.float32]


def _vectors(rng: np.random.Generator, rows: int = 300, width: int = 12) -> Vectors:
    return rng.standard_normal((rows, width)).astype(np.float32)


def _single(vectors: Vectors, rng: np.random.Generator, count: int = 4) -> Truth:
    scores = vectors[:, :count] + rng.gumbel(size=(len(vectors), count))
    return Truth(Kind.SINGLE, count, scores.argmax(axis=1))


def _multi(vectors: Vectors, rng: np.random.Generator, count: int = 3) -> Truth:
    scores = vectors[:, :count] + rng.logistic(size=(len(vectors), count))
    return Truth(Kind.MULTI, count, scores > 0.5)


EXACT = 1e-9  # the tolerance of a descent that goes on to the end


@pytest.mark.parametrize("strength", [0.1, 1.0, 30.0])
def test_a_single_head_agrees_with_logistic_regression(
    rng: np.random.Generator, strength: float
) -> None:
    vectors = _vectors(rng)
    truth = _single(vectors, rng)
    head = fit_meaning_head(vectors, truth, strength=strength, tolerance=EXACT)
    found = softmax(head.scores(vectors), axis=1)
    theirs = LogisticRegression(C=strength, tol=1e-8, max_iter=2_000).fit(vectors, truth.single)
    np.testing.assert_allclose(found, theirs.predict_proba(vectors), atol=5e-3)


@pytest.mark.parametrize("strength", [0.1, 1.0, 30.0])
def test_each_label_of_a_multi_head_agrees_with_logistic_regression(
    rng: np.random.Generator, strength: float
) -> None:
    vectors = _vectors(rng)
    truth = _multi(vectors, rng)
    head = fit_meaning_head(vectors, truth, strength=strength, tolerance=EXACT)
    found = expit(head.scores(vectors))
    for label in range(truth.count):
        theirs = LogisticRegression(C=strength, tol=1e-8, max_iter=2_000)
        theirs.fit(vectors, truth.matrix[:, label])
        np.testing.assert_allclose(found[:, label], theirs.predict_proba(vectors)[:, 1], atol=5e-3)


def test_balanced_heads_agree_with_balanced_logistic_regression(rng: np.random.Generator) -> None:
    vectors = _vectors(rng)
    theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=2_000, class_weight="balanced")
    single = _single(vectors, rng)
    rare = Truth(Kind.SINGLE, 5, np.where(np.arange(len(single)) % 9 == 0, 4, single.single))
    head = fit_meaning_head(vectors, rare, strength=1.0, tolerance=EXACT, balanced=True)
    expected = theirs.fit(vectors, rare.single).predict_proba(vectors)
    np.testing.assert_allclose(softmax(head.scores(vectors), axis=1), expected, atol=5e-3)

    multi = _multi(vectors, rng)
    head = fit_meaning_head(vectors, multi, strength=1.0, tolerance=EXACT, balanced=True)
    for label in range(multi.count):
        expected = theirs.fit(vectors, multi.matrix[:, label]).predict_proba(vectors)[:, 1]
        found = expit(head.scores(vectors))[:, label]
        np.testing.assert_allclose(found, expected, atol=5e-3)


def test_the_weights_agree_too_once_both_are_centred(rng: np.random.Generator) -> None:
    """A softmax leaves one shift of all labels open; the penalty closes it for the weights."""
    vectors = _vectors(rng)
    truth = _single(vectors, rng)
    head = fit_meaning_head(vectors, truth, strength=1.0)
    theirs = LogisticRegression(C=1.0, tol=1e-8, max_iter=2_000).fit(vectors, truth.single)
    np.testing.assert_allclose(head.weights.T, theirs.coef_, atol=0.02)
    np.testing.assert_allclose(
        head.biases - head.biases.mean(), theirs.intercept_ - theirs.intercept_.mean(), atol=0.02
    )


@given(st.integers(0, 10_000), st.sampled_from(Kind), st.floats(0.0, 10.0), st.booleans())
def test_the_slope_is_the_one_of_the_loss(
    seed: int,
    kind: Kind,
    penalty: float,
    balanced: bool,  # noqa: FBT001 -- hypothesis gives it
) -> None:
    rng = np.random.default_rng(seed)
    vectors = _vectors(rng, rows=9, width=3)
    truth = _single(vectors, rng, 3) if kind is Kind.SINGLE else _multi(vectors, rng, 3)
    weights = truth.balance() if balanced else None
    objective = Objective(vectors, truth, penalty, weights=weights)
    place = rng.standard_normal(4 * 3).astype(np.float32).astype(np.float64)
    direction = rng.standard_normal(len(place))
    direction /= np.linalg.norm(direction)
    step = 1e-2
    _, slope = objective(place)
    rise = (objective(place + step * direction)[0] - objective(place - step * direction)[0]) / 2
    assert rise / step == pytest.approx(float(slope @ direction), abs=2e-3, rel=2e-3)


@given(st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = _vectors(rng, rows=40, width=5)
    truth = _single(vectors, rng, 3)
    order = rng.permutation(len(vectors))
    one = fit_meaning_head(vectors, truth, strength=1.0)
    other = fit_meaning_head(vectors[order], truth.take(order), strength=1.0)
    np.testing.assert_allclose(one.scores(vectors), other.scores(vectors), atol=0.03)


@given(st.integers(0, 10_000), st.sampled_from(Kind))
def test_labels_may_be_numbered_in_any_way(seed: int, kind: Kind) -> None:
    rng = np.random.default_rng(seed)
    vectors = _vectors(rng, rows=40, width=5)
    names = rng.permutation(3)  # label n is now called names[n]
    if kind is Kind.SINGLE:
        truth = _single(vectors, rng, 3)
        renamed = Truth(kind, 3, names[truth.single])
    else:
        truth = _multi(vectors, rng, 3)
        renamed = Truth(kind, 3, truth.matrix[:, np.argsort(names)])
    one = fit_meaning_head(vectors, truth, strength=1.0).scores(vectors)
    other = fit_meaning_head(vectors, renamed, strength=1.0).scores(vectors)[:, names]
    np.testing.assert_allclose(one, other, atol=0.03)


def test_the_scores_are_made_a_few_rows_at_a_time(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = _vectors(rng, rows=50)
    truth = _single(vectors, rng)
    whole = fit_meaning_head(vectors, truth, strength=1.0)
    monkeypatch.setattr(meaning_head, "SCORES_AT_ONCE", 3)  # fewer than one row has
    by_row = fit_meaning_head(vectors, truth, strength=1.0)
    np.testing.assert_allclose(whole.scores(vectors), by_row.scores(vectors), atol=1e-2)


def test_a_label_without_rows_is_never_the_best(rng: np.random.Generator) -> None:
    vectors = _vectors(rng)
    truth = Truth(Kind.SINGLE, 3, rng.integers(2, size=len(vectors)))
    scores = fit_meaning_head(vectors, truth, strength=10.0).scores(vectors)
    assert (scores.argmax(axis=1) != 2).all()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_single_label_can_be_learnt(rng: np.random.Generator, kind: Kind) -> None:
    vectors = _vectors(rng, rows=5)
    held = np.zeros(5, np.intp) if kind is Kind.SINGLE else np.ones((5, 1), np.bool_)
    scores = fit_meaning_head(vectors, Truth(kind, 1, held), strength=10.0).scores(vectors)
    assert np.isfinite(scores).all()


def test_one_row_is_enough_not_to_fall_over(rng: np.random.Generator) -> None:
    vectors = _vectors(rng, rows=1)
    head = fit_meaning_head(vectors, Truth(Kind.SINGLE, 2, np.array([1])), strength=10.0)
    assert head.scores(vectors).argmax() == 1
