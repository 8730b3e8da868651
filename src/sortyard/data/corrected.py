"""An archive with the labels that people have decided on since, every other cell as it was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sortyard.data.archive import Archive
from sortyard.data.cells import Cell
from sortyard.data.decisions import SEPARATOR, Decisions, read_decisions
from sortyard.data.label_columns import LabelColumns
from sortyard.data.rows import row_ids
from sortyard.data.tables import Table
from sortyard.data.votes import Answer, Votes
from sortyard.domain.taxonomy import SEPARATOR as LEVEL
from sortyard.domain.taxonomy import Kind

ARCHIVE = "archive"  # who gave the labels that were there


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """
    The rows of a file, of which some have other labels now.

    `changed` counts the answers that are others than before, `confirmed` those that a person let
    stand, and `strangers` the decisions on messages that the file does not have.
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Cell], ...]
    changed: int
    confirmed: int
    strangers: int


def read_corrections(path: Path, archive: Archive) -> Decisions:
    """
    Read a work list back: the column `decided`, where it is filled.

    The archive is what one annotator says, so decisions on it are read as those on votes: labels by
    their path, several with a `;` between them, `none` where no label holds. Raises what
    `read_decisions` does: UnknownColumn, UnknownLabels, and InvalidUsage.
    """
    dataset = archive.dataset
    votes = []
    for one in archive.columns.labels:
        told = dataset.labels(one.dimension)
        said = {(dataset.ids[at], ARCHIVE): told[at] for at in dataset.answered(one.dimension)}
        votes.append(Votes.of(one.dimension, one.kind, said, messages=dataset.ids))
    known = {one.name: one.paths for one in archive.taxonomy.dimensions}
    texts = dict(zip(dataset.ids, dataset.texts, strict=True))
    return read_decisions(path, votes, known=known, texts=texts)


def corrected(table: Table, archive: Archive, decisions: Decisions) -> Corrected:
    """
    Put decisions into the cells of the file that an archive was read from.

    A label is written as the file writes it elsewhere. Rows that could not be read are not there.
    """
    columns = {name: list(table[name]) for name in table.columns}
    places = {id_: at for at, id_ in enumerate(row_ids(table, archive.columns.id, []))}
    changed = confirmed = 0
    for one in archive.columns.labels:
        spellings = dict(_spellings(table, one))
        for id_, answer in decisions.answers.get(one.dimension, {}).items():
            at = places[id_]
            before = one.read([columns[name][at] for name in one.columns]).paths
            if set(before) == set(answer):
                confirmed += 1
                continue
            changed += 1
            cells = spellings.get(frozenset(answer)) or _cells(answer, one, table)
            for name, cell in zip(one.columns, cells, strict=True):
                columns[name][at] = cell
    return Corrected(
        columns=table.columns,
        rows=tuple(
            dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)
        ),
        changed=changed,
        confirmed=confirmed,
        strangers=decisions.strangers,
    )


def _spellings(
    table: Table, columns: LabelColumns
) -> Iterator[tuple[frozenset[str], tuple[Cell, ...]]]:
    """Find how the file writes each answer; the last one that differs wins, and all read alike."""
    for cells in dict.fromkeys(zip(*(table[name] for name in columns.columns), strict=True)):
        paths = columns.read(cells).paths
        if paths:
            yield frozenset(paths), cells


def _cells(answer: Answer, columns: LabelColumns, table: Table) -> Sequence[Cell]:
    """Write an answer that no row has yet."""
    if len(columns.columns) > 1:
        levels = answer[0].split(LEVEL, len(columns.columns) - 1) if answer else []
        return [*levels, *[""] * (len(columns.columns) - len(levels))]
    if columns.kind is Kind.SINGLE:
        return [answer[0]]
    if any(isinstance(cell, tuple) for cell in table[columns.columns[0]]):
        return [answer]
    return [(columns.style.separator or SEPARATOR).join(answer)]
