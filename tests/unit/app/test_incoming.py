"""Messages arrive as words, lines and rows, and none of them is lost."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.app.incoming import BATCH, batches, from_file, from_stream, from_texts
from sortyard.data.line_messages import Arrived
from sortyard.data.usual_columns import NO_USUAL, UsualColumns
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Failure

TABLE = "id,subject,body\na,Refund,Where is the money for my shoes?\nb,Login,I cannot log in\n"


class Dripping(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__()
        self._left, self._size = content, size

    def read1(self, _size: int, /) -> bytes:
        head, self._left = self._left[: self._size], self._left[self._size :]
        return head


def _arrived(
    content: bytes,
    size: int = 1 << 16,
    *,
    text: tuple[str, ...] = (),
    usual: UsualColumns = NO_USUAL,
) -> list[Arrived]:
    stream = from_stream(Dripping(content, size), text=text, usual=usual)
    return [one for batch in stream for one in batch]


def _read(content: bytes, size: int = 1 << 16) -> list[Message]:
    return [one for one in _arrived(content, size) if isinstance(one, Message)]


def test_texts_are_numbered_from_one() -> None:
    assert [one.id for one in from_texts(["a", "b"])] == ["1", "2"]


def test_every_line_is_a_message() -> None:
    assert [one.text for one in _read(b"one\ntwo\n")] == ["one", "two"]


def test_the_last_line_needs_no_end() -> None:
    assert [one.text for one in _read(b"one\ntwo")] == ["one", "two"]


def test_an_empty_line_keeps_its_place() -> None:
    assert [one.id for one in _read(b"one\n\nthree\n")] == ["1", "2", "3"]


def test_lines_of_windows_are_lines() -> None:
    assert [one.text for one in _read(b"one\r\ntwo\r\n")] == ["one", "two"]


def test_bytes_that_are_not_utf8_stop_nothing() -> None:
    assert len(_read(b"gr\xfc\xdfe\nfine\n")) == 2


def test_an_object_brings_its_id_and_subject() -> None:
    (message,) = _read(b'{"id": 7, "subject": "Refund", "text": "Where is it?"}\n')

    assert message == Message("7", "Where is it?", "Refund")


def test_what_else_an_object_says_is_metadata() -> None:
    line = b'{"id": 7, "text": "a", "source": "mail", "n": "3", "vip": true, "to": {"team": "x"}}\n'
    (message,) = _read(line)

    assert message.metadata == {"source": "mail", "n": 3, "vip": True, "to.team": "x"}


def test_an_object_means_the_same_in_a_stream_as_in_a_file(tmp_path: Path) -> None:
    record = {"id": "q-1", "subject": "Refund", "text": "Where is it?", "channel": "web", "age": 4}
    (tmp_path / "one.jsonl").write_text(f"{json.dumps(record)}\n")
    in_file = from_file(tmp_path / "one.jsonl", text=("subject", "text"), usual=NO_USUAL)
    (in_stream,) = _read(json.dumps(record).encode())

    assert in_file.messages == (in_stream,)


def test_the_usual_columns_are_read_where_the_stream_has_them() -> None:
    lines = b'{"title": "Hi", "body": "one", "text": "x"}\n{"body": "two"}\n'
    messages = _arrived(lines, usual=UsualColumns(("title", "body")))

    assert [(one.text, one.subject) for one in messages if isinstance(one, Message)] == [
        ("one", "Hi"),
        ("two", None),
    ]


def test_a_stream_without_the_usual_columns_has_a_text() -> None:
    (message,) = _arrived(b'{"text": "one", "body": 2}\n', usual=UsualColumns(("subject", "body")))

    assert message == Message("1", "one", None, {"body": 2})


def test_the_text_columns_can_be_named() -> None:
    line = b'{"body": "one", "text": "x"}\n'
    (message,) = _arrived(line, text=("body",), usual=UsualColumns(("text",)))

    assert message == Message("1", "one", None, {"text": "x"})


@pytest.mark.parametrize("line", [b"oops", b'{"text": "cut', b"[1]", b'"text"', b"7"])
def test_a_line_that_is_no_object_fails_in_its_place_and_tells_its_number(line: bytes) -> None:
    one, bad, two = _arrived(b'{"text": "one"}\n' + line + b'\n{"text": "two"}\n')

    assert [one, two] == [Message("1", "one"), Message("3", "two")]
    assert isinstance(bad, Failure)
    assert (bad.message_id, "line 2 is not a JSON object" in bad.problem) == ("2", True)
    assert "cut" not in bad.problem


def test_an_object_without_a_text_fails_and_tells_its_number_and_its_id() -> None:
    _, bad = _arrived(b'{"text": "one"}\n{"id": "q-2", "body": "two"}\n')

    assert isinstance(bad, Failure)
    assert (bad.message_id, "line 2 has no 'text'" in bad.problem) == ("q-2", True)


def test_an_object_with_an_empty_text_is_a_message() -> None:
    assert _arrived(b'{"id": 7, "text": null}\n') == [Message("7", "")]


def test_a_blank_line_between_objects_is_nothing() -> None:
    assert [one.id for one in _read(b'{"text": "one"}\n\n{"text": "three"}\n')] == ["1", "3"]


def test_a_byte_order_mark_hides_no_object() -> None:
    assert _read(b'\xef\xbb\xbf{"text": "one"}\n') == [Message("1", "one")]


def test_in_a_stream_of_texts_an_object_is_a_text() -> None:
    assert [one.text for one in _read(b'hello\n{"text": "one"}\n')] == ["hello", '{"text": "one"}']


@given(
    st.lists(
        st.dictionaries(
            st.text(max_size=4), st.recursive(st.text() | st.floats(), st.lists), max_size=3
        ),
        max_size=5,
    )
)
def test_no_object_stops_a_stream(records: list[dict[str, object]]) -> None:
    lines = "\n".join(json.dumps(one) for one in ({"text": "first"}, *records))

    assert len(_arrived(lines.encode())) == 1 + len(records)


def test_a_whole_line_is_given_before_the_next_arrives() -> None:
    stream = from_stream(Dripping(b"one\ntwo\n", 4))

    assert [one.text for one in next(stream)] == ["one"]


@given(
    st.lists(st.text(st.characters(exclude_characters="\n\r{", codec="utf-8")), max_size=20),
    st.integers(min_value=1, max_value=9),
)
def test_no_line_is_lost_however_the_bytes_arrive(lines: list[str], size: int) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()

    assert [one.text for one in _read(content, size)] == lines


@given(st.lists(st.integers(), max_size=1_000), st.integers(min_value=1, max_value=300))
def test_batches_keep_everything_in_order(items: list[int], size: int) -> None:
    assert [one for batch in batches(items, size) for one in batch] == items


def test_a_flood_is_cut_into_batches() -> None:
    content = b"line\n" * (3 * BATCH)

    assert max(len(batch) for batch in from_stream(Dripping(content, 1 << 16))) <= BATCH


def test_the_usual_columns_are_read_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(TABLE)
    found = from_file(tmp_path / "new.csv", text=(), usual=UsualColumns(("body",)))

    assert found.messages[0].whole.endswith("Where is the money for my shoes?")


def test_a_file_with_other_columns_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(TABLE)
    found = from_file(tmp_path / "new.csv", text=(), usual=UsualColumns(("description",)))

    assert len(found) == 2


@pytest.mark.parametrize("text", [("body",), ("description",)])
def test_a_file_without_the_usual_ids_keeps_the_usual_text(
    tmp_path: Path, text: tuple[str, ...]
) -> None:
    (tmp_path / "new.csv").write_text(TABLE)
    plain = from_file(tmp_path / "new.csv", text=(), usual=UsualColumns(text))

    assert from_file(tmp_path / "new.csv", text=(), usual=UsualColumns(text, "nr")) == plain


def test_the_usual_ids_name_the_rows_of_a_file_and_the_lines_of_a_stream(tmp_path: Path) -> None:
    usual = UsualColumns(("body",), "subject")
    (tmp_path / "new.csv").write_text(TABLE)
    in_file = from_file(tmp_path / "new.csv", text=(), usual=usual).messages
    in_stream = _arrived(b'{"id": 1, "subject": "Refund", "body": "b"}\n{"body": "c"}', usual=usual)

    assert [one.id for one in in_file] == ["Refund", "Login"]
    assert in_stream == [Message("Refund", "b", None, {"id": 1}), Message("2", "c")]


def test_an_id_of_nought_is_an_id() -> None:
    lines = b'{"id": 0, "text": "a"}\n{"id": "", "text": "b"}\n'

    assert [one.id for one in _read(lines)] == ["0", "2"]
