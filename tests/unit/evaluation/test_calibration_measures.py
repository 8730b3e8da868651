"""Calibration error is near zero for an honest forecaster and large for a boaster."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as their_log_loss

from sortyard.evaluation.calibration import brier, calibration, expected_error, log_loss
from tests.unit.evaluation.outcomes_for_tests import seeds


def honest(rng, rows=5_000):
    confidence = rng.uniform(0.3, 1.0, rows)
    return confidence, rng.random(rows) < confidence


def test_an_honest_forecaster_stays_within_the_noise(rng):
    found = calibration(*honest(rng), rng=rng)

    assert found.ece <= found.noise < 0.05


def test_a_boaster_does_not(rng):
    _, right = honest(rng)

    found = calibration(np.full(len(right), 0.99), right, rng=rng)

    assert found.ece == pytest.approx(0.99 - right.mean())
    assert found.ece > found.noise


def test_bins_hold_equally_many_messages(rng):
    found = calibration(*honest(rng, 3_000), rng=rng)

    assert {one.rows for one in found.bins} == {200}


def test_messages_without_confidence_are_left_out(rng):
    found = calibration(np.array([0.9, np.nan]), np.array([True, False]), rng=rng)

    assert found.rows == 1
    assert found.ece == pytest.approx(0.1)


def test_without_any_confidence_there_is_no_error(rng):
    found = calibration(np.full(3, np.nan), np.ones(3, dtype=bool), rng=rng)

    assert np.isnan(found.ece)
    assert found.bins == ()


@given(seeds, st.permutations(range(40)))
def test_the_order_of_equal_confidences_does_not_matter(seed, order):
    rng = np.random.default_rng(seed)
    confidence = rng.choice([0.2, 0.5, 0.9], 40)
    right = rng.random(40) < 0.5

    shuffled = expected_error(confidence[list(order)], right[list(order)])

    assert shuffled == pytest.approx(expected_error(confidence, right))


def chances(seed):
    rng = np.random.default_rng(seed)
    scores = rng.random((30, 3)) + 0.01
    return scores / scores.sum(axis=1, keepdims=True), rng.integers(0, 3, 30)


@given(seeds)
def test_log_loss_agrees_with_scikit_learn(seed):
    scores, truth = chances(seed)

    assert log_loss(scores, truth) == pytest.approx(their_log_loss(truth, scores, labels=range(3)))


@given(seeds)
def test_brier_agrees_with_scikit_learn(seed):
    scores, truth = chances(seed)

    expected = brier_score_loss(truth, scores, labels=[0, 1, 2], scale_by_half=False)

    assert brier(scores, truth[:, None] == np.arange(3)) == pytest.approx(expected)


def test_a_label_that_the_model_lacks_is_a_great_yet_finite_surprise():
    assert 10.0 < log_loss(np.array([[0.5, 0.5]]), np.array([-1])) < 20.0
