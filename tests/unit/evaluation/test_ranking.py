"""Ranking measures agree with scikit-learn and do not care about ties or order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    label_ranking_average_precision_score,
    roc_auc_score,
    top_k_accuracy_score,
)

from sortyard.evaluation.ranking import areas, mean_reciprocal_rank, recall_at, recall_of_sets
from tests.unit.evaluation.outcomes_for_tests import seeds


def made(seed, *, rows=40, labels=4, steps=None):
    rng = np.random.default_rng(seed)
    scores = rng.random((rows, labels))
    if steps:
        scores = np.round(scores * steps) / steps  # many ties
    return scores, rng.integers(0, labels, rows)


@given(seeds, st.integers(1, 3))
def test_recall_agrees_with_scikit_learn(seed, depth):
    scores, truth = made(seed)

    found = recall_at(scores, truth, (depth,))[depth]

    assert found == pytest.approx(
        top_k_accuracy_score(truth, scores, k=depth, labels=range(4)), abs=1e-9
    )


@given(seeds, st.permutations(range(4)))
def test_recall_with_ties_does_not_depend_on_the_order_of_labels(seed, order):
    scores, truth = made(seed, steps=2)

    found = recall_at(scores[:, list(order)], np.argsort(order)[truth])

    assert found == pytest.approx(recall_at(scores, truth))


def test_an_unknown_label_is_never_found():
    assert recall_at(np.array([[0.9, 0.1]]), np.array([-1]), (1, 2)) == {1: 0.0, 2: 0.0}


@given(seeds)
def test_the_reciprocal_rank_agrees_with_scikit_learn(seed):
    """With one true label its average precision is the reciprocal of its rank."""
    scores, truth = made(seed)

    found = mean_reciprocal_rank(scores, truth)

    assert found == pytest.approx(
        label_ranking_average_precision_score(truth[:, None] == np.arange(4), scores)
    )


def test_equal_probabilities_share_the_ranks_that_they_stand_on():
    scores = np.array([[0.2, 0.4, 0.4], [0.2, 0.4, 0.4], [1 / 3, 1 / 3, 1 / 3]])

    found = [mean_reciprocal_rank(scores[[row]], np.array([2])) for row in (0, 2)]

    assert found == pytest.approx([(1 + 1 / 2) / 2, (1 + 1 / 2 + 1 / 3) / 3])
    assert mean_reciprocal_rank(scores[[1]], np.array([0])) == pytest.approx(1 / 3)


def test_an_unknown_label_has_no_reciprocal_rank():
    assert mean_reciprocal_rank(np.array([[0.9, 0.1]]), np.array([-1])) == 0.0
    assert np.isnan(mean_reciprocal_rank(np.empty((0, 2)), np.empty(0, dtype=int)))


def test_recall_of_sets_is_the_mean_share_of_the_true_labels():
    scores = np.array([[0.9, 0.5, 0.1], [0.1, 0.2, 0.3], [0.3, 0.2, 0.1]])
    truth = np.array([[True, False, True], [False, False, True], [False, False, False]])

    found = recall_of_sets(scores, truth, (1, 3, 20))

    assert found == {1: pytest.approx(0.75), 3: 1.0, 20: 1.0}


@settings(deadline=None, max_examples=20)
@given(seeds, st.sampled_from([None, 3]))
def test_areas_agree_with_scikit_learn(seed, steps):
    scores, classes = made(seed, steps=steps)
    truth = classes[:, None] == np.arange(4)
    kept = truth.any(axis=0)

    found = areas(scores, truth)

    pairs = [(truth[:, one], scores[:, one]) for one in np.flatnonzero(kept)]
    assert found.roc_auc == pytest.approx(np.mean([roc_auc_score(*pair) for pair in pairs]))
    assert found.pr_auc == pytest.approx(
        np.mean([average_precision_score(*pair) for pair in pairs])
    )
    assert found.labels_left_out == (~kept).sum()


def test_a_label_that_every_row_has_is_left_out_of_the_areas():
    found = areas(np.ones((3, 1)), np.ones((3, 1), dtype=bool))

    assert np.isnan(found.roc_auc)
    assert found.labels_left_out == 1
