"""Read the labels of every row, and hold them against the taxonomy where there is one."""

from dataclasses import dataclass
from typing import TypeAlias

from sortyard.data.cells import Cell, is_empty
from sortyard.data.label_columns import LabelColumns
from sortyard.data.problems import RowProblem, Trouble
from sortyard.data.tables import Table
from sortyard.domain.errors import UnknownLabels, did_you_mean
from sortyard.domain.taxonomy import Kind, Taxonomy

Paths: TypeAlias = tuple[str, ...] | None  # None: this dimension was not asked of the row


@dataclass(frozen=True, slots=True)
class _Renamed:
    """The first line on which a name had to change."""

    line: int
    path: str


def row_labels(
    table: Table, columns: LabelColumns, taxonomy: Taxonomy | None, problems: list[RowProblem]
) -> list[Paths]:
    """
    Read one dimension of every row: its label paths, or None where the row says nothing.

    Raises UnknownLabels where the taxonomy has none of the labels.
    """
    readings: dict[tuple[Cell, ...], Paths] = {}
    renamed: dict[str, _Renamed] = {}
    found: list[Paths] = []
    for line, cells in zip(
        table.lines, zip(*(table[name] for name in columns.columns), strict=True), strict=True
    ):
        if cells not in readings:
            reading = columns.read(cells)
            readings[cells] = None if _says_nothing(columns, cells) else reading.paths
            for name, path in reading.renamed.items():
                renamed.setdefault(name, _Renamed(line, path))
        found.append(readings[cells])
        if found[-1] is None:
            problems.append(RowProblem(line, Trouble.EMPTY_LABEL, f"column {columns.columns[0]!r}"))
    problems += [
        RowProblem(one.line, Trouble.RENAMED_LABEL, f"{name!r} is now {one.path!r}")
        for name, one in renamed.items()
    ]
    if taxonomy is None:
        return found
    return _checked(found, table, columns, taxonomy, problems)


def _says_nothing(columns: LabelColumns, cells: tuple[Cell, ...]) -> bool:
    """Tell whether a row has no label; in a `multi` column an empty cell says that none holds."""
    if columns.kind is Kind.MULTI and isinstance(cells[0], str) and not cells[0].strip():
        return False
    return is_empty(cells[0]) or (columns.kind is Kind.SINGLE and cells[0] == ())


def _checked(
    found: list[Paths],
    table: Table,
    columns: LabelColumns,
    taxonomy: Taxonomy,
    problems: list[RowProblem],
) -> list[Paths]:
    """Take the labels away from rows whose labels the taxonomy does not allow, and say so."""
    dimension = taxonomy[columns.dimension]
    known = frozenset(dimension.paths)
    unknown = {path for paths in found if paths for path in paths if path not in known}
    guesses = {path: did_you_mean([path], known).strip() for path in sorted(unknown)[:_GUESSED]}
    checked: list[Paths] = []
    for line, paths in zip(table.lines, found, strict=True):
        strange = next((path for path in paths or () if path in unknown), None)
        if strange is not None:
            guess = guesses.get(strange)
            about = f"{columns.dimension!r}: {strange!r}" + (f". {guess}" if guess else "")
            problems.append(RowProblem(line, Trouble.UNKNOWN_LABEL, about))
        elif paths and len(paths) > 1 and dimension.kind is Kind.SINGLE:
            about = f"{columns.dimension!r}: {len(paths)} labels"
            problems.append(RowProblem(line, Trouble.SEVERAL_LABELS, about))
            paths = None  # noqa: PLW2901 -- it has lost its labels
        checked.append(None if strange is not None else paths)
    if unknown and not any(checked):
        raise UnknownLabels(unknown, known, table.source)
    return checked


_GUESSED = 1_000  # distinct unknown labels; a file with more uses other labels altogether
