"""Messages as they come in: words on a command line, lines of a stream, rows of a file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from sortyard.data.line_messages import Arrived, LineReader
from sortyard.data.usual_columns import NO_USUAL, UsualColumns
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


def from_stream(
    stream: Arriving, *, text: Sequence[str] = (), usual: UsualColumns = NO_USUAL
) -> Iterator[tuple[Arrived, ...]]:
    """
    Give the messages of a stream, one a line, as soon as they arrive.

    Where the first line is a JSON object, all are: `text` names the columns that are read, else
    the `usual` ones where the first line has them, else `text`; whatever else they say is metadata.
    A line that is none is a failure in its place. Bytes that are not UTF-8 are replaced.
    """
    number, reader = 0, None
    for lines in _lines(stream):
        arrived = []
        for line in lines:
            number += 1
            if reader is None and line.strip():
                reader = LineReader.of(line, text=text, usual=usual)
            one = Message(str(number), line) if reader is None else reader.read(line, number)
            arrived += [] if one is None else [one]
        yield from batches(arrived)


def from_file(
    path: Path,
    *,
    text: Sequence[str],
    usual: UsualColumns,
    id_column: str | None = None,
) -> "Messages":
    """
    Read the messages of a file; `usual` are the columns that the workspace was trained on.

    They are taken where the file has them, unless `text` or `id_column` names others. Raises
    UnknownColumn for what is named and not there.
    """
    from sortyard.data.archive import read_messages  # noqa: PLC0415 -- texts and streams need no reader

    try:
        return read_messages(path, text=text or usual.text, id_column=id_column or usual.id or None)
    except UnknownColumn as error:
        if not text and error.column in usual.text:
            usual = replace(usual, text=())
        elif id_column is None and error.column == usual.id:
            usual = replace(usual, id="")
        else:
            raise
    return from_file(path, text=text, usual=usual, id_column=id_column)


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
