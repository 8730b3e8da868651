"""Read the votes of several annotators from a file, in either of the shapes that people have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sortyard.data.cells import Cell, as_text, is_empty
from sortyard.data.label_columns import LabelColumns
from sortyard.data.problems import RowProblem, counted
from sortyard.data.readers import read_table
from sortyard.data.roles import Guess, Role
from sortyard.data.row_labels import row_labels
from sortyard.data.rows import joined, row_ids
from sortyard.data.tables import Table
from sortyard.data.vote_columns import VoteColumns, infer_vote_columns
from sortyard.data.vote_panel import names_of
from sortyard.data.votes import Votes
from sortyard.domain.errors import EmptyArchive, listing, number
from sortyard.domain.taxonomy import Kind

Key = tuple[str, str]  # message id and annotator


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteFile:
    """
    A file of votes that was read.

    `texts` has the cells of the text columns of each message, by its id; `remarks` says what was
    guessed, left out or odd, one sentence each, and never quotes a text.
    """

    source: str
    columns: VoteColumns
    dimensions: tuple[Votes, ...]
    texts: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]


def read_votes(
    path: Path,
    *,
    annotators: Sequence[str] = (),
    labels: Sequence[str] = (),
    id_column: str | None = None,
    text: Sequence[str] = (),
) -> VoteFile:
    """
    Read votes; columns that are not named are guessed.

    Raises what `read_table` does, UnknownColumn, UndecidedColumns, InvalidUsage, and EmptyArchive
    where nobody has voted.
    """
    table = read_table(path)
    columns = infer_vote_columns(
        table, annotators=annotators, labels=labels, id_column=id_column, text=text
    )
    problems = list(table.problems)
    ids = _ids(table, columns, problems)
    remarks: list[str] = []
    reader = _wide_votes if columns.is_wide else _long_votes
    dimensions = tuple(reader(table, columns, ids, problems, remarks))
    if not any(map(len, dimensions)):
        raise EmptyArchive(table.source, "nobody has voted")
    if columns.left_out:
        names = ", ".join(columns.left_out)
        remarks.append(f"Not read as votes, although the values are alike: {names}.")
    return VoteFile(
        source=table.source,
        columns=columns,
        dimensions=dimensions,
        texts=_texts(table, columns.text, ids),
        remarks=(
            *map(_guessed, columns.guesses),
            *remarks,
            *(f"{one} {one.remedy}" for one in counted(problems, table.files)),
        ),
    )


def _guessed(guess: Guess) -> str:
    if guess.role is not Role.ANNOTATOR:
        return str(guess)
    return f"annotators: {listing(guess.columns)} ({guess.confidence:.0%} sure: {guess.why})"


def _ids(table: Table, columns: VoteColumns, problems: list[RowProblem]) -> list[str]:
    """Name the message of each row: by its id, else by its text, else by its number."""
    if columns.is_wide:
        return row_ids(table, columns.id, problems)
    if columns.id is not None:
        return [as_text(cell).strip() for cell in table[columns.id]]
    rows = zip(*(table[name] for name in columns.text), strict=True)
    seen: dict[str, str] = {}
    return [seen.setdefault(joined(cells), f"text-{len(seen) + 1}") for cells in rows]


def _long_votes(
    table: Table,
    columns: VoteColumns,
    ids: Sequence[str],
    problems: list[RowProblem],
    remarks: list[str],
) -> Iterator[Votes]:
    people = [as_text(cell).strip() for cell in table[columns.annotators[0]]]
    nameless = sum(not (person and id_) for person, id_ in zip(people, ids, strict=True))
    if nameless:
        remarks.append(f"{number(nameless, 'row')} left out: no word of who voted, or on what.")
    messages = [id_ for id_ in dict.fromkeys(ids) if id_]
    for one in columns.labels:
        votes: dict[Key, tuple[str, ...]] = {}
        again = 0
        for id_, person, paths in zip(
            ids, people, row_labels(table, one, None, problems), strict=True
        ):
            if paths is None or not person or not id_:
                continue
            again += votes.get((id_, person), paths) != paths
            votes[id_, person] = paths
        if again:
            remarks.append(
                f"{number(again, 'vote')} for {one.dimension!r} changed below: the last counts."
            )
        yield Votes.of(one.dimension, one.kind, votes, messages=messages)


def _wide_votes(
    table: Table,
    columns: VoteColumns,
    ids: Sequence[str],
    _problems: list[RowProblem],
    _remarks: list[str],
) -> Iterator[Votes]:
    (one,) = columns.labels
    paths: dict[Cell, tuple[str, ...]] = {}
    votes = {
        (id_, person): paths.setdefault(cell, one.read((cell,)).paths)
        for column, person in zip(columns.annotators, names_of(columns.annotators), strict=True)
        for id_, cell in zip(ids, table[column], strict=True)
        if _is_vote(cell, one)
    }
    yield Votes.of(one.dimension, one.kind, votes, messages=ids)


def _is_vote(cell: Cell, columns: LabelColumns) -> bool:
    """Tell a vote from none; only an empty list says that no label holds."""
    return not is_empty(cell) and (cell != () or columns.kind is Kind.MULTI)


def _texts(
    table: Table, columns: Sequence[str], ids: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if not columns:
        return found
    for id_, cells in zip(ids, zip(*(table[name] for name in columns), strict=True), strict=True):
        if not any(found.get(id_, ())):  # the first row that has a text gives it
            found[id_] = tuple("" if is_empty(cell) else as_text(cell) for cell in cells)
    return found
