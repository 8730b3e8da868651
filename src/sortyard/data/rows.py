"""Turn the rows of a table into messages, with ids of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final, TypeAlias

from sortyard.data.cells import Cell, as_number, as_text, as_time, is_empty
from sortyard.data.columns import Columns
from sortyard.data.problems import RowProblem, Trouble
from sortyard.data.tables import Table
from sortyard.domain.messages import NOTHING, Message, MetadataValue
from sortyard.text.preparation import Preparation

LONG: Final = 100_000  # characters; a book chapter, not a message
_SUSPECT: Final = 1_000  # characters; markup around nothing is hardly longer
_FLAGS: Final = {"true": True, "false": False}

Convert: TypeAlias = Callable[[Cell], MetadataValue]


@dataclass(frozen=True, slots=True)
class Rows:
    """A message for every row, also for an empty text, and what is odd about it."""

    messages: tuple[Message, ...]
    problems: tuple[RowProblem, ...]


def read_rows(table: Table, columns: Columns, *, on_empty: Trouble) -> Rows:
    """Build the messages; an empty text is reported as `on_empty`."""
    problems: list[RowProblem] = []
    ids = row_ids(table, columns.id, problems)
    subjects = _texts(table, (columns.subject,) if columns.subject else ())
    texts = _texts(table, columns.text)
    metadata = _metadata(table, columns.metadata)
    prepare = Preparation.default()
    messages = []
    for line, id_, subject, text, known in zip(
        table.lines, ids, subjects, texts, metadata, strict=True
    ):
        if _is_blank(text, prepare) and _is_blank(subject, prepare):
            problems.append(RowProblem(line, on_empty))
        elif len(text) > LONG:
            problems.append(RowProblem(line, Trouble.LONG_TEXT, f"{len(text):,} characters"))
        messages.append(Message(id_, text, subject or None, known))
    return Rows(tuple(messages), tuple(problems))


def _is_blank(text: str, prepare: Preparation) -> bool:
    """Tell whether there is nothing to read: no letter, or markup and entities only."""
    if text.isascii() and "<" not in text and "&" not in text:
        return not text.strip()
    return len(text) <= _SUSPECT and not prepare(text)


def metadata_of(record: Mapping[str, Cell]) -> Mapping[str, MetadataValue]:
    """Keep what the source knew of one row that came alone, without the empty cells."""
    filled = {name: cell for name, cell in record.items() if not is_empty(cell)}
    return {name: _conversion((cell,))(cell) for name, cell in filled.items()} or NOTHING


def joined(texts: Sequence[Cell]) -> str:
    """Put several cells of text together, as a reader sees them."""
    return "\n".join(words for one in texts if not is_empty(one) and (words := as_text(one)))


def row_ids(table: Table, column: str | None, problems: list[RowProblem]) -> list[str]:
    """Take the ids of a column, or number the rows; no two are the same."""
    own = [f"row-{number}" for number in range(1, len(table) + 1)]
    if column is None:
        return own
    given = [as_text(cell).strip() if not is_empty(cell) else "" for cell in table[column]]
    used = set(given)
    seen: set[str] = set()
    ids = []
    for line, id_, fallback in zip(table.lines, given, own, strict=True):
        if not id_:
            problems.append(RowProblem(line, Trouble.EMPTY_ID, f"column {column!r}"))
        elif id_ in seen:
            problems.append(RowProblem(line, Trouble.DUPLICATE_ID, f"id {id_!r}"))
        unique = unused_id(id_ or fallback, used) if not id_ or id_ in seen else id_
        used.add(unique)
        seen.add(unique)
        ids.append(unique)
    return ids


def row_groups(table: Table, column: str, problems: list[RowProblem]) -> tuple[str, ...]:
    """Name the group of each row; a row without one is a group of its own."""
    groups = []
    for number, (line, cell) in enumerate(zip(table.lines, table[column], strict=True), start=1):
        if is_empty(cell):
            problems.append(RowProblem(line, Trouble.EMPTY_GROUP, f"column {column!r}"))
        groups.append(f"\0row-{number}" if is_empty(cell) else as_text(cell).strip())
    return tuple(groups)


def row_times(table: Table, column: str, problems: list[RowProblem]) -> tuple[float, ...]:
    """Read the time of each row in seconds since 1970; NaN where it cannot be read."""
    times = tuple(as_time(cell) for cell in table[column])
    problems += [
        RowProblem(line, Trouble.UNREADABLE_TIME, f"column {column!r}")
        for line, time in zip(table.lines, times, strict=True)
        if isnan(time)
    ]
    return times


def unused_id(wanted: str, used: set[str]) -> str:
    """Number an id where it is in use."""
    copy, name = 1, wanted
    while name in used:
        copy += 1
        name = f"{wanted}-{copy}"
    return name


def _texts(table: Table, columns: Sequence[str]) -> list[str]:
    if not columns:
        return [""] * len(table)
    return [joined(cells) for cells in zip(*(table[name] for name in columns), strict=True)]


def _metadata(table: Table, columns: Sequence[str]) -> list[Mapping[str, MetadataValue]]:
    if not columns:
        return [NOTHING] * len(table)
    known: list[dict[str, MetadataValue]] = [{} for _ in table.lines]
    for name in columns:
        cells = table[name]
        convert = _conversion(cells)
        for row, cell in zip(known, cells, strict=True):
            if not is_empty(cell):
                row[name] = convert(cell)
    return list(known)


def _conversion(cells: Sequence[Cell]) -> Convert:
    """Choose how to read a column: as numbers or truths where all its cells are, else as text."""
    filled = {cell for cell in cells if not is_empty(cell)}
    if all(isinstance(cell, bool) for cell in filled):
        return bool
    if all(as_number(cell) is not None for cell in filled):
        return lambda cell: as_number(cell) or 0
    if all(isinstance(cell, str) and cell.strip().lower() in _FLAGS for cell in filled):
        return lambda cell: _FLAGS[as_text(cell).strip().lower()]
    return lambda cell: as_text(cell).strip()
