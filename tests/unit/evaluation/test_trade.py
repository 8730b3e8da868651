"""The trade between answering more and being wrong more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.evaluation.trade import trade
from tests.unit.evaluation.outcomes_for_tests import seeds

SURE = np.array([0.9, 0.8, 0.7, 0.6])
RIGHT = np.array([True, True, False, True])


def test_risk_grows_with_coverage_as_counted_by_hand():
    found = trade(SURE, RIGHT)

    assert [(one.coverage, one.risk) for one in found.points] == [
        (0.25, 0.0),
        (0.5, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.25),
    ]
    assert found.aurc == pytest.approx((1 / 3 + 1 / 4) / 4)


def test_coverage_at_a_precision_is_the_largest_that_reaches_it():
    found = trade(SURE, RIGHT, targets=(0.95, 0.75))

    assert found.coverage_at == {0.95: 0.5, 0.75: 1.0}


def test_a_threshold_cannot_split_equal_confidences():
    found = trade(np.full(4, 0.9), RIGHT, targets=(0.95,))

    assert found.coverage_at == {0.95: 0.0}
    assert len(found.points) == 1


def test_no_threshold_reaches_messages_without_confidence():
    found = trade(np.array([0.9, np.nan]), np.array([True, True]), targets=(0.95,))

    assert found.coverage_at == {0.95: 0.5}


@given(seeds, st.permutations(range(30)))
def test_the_order_of_messages_does_not_matter(seed, order):
    rng = np.random.default_rng(seed)
    confidence = rng.choice([0.3, 0.6, 0.9, np.nan], 30)
    right = rng.random(30) < 0.6

    found = trade(confidence[list(order)], right[list(order)])

    assert found.aurc == pytest.approx(trade(confidence, right).aurc)


@given(seeds)
def test_the_last_risk_is_the_share_of_errors(seed):
    rng = np.random.default_rng(seed)
    right = rng.random(300) < 0.6

    found = trade(rng.random(300), right)

    assert found.points[-1].risk == pytest.approx(1.0 - right.mean())
    assert len(found.points) <= 200
