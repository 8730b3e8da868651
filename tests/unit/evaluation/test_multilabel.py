"""Measures of sets agree with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.metrics import f1_score
from sklearn.metrics import hamming_loss as their_hamming_loss

from sortyard.evaluation.multilabel import SetPatterns, hamming_loss, samples_f1
from tests.unit.evaluation.outcomes_for_tests import seeds


def made(seed):
    rng = np.random.default_rng(seed)
    truth = rng.random((30, 4)) < 0.4
    return truth, truth ^ (rng.random((30, 4)) < 0.2)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_averages_agree_with_scikit_learn(seed):
    truth, answer = made(seed)

    counts = SetPatterns.of(truth, answer).counts()

    seen = np.flatnonzero(truth.any(axis=0))
    for average, labels in (("macro", seen), ("micro", None), ("weighted", None)):
        expected = f1_score(truth, answer, average=average, labels=labels, zero_division=0)
        assert getattr(counts, f"{average}_f1") == pytest.approx(expected)


@given(seeds)
def test_hamming_loss_agrees_with_scikit_learn(seed):
    truth, answer = made(seed)

    assert hamming_loss(truth, answer) == pytest.approx(their_hamming_loss(truth, answer))


@given(seeds)
def test_f1_per_message_agrees_with_scikit_learn(seed):
    truth, answer = made(seed)

    expected = f1_score(truth, answer, average="samples", zero_division=1)

    assert samples_f1(truth, answer) == pytest.approx(expected)


def test_patterns_count_messages_that_look_alike_once():
    truth = np.array([[True, False]] * 3 + [[False, True]])

    patterns = SetPatterns.of(truth, truth)

    assert sorted(patterns.rows) == [1, 3]
