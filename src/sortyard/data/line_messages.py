"""Messages that come one a line, before anybody knows what the next line will be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from sortyard.data.cells import Cell, as_text, is_empty
from sortyard.data.columns import subject_and_bodies
from sortyard.data.json_lines import read_json_line
from sortyard.data.rows import joined, metadata_of
from sortyard.data.usual_columns import NO_USUAL, UsualColumns
from sortyard.domain.errors import InvalidMessage, listing
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Failure

TEXT: Final = ("text",)
ID: Final = "id"
SUBJECT: Final = "subject"

Arrived: TypeAlias = Message | Failure
"""A message, or why a line is none."""


@dataclass(frozen=True, slots=True)
class LineReader:
    """
    Reads the lines of one stream.

    In JSON lines the text lies in the columns `text`, the name of a message in `id`, and whatever
    else a line says is metadata, as with the rows of a file. Else a line is a text.
    """

    text: tuple[str, ...] | None  # None where the lines are plain texts
    id: str = ID

    @classmethod
    def of(cls, first: str, *, text: Sequence[str] = (), usual: UsualColumns = NO_USUAL) -> Self:
        """
        Tell from the first line that is not blank what the stream is.

        `text` are the columns that somebody asked for; without them the `usual` ones are taken
        where the line has them, else `text`. So is the usual column of ids, else `id`.
        """
        record = read_json_line(first)
        if record is None:
            return cls(None)
        has_usual = bool(usual.text) and record.keys() >= set(usual.text)
        columns = tuple(text or (usual.text if has_usual else TEXT))
        return cls(columns, usual.id if usual.id and usual.id in record else ID)

    def read(self, line: str, number: int) -> Arrived | None:
        """
        Read the line of this number; None for a blank one between objects.

        A plain text is named after its line. A line that cannot be read is a failure that tells its
        number, and the rest go on.
        """
        if self.text is None:
            return Message(str(number), line)
        if not line.strip():
            return None
        record = read_json_line(line)
        if record is None:
            return _failure(str(number), f"line {number} is not a JSON object, as the first one is")
        return _message(record, number, self.text, self.id)


def _message(
    record: dict[str, Cell], number: int, columns: tuple[str, ...], id_column: str
) -> Arrived:
    subject, bodies = (SUBJECT, columns) if columns == TEXT else subject_and_bodies(columns)
    given = record.pop(id_column, None)
    name = str(number) if is_empty(given) else as_text(given).strip()
    if record.keys().isdisjoint(bodies):
        return _failure(name, f"line {number} has no {listing(bodies)}; `--text` names its text")
    words = joined([record.pop(column, None) for column in bodies])
    heading = as_text(record.pop(subject, None)) if subject else ""
    return Message(name, words, heading or None, metadata_of(record))


def _failure(name: str, why: str) -> Failure:
    error = InvalidMessage(name, why)
    return Failure(name, error.code, error.problem)
