"""Messages arrive as words, lines and rows, and none of them is lost."""

import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sortyard.app.incoming import BATCH, batches, from_file, from_stream, from_texts
from sortyard.domain.messages import Message

TABLE = "id,subject,body\na,Refund,Where is the money for my shoes?\nb,Login,I cannot log in\n"


class Dripping(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__()
        self._left, self._size = content, size

    def read1(self, _size: int, /) -> bytes:
        head, self._left = self._left[: self._size], self._left[self._size :]
        return head


def _read(content: bytes, size: int = 1 << 16) -> list[Message]:
    return [one for batch in from_stream(Dripping(content, size)) for one in batch]


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


def test_a_line_that_only_looks_like_an_object_is_a_text() -> None:
    assert [one.text for one in _read(b'{"id": 7}\n{oops\n[1]\n')] == ['{"id": 7}', "{oops", "[1]"]


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
    found = from_file(tmp_path / "new.csv", text=(), usual=("body",))

    assert found.messages[0].whole.endswith("Where is the money for my shoes?")


def test_a_file_with_other_columns_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(TABLE)
    found = from_file(tmp_path / "new.csv", text=(), usual=("description",))

    assert len(found) == 2


def test_an_id_of_nought_is_an_id() -> None:
    lines = b'{"id": 0, "text": "a"}\n{"id": "", "text": "b"}\n'

    assert [one.id for one in _read(lines)] == ["0", "2"]
