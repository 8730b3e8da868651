"""Messages as they come in: words on a command line, lines of a stream, rows of a file."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from sortyard.domain.errors import UnknownColumn
from sortyard.domain.messages import Message

if TYPE_CHECKING:  # a reader needs more than an answer does
    from sortyard.data.archive import Messages

BATCH = 256  # messages; enough to keep the encoder busy
CHUNK = 1 << 16  # bytes read at once, or as many as have arrived

_Item = TypeVar("_Item")


class Arriving(Protocol):
    """Bytes that come in by and by, as on standard input."""

    def read1(self, size: int, /) -> bytes: ...


def batches(items: Iterable[_Item], size: int = BATCH) -> Iterator[tuple[_Item, ...]]:
    """Cut a row of things into pieces."""
    source = iter(items)
    while batch := tuple(islice(source, size)):
        yield batch


def from_texts(texts: Sequence[str]) -> tuple[Message, ...]:
    """Number some texts from 1."""
    return tuple(Message(str(number), text) for number, text in enumerate(texts, start=1))


def from_stream(stream: Arriving) -> Iterator[tuple[Message, ...]]:
    """
    Give the messages of a stream, one a line, as soon as they arrive.

    The id is the line's number. A line that is a JSON object with a `text` may bring its own
    `id` and `subject`. Bytes that are not UTF-8 are replaced, so that one line cannot stop it.
    """
    number = 0
    for lines in _lines(stream):
        messages = [_message(line, number + place) for place, line in enumerate(lines, start=1)]
        number += len(lines)
        yield from batches(messages)


def from_file(path: Path, *, text: Sequence[str], usual: Sequence[str]) -> "Messages":
    """
    Read the messages of a file; `usual` are the text columns that the workspace was trained on.

    They are taken where the file has them, unless `text` names others.
    """
    from sortyard.data.archive import read_messages  # noqa: PLC0415 -- texts and streams need no reader

    if text or not usual:
        return read_messages(path, text=text)
    try:
        return read_messages(path, text=usual)
    except UnknownColumn:
        return read_messages(path)


def _lines(stream: Arriving) -> Iterator[list[str]]:
    rest = b""
    while arrived := stream.read1(CHUNK):
        *whole, rest = (rest + arrived).split(b"\n")
        if whole:
            yield [_decoded(line) for line in whole]
    if rest:
        yield [_decoded(rest)]


def _decoded(line: bytes) -> str:
    return line.removesuffix(b"\r").decode("utf-8", errors="replace")


def _message(line: str, number: int) -> Message:
    if line.startswith("{"):
        try:
            found = json.loads(line)
        except ValueError:
            found = {}
        if isinstance(found.get("text"), str):
            subject, name = found.get("subject"), found.get("id")
            return Message(
                str(number if name is None or name == "" else name),
                found["text"],
                subject if isinstance(subject, str) else None,
            )
    return Message(str(number), line)
