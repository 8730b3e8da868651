"""A difference between two releases is real only if chance would seldom make it."""

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.metrics import f1_score

from sortyard.evaluation.comparison import compare_multi, compare_single
from tests.unit.evaluation.outcomes_for_tests import seeds


def compared(truth, one, other, seed=1):
    rng = np.random.default_rng(seed)
    return compare_single(truth, one, other, rng=rng, replicates=200)


def test_mcnemar_is_exact():
    """Ten messages on which they differ, nine for the newer: 2 x 11 / 1024."""
    truth = ["a"] * 30
    one = ["b"] * 9 + ["a"] * 21
    other = ["a"] * 29 + ["b"]

    found = compared(truth, one, other)

    assert (found.only_other_right, found.only_one_right) == (9, 1)
    assert found.p_value == pytest.approx(2 * 11 / 1024)


def test_the_same_answers_do_not_differ():
    found = compared("abab", "abba", "abba")

    assert found.p_value == 1.0
    assert found.accuracy.gain == 0.0
    assert (found.accuracy.interval.low, found.accuracy.interval.high) == (0.0, 0.0)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_both_sides_agree_with_scikit_learn(seed):
    truth, one, other = np.random.default_rng(seed).choice(list("abc"), (3, 50))

    found = compared(truth, one, other)

    labels = sorted(set(truth))
    for side, answer in ((found.macro_f1.one, one), (found.macro_f1.other, other)):
        assert side == pytest.approx(f1_score(truth, answer, labels=labels, average="macro"))
    assert found.accuracy.other == pytest.approx((truth == other).mean())
    assert found.micro_f1.other == pytest.approx(found.accuracy.other)


def test_a_clear_gain_has_an_interval_above_zero():
    rng = np.random.default_rng(2)
    truth = rng.choice(list("abcd"), 400)
    one = np.where(rng.random(400) < 0.5, truth, "a")

    found = compared(truth, one, truth)

    assert found.accuracy.interval.low > 0.2
    assert found.macro_f1.interval.low > 0.0


def test_exchanging_the_sides_turns_the_sign():
    rng = np.random.default_rng(3)
    truth, one, other = rng.choice(list("ab"), (3, 60))

    there, back = compared(truth, one, other), compared(truth, other, one)

    assert there.accuracy.gain == -back.accuracy.gain
    assert there.p_value == pytest.approx(back.p_value)


def test_sets_are_compared_as_wholes():
    truth = np.array([[True, False], [False, True], [True, True]])
    one = np.array([[True, False], [False, False], [True, False]])

    found = compare_multi(truth, one, truth, rng=np.random.default_rng(1), replicates=50)

    assert found.accuracy.one == pytest.approx(1 / 3)
    assert found.accuracy.other == 1.0
    assert found.only_other_right == 2


def test_sets_are_compared_label_by_label_too():
    """Two hits of four true labels, and nothing given without need: 2 x 2 / (2 + 4)."""
    truth = np.array([[True, False], [False, True], [True, True]])
    one = np.array([[True, False], [False, False], [True, False]])

    found = compare_multi(truth, one, truth, rng=np.random.default_rng(1), replicates=50)

    assert found.micro_f1.one == pytest.approx(2 / 3)
    assert found.micro_f1.gain == pytest.approx(1 / 3)
    assert found.micro_f1.gain in found.micro_f1.interval
