"""The laws of sharing out anew: what is given to one candidate is taken from the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.models.calibration import softmax
from sortyard.models.reranker import MOST, Reranking
from tests.contracts.fakes import OverlapScorer
from tests.contracts.pair_scorers import check_pair_scorer


def reranking(
    labels: int, *, most: int = 3, sharpness: float = 1.0, weight: float = 1.0
) -> Reranking:
    return Reranking(
        cards=tuple(f"card {label}" for label in range(labels)),
        most=most,
        margin=0.5,
        sharpness=sharpness,
        weight=weight,
    )


NUMBERS = st.integers(0, 2**32 - 1).map(np.random.default_rng)
KNOBS = st.floats(0.0, 50.0)


def some(rng: np.random.Generator, labels: int, texts: int = 5) -> NDArray[np.float32]:
    """Probabilities of which no two are equal, and some are next to nothing."""
    return np.asarray(softmax(rng.normal(0.0, 6.0, (texts, labels))), dtype=np.float32)


@given(NUMBERS, st.integers(1, 30), st.integers(2, MOST), KNOBS, KNOBS)
def test_every_row_stays_a_distribution_and_labels_outside_keep_theirs(
    rng: np.random.Generator, labels: int, most: int, sharpness: float, weight: float
) -> None:
    one = reranking(labels, most=most, sharpness=sharpness, weight=weight)
    before = some(rng, labels)
    places = one.candidates(before)
    after = one.rerank(before, places, rng.normal(0.0, 30.0, places.shape))
    assert after.dtype == before.dtype
    assert (after >= 0.0).all()
    assert (after <= 1.0).all()
    np.testing.assert_allclose(after.sum(axis=1), 1.0, atol=1e-5)
    outside = np.ones(before.shape, dtype=np.bool_)
    np.put_along_axis(outside, places, values=False, axis=1)
    np.testing.assert_array_equal(after[outside], before[outside])


@given(NUMBERS, st.integers(1, 30), st.integers(2, MOST))
def test_without_weight_nothing_changes(rng: np.random.Generator, labels: int, most: int) -> None:
    one = reranking(labels, most=most, weight=0.0)
    before = some(rng, labels)
    places = one.candidates(before)
    after = one.rerank(before, places, rng.normal(0.0, 9.0, places.shape))
    np.testing.assert_allclose(after, before, atol=1e-6)


@given(NUMBERS, st.integers(2, 30), st.integers(2, MOST), KNOBS, KNOBS)
def test_the_order_of_candidates_and_of_labels_does_not_matter(
    rng: np.random.Generator, labels: int, most: int, sharpness: float, weight: float
) -> None:
    one = reranking(labels, most=most, sharpness=sharpness, weight=weight)
    before, says = some(rng, labels), rng.normal(0.0, 3.0, (5, labels))

    def reranked(table: NDArray[np.float32], says: NDArray[np.float64]) -> NDArray[np.float32]:
        places = one.candidates(table)
        places = places[:, rng.permutation(places.shape[1])]
        return one.rerank(table, places, np.take_along_axis(says, places, axis=1))

    order = rng.permutation(labels)
    np.testing.assert_allclose(
        reranked(before[:, order], says[:, order]), reranked(before, says)[:, order], atol=1e-6
    )


@given(NUMBERS, st.integers(2, 10))
def test_with_scores_alone_the_best_pair_is_the_best_candidate(
    rng: np.random.Generator, labels: int
) -> None:
    one = reranking(labels, most=labels, sharpness=0.0)
    before = np.maximum(some(rng, labels), np.float32(1e-6))
    places = one.candidates(before)
    says = rng.permuted(np.tile(np.arange(places.shape[1], dtype=float), (5, 1)), axis=1)
    best = one.rerank(before, places, says).argmax(axis=1)
    np.testing.assert_array_equal(best, places[np.arange(5), says.argmax(axis=1)])


def test_it_is_the_formula() -> None:
    one = reranking(3, most=2, sharpness=0.5, weight=2.0)
    before = np.array([[0.1, 0.5, 0.4]], dtype=np.float32)
    parts = [0.5**0.5 * np.exp(2.0 * 0.1), 0.4**0.5 * np.exp(2.0 * 0.3)]
    expected = [0.1, *(0.9 * part / sum(parts) for part in parts)]
    places = one.candidates(before)
    np.testing.assert_array_equal(places, [[1, 2]])
    after = one.rerank(before, places, np.array([[0.1, 0.3]]))
    np.testing.assert_allclose(after, [expected], atol=1e-6)


def test_what_the_line_rules_out_stays_so() -> None:
    one = reranking(3, most=3)
    before = np.array([[0.6, 0.4, 0.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    after = one.rerank(before, one.candidates(before), np.array([[0.0, 0.0, 99.0]] * 2))
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_no_texts_give_no_rows() -> None:
    one = reranking(4)
    before = np.empty((0, 4), dtype=np.float32)
    assert one.rerank(before, one.candidates(before), np.empty((0, 3))).shape == (0, 4)


@given(st.integers(1, 40), st.integers(2, MOST))
def test_no_more_labels_are_read_than_it_may(labels: int, most: int) -> None:
    before = np.full((2, labels), 1.0 / labels, dtype=np.float32)
    places = reranking(labels, most=most).candidates(before)
    assert places.shape == (2, min(labels, most))


@pytest.mark.parametrize(
    "change",
    [
        {"most": 1},
        {"most": MOST + 1},
        {"margin": -0.1},
        {"margin": float("nan")},
        {"weight": float("nan")},
        {"weight": -1.0},
        {"sharpness": float("inf")},
    ],
    ids=str,
)
def test_numbers_that_mean_nothing_are_refused(change: dict[str, float]) -> None:
    one = reranking(3)
    with pytest.raises(ValueError, match="from"):
        Reranking.from_dict(one.to_dict() | change, one.cards)


def test_what_was_stored_is_read_back() -> None:
    one = reranking(3, most=4, sharpness=0.7, weight=1.3)
    assert Reranking.from_dict(one.to_dict(), one.cards) == one


def test_the_fake_keeps_the_contract_of_scorers() -> None:
    check_pair_scorer(OverlapScorer())
