"""Read back what people have decided: a work list with one column filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sortyard.data.cells import Cell, as_text, is_empty
from sortyard.data.forms import plain_form
from sortyard.data.label_cells import as_name
from sortyard.data.readers import read_table
from sortyard.data.tables import Table
from sortyard.data.votes import Answer, Votes
from sortyard.domain.errors import InvalidUsage, UnknownLabels
from sortyard.domain.taxonomy import Kind

ID: Final = "id"
DIMENSION: Final = "dimension"
DECIDED: Final = "decided"
TEXT: Final = "text"
NONE: Final = "none"  # what people write where no label of a multi dimension holds
SEPARATOR: Final = ";"
COMPARED: Final = 1_000  # letters; where so many are the same, two texts are
NO_TEXTS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decisions:
    """
    What was decided, by dimension and message id.

    `strangers` counts the decisions on messages that the votes do not have, or have under an id
    that is another message's in the list.
    """

    answers: Mapping[str, Mapping[str, Answer]]
    strangers: int

    def __len__(self) -> int:
        return sum(map(len, self.answers.values()))


def read_decisions(
    path: Path,
    dimensions: Sequence[Votes],
    *,
    known: Mapping[str, Sequence[str]],
    texts: Mapping[str, str] = NO_TEXTS,
) -> Decisions:
    """
    Read the column `decided`, where it is filled; several labels have a `;` between them.

    `known` has more labels of a dimension than the votes name, and `texts` what the messages say:
    where ids are mere numbers, a list of another file has the same ones. Raises what `read_table`
    does, UnknownColumn, UnknownLabels, and InvalidUsage where it is not clear what was decided.
    """
    table = read_table(path)
    table.require(ID, DECIDED)
    said = table[TEXT] if TEXT in table.columns else (None,) * len(table)
    votes = {one.dimension: one for one in dimensions}
    messages = {name: frozenset(one.messages) for name, one in votes.items()}
    found: dict[str, dict[str, Answer]] = {name: {} for name in votes}
    strangers = 0
    rows = zip(_names(table, votes), table[ID], said, table[DECIDED], strict=True)
    for name, id_, text, cell in rows:
        if is_empty(cell) or not as_text(cell).strip():
            continue
        key = as_text(id_).strip()
        if key not in messages[name] or not _is_said(text, texts.get(key)):
            strangers += 1
            continue
        found[name][key] = _answer(cell, votes[name], key, table.source)
    for name, answers in found.items():
        labels = {*votes[name].labels, *known.get(name, ())}
        unknown = {label for answer in answers.values() for label in answer} - labels
        if unknown:
            raise UnknownLabels(unknown, labels, table.source)
    return Decisions(found, strangers)


def _is_said(cell: Cell, text: str | None) -> bool:
    """Tell whether a list shows the text of a message; spreadsheets cut long cells off."""
    if text is None or is_empty(cell):
        return True
    return plain_form(as_text(cell))[:COMPARED] == plain_form(text)[:COMPARED]


def _names(table: Table, votes: Mapping[str, Votes]) -> Sequence[str]:
    """Tell the dimension of each row; it need not be said where there is only one."""
    if DIMENSION not in table.columns:
        if len(votes) > 1:
            table.require(DIMENSION)
        return [next(iter(votes))] * len(table)
    names = [as_text(cell).strip() for cell in table[DIMENSION]]
    for name in names:
        if name not in votes:
            raise InvalidUsage(
                f"{table.source} decides on {name!r}, which nobody has voted on.",
                f"The votes are on {', '.join(votes)}; give the list that was made from them.",
            )
    return names


def _answer(cell: Cell, votes: Votes, message: str, source: str) -> Answer:
    words = as_text(cell)
    if votes.kind is Kind.SINGLE:
        return (as_name(words),)
    pieces = cell if isinstance(cell, tuple) else words.split(SEPARATOR)
    labels = tuple(sorted({name for piece in pieces if (name := as_name(piece))}))
    if NONE in labels and NONE not in votes.labels:
        if len(labels) > 1:
            raise InvalidUsage(
                f"{source} decides on {message!r} that no label holds, and that some do.",
                f"Write {NONE!r} alone, or the labels alone.",
            )
        return ()
    return labels


def written(answer: Answer | None) -> str:
    """Write an answer the way `read_decisions` reads it; nothing where there is none."""
    if answer is None:
        return ""
    return f"{SEPARATOR} ".join(answer) if answer else NONE
