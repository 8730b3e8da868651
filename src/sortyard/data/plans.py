"""The columns of a plan: a table of messages to label, as `sortyard annotate plan` writes it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sortyard.data.cells import is_empty
from sortyard.data.tables import Table

ID: Final = "id"
SUBJECT: Final = "subject"
TEXT: Final = "text"
WHY: Final = "why"
SUGGESTION: Final = "suggestion"
CHANCE: Final = "chance"
ABOUT: Final = (WHY, SUGGESTION, CHANCE)  # why a message was chosen; nothing that it came with


def is_plan(table: Table) -> bool:
    """Tell a plan from any other table."""
    return {ID, SUBJECT, TEXT, *ABOUT} <= set(table.columns)


def about_plan(table: Table) -> tuple[str, ...]:
    """Name the columns that say why messages were chosen; none where the table is no plan."""
    return ABOUT if is_plan(table) else ()


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
