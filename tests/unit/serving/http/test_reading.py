"""Whatever JSON holds, reading it gives a message or says what is wrong with it."""

from typing import Any

from hypothesis import given as given_any
from hypothesis import strategies as st

from sortyard.domain.messages import Message
from sortyard.domain.predictions import Failure
from sortyard.serving.http.reading import given

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200)
metadata = st.dictionaries(
    st.text(), st.text() | st.booleans() | st.integers(-(2**62), 2**62), max_size=5
)


@given_any(json_values, st.integers(min_value=1, max_value=1_000))
def test_nothing_that_json_holds_raises(value: Any, place: int) -> None:
    read = given(value, place)

    assert isinstance(read, Message | Failure)


@given_any(names, st.text(), st.none() | st.text(), metadata)
def test_a_message_is_read_as_it_was_sent(
    name: str, text: str, subject: str | None, more: dict[str, Any]
) -> None:
    read = given({"id": name, "text": text, "subject": subject, "metadata": more}, 1)

    assert read == Message(name, text, subject, more)


@given_any(json_values.filter(lambda value: not isinstance(value, str)))
def test_what_is_wrong_is_told_without_what_was_sent(value: Any) -> None:
    read = given({"id": "t-1", "text": value}, 1)

    assert isinstance(read, Failure)
    assert (read.message_id, read.problem) == (
        "t-1",
        "Message 't-1' cannot be used: text: input should be a valid string.",
    )


def test_a_pointer_is_cut_before_it_is_long() -> None:
    read = given({"text": "a", "metadata": {"x" * 10_000: []}}, 1)

    assert isinstance(read, Failure)
    assert len(read.problem) < 400
