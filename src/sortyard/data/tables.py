"""A file as columns of cells, before anything is known about what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sortyard.data.cells import Cell
from sortyard.data.problems import RowProblem
from sortyard.domain.errors import UnknownColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    The readable rows of one file.

    `cells` maps a column to one cell a row; `lines` has the line on which each row starts; rows
    that could not be read are among the `problems`. `roles` says which columns a role has where
    the kind of file tells, as of a mailbox; then nobody need guess. `files` has the name of each
    row's own file by its line, where the table is a folder.
    """

    source: str
    sha256: str
    cells: Mapping[str, tuple[Cell, ...]]
    lines: tuple[int, ...]
    problems: tuple[RowProblem, ...] = ()
    encoding: str = "utf-8"
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.cells)

    def __getitem__(self, column: str) -> tuple[Cell, ...]:
        self.require(column)
        return self.cells[column]

    def require(self, *columns: str) -> None:
        """Raise UnknownColumn for the first of these columns that is not here."""
        for column in columns:
            if column not in self.cells:
                raise UnknownColumn(column, self.cells, self.source)
