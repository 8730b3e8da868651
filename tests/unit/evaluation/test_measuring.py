"""The measures of a whole dimension."""

import json
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score

from sortyard.domain.errors import NotEnoughData
from sortyard.domain.predictions import Route
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.measuring import measure
from sortyard.evaluation.outcomes import MultiOutcomes, SingleOutcomes
from sortyard.evaluation.plain import plain
from tests.unit.evaluation.outcomes_for_tests import random_multi, random_single, seeds, single

ALWAYS = """
    accuracy macro_f1 micro_f1 weighted_f1 ece brier log_loss auto_coverage auto_precision
    confirm_share review_share recall_at_1 recall_at_3 recall_at_5 recall_at_10 recall_at_20
    roc_auc pr_auc aurc coverage_at_95
"""
FOR_SINGLE = f"{ALWAYS} sibling_confusion hierarchical_f1 mean_reciprocal_rank"
FOR_MULTI = f"{ALWAYS} subset_accuracy hamming_loss samples_f1"
NOISY = {"ece_noise"}  # simulated


def measured(outcomes, *, replicates=20, seed=7):
    return measure(outcomes, rng=np.random.default_rng(seed), replicates=replicates)


def test_a_single_dimension_has_every_promised_figure(rng):
    found = measured(random_single(rng))

    assert found.kind is Kind.SINGLE
    assert found.metrics.keys() >= set(FOR_SINGLE.split())


def test_a_multi_dimension_has_every_promised_figure(rng):
    found = measured(random_multi(rng))

    assert found.kind is Kind.MULTI
    assert found.metrics.keys() >= set(FOR_MULTI.split())


@pytest.mark.parametrize("make", [random_single, random_multi])
def test_what_is_not_defined_is_null_in_json(make, rng):
    found = measured(make(rng, rows=3))

    assert "NaN" not in json.dumps(plain(found), allow_nan=False)


def test_one_message_is_enough_to_measure():
    found = measured(single(["a"], ["a"]))

    assert found.metrics["accuracy"] == 1.0


def test_no_message_is_too_few():
    empty = single([], [], labels=["a"], probabilities=np.zeros((0, 1)))

    with pytest.raises(NotEnoughData, match="measure dimension 'team': 0 labelled texts"):
        measured(empty)


@settings(deadline=None, max_examples=25)
@given(seeds, st.permutations(range(4)), st.integers(0, 3))
def test_renaming_and_reordering_the_labels_changes_no_figure(seed, order, strangers):
    """The bug of a peer: a metric that depends on how a label is spelt or where it stands."""
    before = random_single(np.random.default_rng(seed), rows=60, strangers=strangers)
    renamed = dict(zip(before.labels, ("zebra", "ant", "cow", "bee"), strict=True))
    after = SingleOutcomes(
        dimension=before.dimension,
        labels=tuple(renamed[before.labels[one]] for one in order),
        truth=[renamed.get(one, "a stranger") for one in before.truth],
        probabilities=before.probabilities[:, list(order)],
        answered=[renamed[one] for one in before.answered],
        confidence=before.confidence,
        routes=before.routes,
    )

    one, other = measured(before), measured(after)

    assert other.fates == one.fates
    for name, figure in one.metrics.items():
        if name not in NOISY:
            assert other.metrics[name] == pytest.approx(figure, nan_ok=True), name


@settings(deadline=None, max_examples=25)
@given(seeds, st.permutations(range(60)))
def test_the_order_of_messages_changes_no_figure(seed, order):
    before = random_single(np.random.default_rng(seed), rows=60)
    after = SingleOutcomes(
        dimension=before.dimension,
        labels=before.labels,
        truth=[before.truth[one] for one in order],
        probabilities=before.probabilities[list(order)],
        answered=[before.answered[one] for one in order],
        confidence=before.confidence[list(order)],
        routes=[before.routes[one] for one in order],
    )

    one, other = measured(before), measured(after)

    for name, figure in one.metrics.items():
        if name not in NOISY:
            assert other.metrics[name] == pytest.approx(figure, nan_ok=True), name


