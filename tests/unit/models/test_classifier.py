"""A release at work: any batch gives one result each, and bad rows stay alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidMessage, UnknownDimension
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Failure, Reason, Route
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from tests.contracts.tiny_release import TAXONOMY, tiny_dataset

TICKETS = tiny_dataset(99, seed=5).texts
POISON = (
    None,
    7,
    b"refund",
    3.5,
    ["refund"],
    Message("bad", 5),  # type: ignore[arg-type]
    Message("bad", None),  # type: ignore[arg-type]
    Message("bad", b"refund"),  # type: ignore[arg-type]
    Message("bad", "refund", subject=float("nan")),  # type: ignore[arg-type]
    Message(12, "refund"),  # type: ignore[arg-type]
)
ANY_TEXT = st.text(st.characters(), max_size=60)
ANY_MESSAGE = st.builds(
    Message, st.text(min_size=1, max_size=5), ANY_TEXT, subject=st.none() | ANY_TEXT
)


def answers(results: Sequence[Answer | Failure]) -> list[Answer]:
    return [one for one in results if isinstance(one, Answer)]


@settings(max_examples=50, deadline=None)
@given(st.lists(ANY_TEXT | ANY_MESSAGE | st.sampled_from(TICKETS), max_size=6))
def test_any_text_has_an_answer(trained: Classifier, messages: list[str | Message]) -> None:
    results = trained.classify_batch(messages)
    assert len(answers(results)) == len(results) == len(messages)
    for answer in answers(results):
        assert tuple(answer.choices) == TAXONOMY.names
        for name, choice in answer.choices.items():
            assert set(choice.labels) <= set(TAXONOMY[name].paths)
            assert len(choice.labels) == 1 or name == "flags" or choice.reason is Reason.EMPTY


@pytest.mark.parametrize("poison", POISON, ids=repr)
def test_a_poison_row_fails_alone(trained: Classifier, poison: object) -> None:
    expected = trained.classify_batch(TICKETS)
    batch: list = [*TICKETS[:50], poison, *TICKETS[50:]]
    results = trained.classify_batch(batch)
    failure = results[50]
    assert isinstance(failure, Failure)
    assert failure.code == "invalid-message"
    rest = answers(results)
    assert len(rest) == 99
    for one, other in zip(rest, answers(expected), strict=True):
        assert [c.labels for c in one.choices.values()] == [
            c.labels for c in other.choices.values()
        ]


def test_a_failure_names_the_message_and_says_what_it_is(trained: Classifier) -> None:
    _, bytes_row, bad = trained.classify_batch(["fine", b"x", Message("m7", 5)])  # type: ignore[arg-type, list-item]
    assert isinstance(bytes_row, Failure)
    assert (bytes_row.message_id, "bytes" in bytes_row.problem) == ("2", True)
    assert isinstance(bad, Failure)
    assert (bad.message_id, "its text is int" in bad.problem) == ("m7", True)


def test_a_failure_says_nothing_of_the_text(trained: Classifier) -> None:
    (failure,) = trained.classify_batch([b"my iban is DE00"])  # type: ignore[list-item]
    assert isinstance(failure, Failure)
    assert "iban" not in failure.problem


def test_one_message_that_cannot_be_used_raises(trained: Classifier) -> None:
    with pytest.raises(InvalidMessage):
        trained.classify(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b", "<p> </p>", "\x00"])
def test_a_text_of_nothing_goes_to_a_person_with_a_reason(trained: Classifier, text: str) -> None:
    for choice in trained.classify(text).choices.values():
        assert (choice.labels, choice.confidence) == ((), None)
        assert (choice.reason, choice.route) == (Reason.EMPTY, Route.REVIEW)


def test_results_keep_the_order_of_the_batch(trained: Classifier) -> None:
    batch = [Message("z", "refund"), "", "login", Message("a", "parcel"), None]
    results = trained.classify_batch(batch)  # type: ignore[arg-type]
    assert [one.message_id for one in results] == ["z", "2", "3", "a", "5"]


def test_an_empty_batch_has_no_results(trained: Classifier) -> None:
    assert trained.classify_batch([]) == ()


def test_equal_ids_are_no_trouble(trained: Classifier) -> None:
    results = trained.classify_batch([Message("x", "refund"), Message("x", "login")])
    assert [one.message_id for one in results] == ["x", "x"]


@pytest.mark.parametrize("depth", Depth)
def test_alone_a_message_gets_the_answer_it_gets_in_a_batch(
    trained: Classifier, depth: Depth
) -> None:
    classifier = trained.at_depth(depth)
    together = answers(classifier.classify_batch(TICKETS[:20]))
    for text, expected in zip(TICKETS[:20], together, strict=True):
        alone = classifier.classify(text)
        for name, choice in alone.choices.items():
            assert (choice.labels, choice.route) == (expected[name].labels, expected[name].route)
            assert choice.confidence == pytest.approx(expected[name].confidence, abs=1e-4)


def test_the_number_of_candidates_is_that_asked_for(trained: Classifier) -> None:
    (answer,) = answers(trained.classify_batch(["refund the toner"], candidates=2))
    assert [len(one.candidates) for one in answer.choices.values()] == [2, 2, 2]


def test_an_answer_carries_the_name_of_its_release(trained: Classifier) -> None:
    assert trained.named("r123").classify("refund").release == "r123"


def test_threads_may_share_it(trained: Classifier) -> None:
    expected = trained.classify_batch(TICKETS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(trained.classify_batch, [TICKETS] * 8):
            assert found == expected


def test_it_learnt_something(trained: Classifier) -> None:
    fresh = tiny_dataset(100, seed=77)
    found = answers(trained.classify_batch(fresh.texts))
    for name in ("team", "topic"):
        truth = fresh.labels(name)
        right = [one[name].labels == truth[row] for row, one in enumerate(found) if truth[row]]
        assert sum(right) > 0.9 * len(right)


def test_an_unknown_dimension_is_refused(trained: Classifier) -> None:
    with pytest.raises(UnknownDimension, match="Did you mean 'team'"):
        trained.model_of("teem")


def test_another_depth_is_another_classifier(trained: Classifier) -> None:
    assert trained.at_depth(Depth.FULL).depth is Depth.FULL
    assert trained.depth is Depth.CASCADE
    assert replace(trained.at_depth(Depth.FULL), depth=Depth.CASCADE) == trained
