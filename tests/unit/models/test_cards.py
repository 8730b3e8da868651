"""Labels without rows share the belief of the others, and are not louder than they may be."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.models.calibration import softmax
from sortyard.models.cards import Cards, share_belief

FEW = settings(max_examples=40, deadline=None)  # a busy machine breaks no law
ROWS, KNOWN, NEW = 3, 4, 2
SCORES = arrays(np.float32, (ROWS, KNOWN), elements=st.floats(-50, 50, width=32))
ODDS = arrays(np.float32, (ROWS, NEW), elements=st.floats(-(2.0**99), 2.0**99, width=32))


@FEW
@given(SCORES, ODDS)
def test_belief_still_sums_to_one(scores: np.ndarray, odds: np.ndarray) -> None:
    shared = share_belief(softmax(scores), odds)
    assert shared.shape == (ROWS, KNOWN + NEW)
    assert (shared >= 0.0).all()
    np.testing.assert_allclose(shared.sum(axis=1), 1.0, rtol=1e-5)


@FEW
@given(SCORES, ODDS)
def test_known_labels_keep_their_proportions(scores: np.ndarray, odds: np.ndarray) -> None:
    known = softmax(scores)
    odds = np.minimum(odds, 5.0)
    kept = share_belief(known, odds)[:, :KNOWN]
    np.testing.assert_allclose(kept / kept.sum(axis=1, keepdims=True), known, rtol=1e-3, atol=1e-6)


@FEW
@given(SCORES)
def test_without_new_labels_nothing_changes(scores: np.ndarray) -> None:
    known = softmax(scores)
    assert share_belief(known, np.empty((ROWS, 0), dtype=np.float32)) is known


def test_even_odds_take_half() -> None:
    shared = share_belief(np.array([[0.75, 0.25]]), np.zeros((1, 1), dtype=np.float32))
    np.testing.assert_allclose(shared, [[0.375, 0.125, 0.5]])


def test_the_odds_are_those_of_the_formula() -> None:
    cards = Cards(np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32), 4.0, -0.5, -1.0)
    odds = cards.log_odds(
        np.array([[0.6, 0.8]], dtype=np.float32), np.array([2.0], dtype=np.float32)
    )
    np.testing.assert_allclose(odds, [[4 * 0.6 - 2.0, 4 * 0.8 - 2.0]], rtol=1e-6)


def test_a_dimension_without_new_labels_has_no_cards() -> None:
    none = Cards.none(3)
    odds = none.log_odds(np.ones((2, 3), dtype=np.float32), np.zeros(2, dtype=np.float32))
    assert len(none) == 0
    assert odds.shape == (2, 0)
