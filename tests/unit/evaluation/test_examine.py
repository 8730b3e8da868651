"""A release put through labelled messages."""

from itertools import count

import numpy as np
import pytest

from sortyard.domain.predictions import Route
from sortyard.domain.taxonomy import Condition, Dimension, Kind, Label
from sortyard.evaluation.examine import (
    DISTURBED_ROWS,
    compare_with,
    disturb,
    examine,
    rows_asked,
    time_singles,
)
from sortyard.evaluation.outcomes import MultiOutcomes
from sortyard.evaluation.robustness import DISTURBANCES
from sortyard.models.classifier import Classifier
from tests.unit.training.archives import Row, dataset_of, fit, tickets

ASKED: list[Row] = [
    ("refund of my card money", {"team": ("billing",), "flags": ("sure",)}),
    ("nobody asked", {}),
    ("no label", {"team": (), "flags": ()}),
    ("two labels", {"team": ("billing", "access"), "flags": ("sure", "late")}),
    ("<p> </p>", {"team": ("access",), "flags": ()}),
]

TICKETS = tickets(np.random.default_rng(6), each=3)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    rows = [
        (text, {**labels, "flags": ("late",) * ("late" in text) + ("sure",)})
        for text, labels in tickets(np.random.default_rng(2), each=20)
    ]
    return fit(rows, "flags").classifier


def test_a_single_dimension_is_judged_where_one_label_holds() -> None:
    team = Dimension(name="team", labels=(Label(name="billing"), Label(name="access")))
    assert rows_asked(dataset_of(ASKED), team) == (0, 4)


def test_a_multi_dimension_is_judged_where_it_was_asked() -> None:
    flags = Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="late"),))
    assert rows_asked(dataset_of(ASKED), flags) == (0, 2, 3, 4)


def test_a_dimension_is_judged_where_its_condition_holds_or_nobody_knows() -> None:
    urgency = Dimension(
        name="urgency", labels=(Label(name="high"),), when=(Condition("team", ("billing",)),)
    )
    high = {"urgency": ("high",)}
    rows = [
        ("asked", {"team": ("billing",), **high}),
        ("not asked", {"team": ("access",), **high}),
        ("unknown", high),
    ]
    assert rows_asked(dataset_of(rows), urgency) == (0, 2)


def test_a_dimension_that_the_messages_do_not_know_is_not_judged(classifier: Classifier) -> None:
    found = examine(classifier, dataset_of([("my refund", {"team": ("billing",)})])).outcomes
    assert list(found) == ["team"]


def test_each_row_keeps_its_own_truth_and_answer(classifier: Classifier) -> None:
    found = examine(classifier, dataset_of(ASKED)).outcomes["team"]
    assert found.truth == ["billing", "access"]
    assert (found.answered[0], found.answered[1]) == ("billing", None)


def test_a_message_of_which_nothing_is_left_goes_to_a_person(classifier: Classifier) -> None:
    found = examine(classifier, dataset_of(ASKED)).outcomes
    assert (found["team"].routes[-1], found["flags"].routes[-1]) == (Route.REVIEW, Route.REVIEW)


def test_answers_are_those_that_a_service_gives(classifier: Classifier) -> None:
    dataset = dataset_of(tickets(np.random.default_rng(5), each=4))
    found = examine(classifier, dataset).outcomes["team"]
    given = [classifier.classify(one.message)["team"] for one in dataset.examples]
    assert list(found.answered) == [one.label for one in given]
    assert list(found.routes) == [one.route for one in given]


def test_a_label_that_the_release_does_not_have_is_kept_as_the_truth(
    classifier: Classifier,
) -> None:
    found = examine(classifier, dataset_of([("my refund", {"team": ("legal",)})])).outcomes
    assert (found["team"].truth, found["team"].right.tolist()) == (["legal"], [False])


def test_speed_is_counted_by_the_clock(classifier: Classifier) -> None:
    seconds = count(0.0, 2.0)
    found = examine(classifier, dataset_of(ASKED), clock=lambda: next(seconds))
    assert found.messages_per_second == len(ASKED) / 2.0


def test_every_single_message_is_timed_but_the_first_one_that_warms_up(
    classifier: Classifier,
) -> None:
    seconds = count(0.0, 0.25)
    found = time_singles(
        classifier, dataset_of(ASKED), messages_per_second=7.0, clock=lambda: next(seconds)
    )
    assert (found.p50_ms, found.p99_ms, next(seconds)) == (250.0, 250.0, 2 * len(ASKED) * 0.25)


@pytest.mark.parametrize("dimension", ["team", "flags"])
def test_every_disturbance_is_tried(classifier: Classifier, dimension: str) -> None:
    dataset = dataset_of([*ASKED, *[(text, {**labels, "flags": ()}) for text, labels in TICKETS]])
    found = disturb(classifier, dataset, np.random.default_rng(1))[dimension]
    assert [one.disturbance for one in found] == list(DISTURBANCES)


def test_capitals_change_nothing_that_the_preparation_or_the_views_fold(
    classifier: Classifier,
) -> None:
    assert len(TICKETS) <= DISTURBED_ROWS
    before = examine(classifier, dataset_of(TICKETS)).outcomes["team"].forecast
    loud = [(text.upper(), labels) for text, labels in TICKETS]
    after = examine(classifier, dataset_of(loud)).outcomes["team"].forecast
    assert np.mean([a == b for a, b in zip(before, after, strict=True)]) > 0.9


def test_something_simpler_is_compared_on_the_same_rows(classifier: Classifier) -> None:
    outcomes = examine(classifier, dataset_of(TICKETS)).outcomes["team"]
    same = compare_with(outcomes, [(one,) for one in outcomes.forecast], np.random.default_rng(1))
    assert (same.rows, same.accuracy.gain) == (len(TICKETS), 0.0)


def test_sets_are_compared_as_sets(classifier: Classifier) -> None:
    rows = [(text, {"flags": ("sure",)}) for text, _ in TICKETS]
    outcomes = examine(classifier, dataset_of(rows)).outcomes["flags"]
    assert isinstance(outcomes, MultiOutcomes)
    none_at_all = compare_with(outcomes, [()] * len(rows), np.random.default_rng(1))
    assert none_at_all.accuracy.gain > 0.5
