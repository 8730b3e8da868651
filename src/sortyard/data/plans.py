"""The columns of a plan: a table of messages to label, as `sortyard annotate plan` writes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sortyard.data.cells import is_empty
from sortyard.data.tables import Table
from sortyard.domain.taxonomy import SEPARATOR

ID: Final = "id"
SUBJECT: Final = "subject"
TEXT: Final = "text"
WHY: Final = "why"
SUGGESTION: Final = "suggestion"
CHANCE: Final = "chance"
COLUMNS: Final = (ID, SUBJECT, TEXT, WHY, SUGGESTION, CHANCE)
ABOUT: Final = (WHY, SUGGESTION, CHANCE)  # why a message was chosen; nothing that it came with


def is_plan(table: Table) -> bool:
    """Tell a plan from any other table."""
    return {ID, SUBJECT, TEXT, *ABOUT} <= set(table.columns)


def about_plan(table: Table) -> tuple[str, ...]:
    """Name the columns that say why messages were chosen; none where the table is no plan."""
    return ABOUT if is_plan(table) else ()


def labelled_in_plan(table: Table) -> int:
    """Count the rows of a plan in which somebody has written a label."""
    start = table.columns.index(TEXT) + 1  # the labels stand between the text and the reason
    labels = [table[name] for name in table.columns[start : table.columns.index(WHY)]]
    return sum(not all(map(is_empty, cells)) for cells in zip(*labels, strict=True))


@dataclass(frozen=True, slots=True)
class Names:
    """The columns that are asked for, by their roles; none where a role is to be guessed."""

    text: tuple[str, ...]
    labels: tuple[str, ...]
    id: str | None
    group: str | None
    time: str | None

    def in_plan(self, table: Table) -> "Names":
        """
        Give the names that a plan has for the columns of the archive that it goes with.

        Its text stands in columns of its own, the labels of a dimension in one that is named so.
        """
        known = table.columns
        return Names(
            text=self.text if self.text and set(self.text) <= set(known) else (SUBJECT, TEXT),
            labels=tuple(
                name if (name := dimension_of(spec)) in known else spec for spec in self.labels
            ),
            id=ID,
            group=self.group if self.group in known else None,
            time=self.time if self.time in known else None,
        )


def dimension_of(spec: str) -> str:
    """Tell the dimension of a `--label`: the name that it gives, or the first of its columns."""
    name, named, _ = spec.partition("=")
    return (name if named else spec.split(SEPARATOR, maxsplit=1)[0]).strip()


def without_the_open(table: Table, labels: Sequence[str]) -> Table:
    """
    Tell the rows of a plan that nobody has labelled from those that have no label.

    In a column of several labels an empty cell says that none holds; in a plan it says so only
    where the row has a label in some other column.
    """
    if not is_plan(table):
        return table
    rows = zip(*(table[name] for name in labels), strict=True)
    is_open = [all(map(is_empty, cells)) for cells in rows]
    cells = {
        name: tuple(None if left else cell for left, cell in zip(is_open, table[name], strict=True))
        for name in labels
    }
    return replace(table, cells={**table.cells, **cells})
