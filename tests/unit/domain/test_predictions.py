"""An answer cannot exist in a state that makes no sense."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidPrediction, UnknownDimension
from sortyard.domain.predictions import Answer, Candidate, Choice, Reason, Route

LAW = settings(max_examples=60, deadline=None)

chances = st.floats(min_value=0.0, max_value=1.0)


def choice(*confidences: float, confidence: float | None = 0.5) -> Choice:
    return Choice(
        dimension="team",
        labels=("a",),
        confidence=confidence,
        route=Route.REVIEW,
        candidates=tuple(Candidate(str(at), one) for at, one in enumerate(confidences)),
    )


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan, math.inf])
def test_a_confidence_is_a_probability(wrong: float) -> None:
    with pytest.raises(InvalidPrediction):
        choice(confidence=wrong)


@pytest.mark.parametrize("wrong", [-0.1, 1.1, math.nan, math.inf])
def test_a_candidate_s_confidence_is_a_probability(wrong: float) -> None:
    with pytest.raises(InvalidPrediction):
        choice(wrong)


def test_a_choice_without_a_confidence_gives_a_reason() -> None:
    with pytest.raises(InvalidPrediction, match="no reason"):
        choice(confidence=None)


def test_a_choice_with_a_reason_needs_no_confidence() -> None:
    empty = Choice(
        dimension="team", labels=(), confidence=None, route=Route.REVIEW, reason=Reason.EMPTY
    )
    assert empty.label is None


@LAW
@given(st.lists(chances, max_size=6))
def test_candidates_stand_best_first_or_not_at_all(confidences: list[float]) -> None:
    ordered = sorted(confidences, reverse=True)
    assert [one.confidence for one in choice(*ordered).candidates] == ordered
    if confidences != ordered:
        with pytest.raises(InvalidPrediction, match="comes after"):
            choice(*confidences)


@LAW
@given(st.lists(chances, max_size=6))
def test_a_margin_is_the_lead_of_the_best(confidences: list[float]) -> None:
    ordered = sorted(confidences, reverse=True)
    first, second = [*ordered, 0.0, 0.0][:2]
    assert choice(*ordered).margin == first - second


def test_an_answer_is_asked_by_dimension() -> None:
    answer = Answer(message_id="1", release="r", choices={"team": choice(0.5)})
    assert answer["team"].label == "a"


def test_asking_for_a_dimension_that_was_not_asked_names_those_that_were() -> None:
    answer = Answer(message_id="1", release="r", choices={"team": choice(0.5)})
    with pytest.raises(UnknownDimension, match="'team' for 'teams'"):
        answer["teams"]