@settings(deadline=None, max_examples=25)
@given(seeds, st.permutations(range(3)))
def test_reordering_the_labels_of_sets_changes_no_figure(seed, order):
    before = random_multi(np.random.default_rng(seed), rows=60)
    columns = list(order)
    after = MultiOutcomes(
        dimension=before.dimension,
        labels=tuple(before.labels[one] for one in columns),
        truth=before.truth[:, columns],
        probabilities=before.probabilities[:, columns],
        answered=before.answered[:, columns],
        confidence=before.confidence,
        routes=before.routes,
    )

    one, other = measured(before), measured(after)

    for name, figure in one.metrics.items():
        if name not in NOISY:
            assert other.metrics[name] == pytest.approx(figure, nan_ok=True), name


def test_accuracy_and_f1_agree_with_scikit_learn(rng):
    outcomes = random_single(rng, strangers=5)

    found = measured(outcomes).metrics

    assert found["accuracy"] == accuracy_score(outcomes.truth, outcomes.forecast)
    expected = f1_score(outcomes.truth, outcomes.forecast, average="macro")
    assert found["macro_f1"] == pytest.approx(expected)


def test_a_label_the_model_does_not_have_is_always_wrong():
    found = measured(single(["new", "a"], ["a", "a"], labels=["a"]))

    assert found.metrics["accuracy"] == 0.5
    assert {one.label: one.recall for one in found.labels} == {"a": 1.0, "new": 0.0}


def test_a_roll_up_to_the_parent_is_a_right_answer():
    outcomes = single(
        ["billing/refunds", "billing/refunds"],
        ["billing", "accounts"],
        labels=["billing/refunds", "accounts"],
        probabilities=np.array([[0.4, 0.3], [0.2, 0.8]]),
    )

    found = measured(outcomes)

    assert found.metrics["answer_accuracy"] == 0.5
    assert found.metrics["rolled_up_share"] == 0.5
    assert found.fates.auto_right == 1


def test_a_missing_answer_is_wrong_and_far():
    outcomes = single(
        ["a"], [None], labels=["a", "b"], probabilities=np.array([[0.5, 0.4]]), confidence=[np.nan]
    )

    found = measured(outcomes)

    assert found.fates.auto_far == 1
    assert np.isnan(found.metrics["ece"])


def test_every_message_has_one_fate(rng):
    outcomes = random_single(rng)

    fates = measured(outcomes).fates

    assert fates.rows == len(outcomes)
    assert fates.auto == sum(route is Route.AUTO for route in outcomes.routes)


def test_confused_pairs_come_most_frequent_first():
    found = measured(single("aaabbc", "bbacab", labels="abc"))

    assert [(one.truth, one.answer, one.rows) for one in found.confusions] == [
        ("a", "b", 2),
        ("b", "a", 1),
        ("b", "c", 1),
        ("c", "b", 1),
    ]


def test_a_missed_label_of_a_set_is_paired_with_the_wrong_one_or_with_none():
    outcomes = MultiOutcomes(
        dimension="flags",
        labels=("x", "y"),
        truth=np.array([[True, False], [True, False]]),
        probabilities=np.array([[0.1, 0.9], [0.1, 0.1]]),
        answered=np.array([[False, True], [False, False]]),
        confidence=np.array([0.8, 0.8]),
        routes=(Route.AUTO, Route.REVIEW),
    )

    found = measured(outcomes)

    assert [(one.truth, one.answer) for one in found.confusions] == [("x", "(none)"), ("x", "y")]


def test_a_label_without_errors_still_has_an_interval():
    """A bootstrap of three right answers out of three would be sure of itself."""
    found = measured(single("aaab", "aaab"))

    interval = found.labels[0].recall_interval
    assert (interval.low, interval.high) == (pytest.approx(0.2924, abs=1e-4), 1.0)


def test_ten_thousand_messages_of_150_labels_take_less_than_two_seconds(rng):
    labels = tuple(f"l{one:03}" for one in range(150))
    outcomes = random_single(rng, rows=10_000, labels=labels, skill=4.5)

    start = process_time()
    measured(outcomes, replicates=1_000)

    assert process_time() - start < 2.0
