"""Which columns answer which dimension, as `--label` says it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sortyard.data.cells import Cell, as_text, is_empty
from sortyard.data.label_cells import CellStyle, as_name, without_slash
from sortyard.data.tables import Table
from sortyard.domain.errors import UnknownColumn
from sortyard.domain.taxonomy import SEPARATOR, Kind, Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelColumns:
    """One dimension, and the column that holds its labels, or one column a level."""

    dimension: str
    columns: tuple[str, ...]
    style: CellStyle = field(default_factory=CellStyle)

    @property
    def kind(self) -> Kind:
        return self.style.kind

    @property
    def spec(self) -> str:
        """How `--label` says the same."""
        joined = SEPARATOR.join(self.columns)
        return joined if self.dimension == self.columns[0] else f"{self.dimension}={joined}"

    def read(self, cells: Sequence[Cell]) -> "Reading":
        """Read the cells of one row, one a column."""
        if len(self.columns) == 1:
            names = self.style.names(cells[0])
            paths = tuple(self.style.path(name) for name in names)
            return Reading(tuple(dict.fromkeys(paths)), _changed(names, paths, self.style))
        levels = tuple(_levels(cells))
        if not levels:
            return Reading(())
        changed = {name: without_slash(name) for name in levels if SEPARATOR in name}
        return Reading((SEPARATOR.join(map(without_slash, levels)),), changed)


@dataclass(frozen=True, slots=True)
class Reading:
    """The label paths of one row, and the names that had to change on the way."""

    paths: tuple[str, ...]
    renamed: dict[str, str] = field(default_factory=dict)


def parse_spec(spec: str, table: Table, taxonomy: Taxonomy | None = None) -> LabelColumns:
    """
    Read a `--label`: `COLUMN`, `NAME=COLUMN`, or `COLUMN/COLUMN/…` for the levels of a hierarchy.

    A column whose name is exactly the whole text wins over any reading of `=` and `/`. Raises
    UnknownColumn.
    """
    name, columns = None, _columns(spec, table.columns)
    if columns is None and "=" in spec:
        name, _, rest = spec.partition("=")
        columns = _columns(rest.strip(), table.columns)
        spec = rest.strip()
    if columns is None:
        missing = next(one for one in (*spec.split(SEPARATOR), spec) if one not in table.columns)
        raise UnknownColumn(missing, table.columns, table.source)
    return styled((name or columns[0]).strip(), columns, table, taxonomy)


def styled(
    dimension: str, columns: tuple[str, ...], table: Table, taxonomy: Taxonomy | None = None
) -> LabelColumns:
    """Look at the cells of the columns, to learn how labels are written there."""
    known: Collection[str] = ()
    kind = None
    if taxonomy is not None and dimension in taxonomy.names:
        known, kind = frozenset(taxonomy[dimension].paths), taxonomy[dimension].kind
    if len(columns) > 1:
        return LabelColumns(dimension=dimension, columns=columns)
    style = CellStyle.of(table[columns[0]], known)
    if kind is not None and kind is not style.kind:
        style = CellStyle(kind, style.separator, style.has_paths)
    return LabelColumns(dimension=dimension, columns=columns, style=style)


def nested(columns: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether each value of a column occurs under one value only of the column before it."""
    for above, below in pairwise(columns):
        parents: dict[str, str] = {}
        for one, other in zip(above, below, strict=True):
            parent = as_text(one)
            if not is_empty(other) and parents.setdefault(as_text(other), parent) != parent:
                return False
    return True


def _columns(words: str, known: Sequence[str]) -> tuple[str, ...] | None:
    """Find the columns that are named; a name may itself hold a slash."""
    if words in known:
        return (words,)
    for at, character in enumerate(words):
        head = words[:at].strip()
        if character == SEPARATOR and head in known:
            rest = _columns(words[at + 1 :].strip(), known)
            if rest is not None:
                return (head, *rest)
    return None


def _levels(cells: Sequence[Cell]) -> Iterator[str]:
    for cell in cells:
        if is_empty(cell) or not (name := as_name(as_text(cell))):
            return
        yield name


def _changed(names: Sequence[str], paths: Sequence[str], style: CellStyle) -> dict[str, str]:
    if style.has_paths:
        return {}
    return {name: path for name, path in zip(names, paths, strict=True) if name != path}
