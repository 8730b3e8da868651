"""Outcomes refuse tables that do not fit, and know which answers are right."""

import numpy as np
import pytest

from sortyard.domain.errors import InvalidPrediction
from sortyard.domain.predictions import Choice, Reason, Route
from sortyard.evaluation.outcomes import MultiOutcomes, SingleOutcomes, holds
from tests.unit.evaluation.outcomes_for_tests import single


def choice(*labels, confidence=0.9, reason=None):
    return Choice(
        dimension="team", labels=labels, confidence=confidence, route=Route.AUTO, reason=reason
    )


@pytest.mark.parametrize(
    ("answer", "truth", "expected"),
    [
        ("billing/refunds", "billing/refunds", True),
        ("billing", "billing/refunds", True),
        ("billing/refunds", "billing", False),
        ("bill", "billing/refunds", False),
        ("billing/charges", "billing/refunds", False),
    ],
)
def test_an_answer_holds_for_its_label_and_all_below_it(answer, truth, expected):
    assert holds(answer, truth) is expected


def test_a_table_of_another_shape_is_refused():
    with pytest.raises(InvalidPrediction, match=r"shape \(1, 1\) for 2 rows and 1 labels"):
        single(["a", "a"], ["a", "a"], probabilities=np.ones((1, 1)))


def test_a_missing_answer_is_refused():
    with pytest.raises(InvalidPrediction, match="2 true labels"):
        single(["a", "a"], ["a"], probabilities=np.ones((2, 1)))


def test_choices_without_a_model_behind_them_have_no_confidence():
    outcomes = SingleOutcomes.of_choices(
        [choice("a"), choice(confidence=None, reason=Reason.EMPTY)],
        labels=("a", "b"),
        truth=["a", "b"],
        probabilities=np.array([[0.9, 0.1], [0.5, 0.5]]),
    )

    assert outcomes.dimension == "team"
    assert outcomes.answered == ("a", None)
    np.testing.assert_array_equal(outcomes.confidence, [0.9, np.nan])
    assert outcomes.right.tolist() == [True, False]


def test_a_true_label_that_the_model_lacks_becomes_a_column_of_a_set():
    outcomes = MultiOutcomes.of_choices(
        [choice("x")], labels=("x",), truth=[("x", "new")], probabilities=np.array([[0.9]])
    )

    assert outcomes.labels == ("x", "new")
    assert outcomes.probabilities.tolist() == [[0.9, 0.0]]
    assert outcomes.right.tolist() == [False]


def test_two_empty_sets_agree():
    outcomes = MultiOutcomes.of_choices(
        [choice()], labels=("x",), truth=[()], probabilities=np.array([[0.1]])
    )

    assert outcomes.right.tolist() == [True]
