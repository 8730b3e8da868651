"""What every front does with a request before the desk sees it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidUsage, TooLarge
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Failure
from sortyard.models.classifier import Classifier
from sortyard.serving.intake import (
    LONGEST_NAME,
    Given,
    Limits,
    answer,
    make_options,
    refuse_twins,
    request_id,
)
from sortyard.serving.served import Options, Served
from tests.contracts.desks import open_desk

LIMITS = Limits(messages=5, characters=100)


def _answer(release: Classifier, *given: Given) -> Served:
    async def scenario() -> Served:
        async with open_desk(release) as desk:
            return await answer(desk, given, Options(), LIMITS, front="test")

    return asyncio.run(scenario())


def test_what_cannot_be_read_keeps_its_place(trained: Classifier) -> None:
    failure = Failure("b", "invalid-message", "It cannot be used.")

    found = _answer(trained, Message("a", "refund"), failure, Message("c", "refund")).results

    assert [type(one) for one in found] == [Answer, Failure, Answer]
    assert [one.message_id for one in found] == ["a", "b", "c"]


def test_a_request_of_failures_alone_is_answered(trained: Classifier) -> None:
    failure = Failure("b", "invalid-message", "It cannot be used.")

    assert _answer(trained, failure).results == (failure,)


@pytest.mark.parametrize(
    "message",
    [
        Message("a", "x" * 101),
        Message("a", "x", "s" * 100),
        Message("a", "x", None, {"key": "v" * 100}),
        Message("a", "x", None, {"k" * 100: 1}),
        Message("a" * (LONGEST_NAME + 1), "x"),
    ],
    ids=["text", "subject", "value", "key", "id"],
)
def test_a_message_that_is_too_long_fails_alone(trained: Classifier, message: Message) -> None:
    long, fine = _answer(trained, message, Message("b", "refund")).results

    assert isinstance(long, Failure)
    assert long.code == "too-large"
    assert isinstance(fine, Answer)


def test_too_many_messages_are_refused(trained: Classifier) -> None:
    with pytest.raises(TooLarge, match="5 messages"):
        _answer(trained, *[Message(str(number), "refund") for number in range(6)])


@given(st.lists(st.text(min_size=1, max_size=3), max_size=8))
def test_twins_are_refused_and_nobody_else(ids: list[str]) -> None:
    if len(set(ids)) == len(ids):
        refuse_twins(ids)
    else:
        with pytest.raises(InvalidUsage):
            refuse_twins(ids)


def test_nothing_chosen_is_the_default() -> None:
    assert make_options() == Options()


@pytest.mark.parametrize("count", [-1, 101])
def test_candidates_are_bounded(count: int) -> None:
    with pytest.raises(InvalidUsage):
        make_options(candidates=count)


def test_a_name_that_nothing_has_is_refused_before_anybody_guesses() -> None:
    with pytest.raises(TooLarge):
        make_options(["d" * (LONGEST_NAME + 1)])


@given(st.text(max_size=200))
def test_the_id_of_a_request_is_harmless(given: str) -> None:
    """Whatever was sent: a log line, a header and a label of a metric may carry it."""
    found = request_id(given)

    assert found.isascii()
    assert found.isprintable()
    assert 0 < len(found) <= 128


def test_the_id_of_a_request_is_kept_where_it_can_be() -> None:
    assert request_id("3f-A.b:7_x") == "3f-A.b:7_x"


def test_a_request_without_an_id_gets_its_own() -> None:
    assert request_id(None) != request_id(None)
