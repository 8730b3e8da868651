"""What the columns of a file are for that is read beside another one."""

from dataclasses import replace

from sortyard.data.columns import Columns, infer_columns
from sortyard.data.label_columns import LabelColumns
from sortyard.data.plans import is_plan
from sortyard.data.roles import Role
from sortyard.data.tables import Table
from sortyard.domain.errors import InvalidUsage, listing
from sortyard.domain.taxonomy import Taxonomy


def columns_like(
    table: Table, lead: Columns, source: str, taxonomy: Taxonomy | None = None
) -> Columns:
    """
    Give the columns of a table the roles that they have in the `lead`, the columns of `source`.

    Columns have one name in both files. But a plan has its own, a mailbox names its text itself,
    and labels may also stand in a column that is named as their dimension. `taxonomy` tells how
    labels are written. What the lead does not keep as metadata is left out. Raises InvalidUsage
    where the text or the labels of a dimension are missing.
    """
    found = infer_columns(
        table,
        text=_texts(table, lead, source),
        labels=tuple(_spec(table, one, source) for one in lead.labels),
        id_column=_shared(table, lead.id),
        taxonomy=taxonomy,
    )
    return replace(
        found,
        group=_shared(table, lead.group),
        time=_shared(table, lead.time),
        metadata=tuple(name for name in lead.metadata if name in table.columns),
        guesses=(),
    )


def _texts(table: Table, lead: Columns, source: str) -> tuple[str, ...]:
    missing = [one for one in lead.text_specs if one not in table.columns]
    if not missing or is_plan(table):
        return lead.text_specs
    if Role.TEXT in table.roles:
        return ()
    raise _unlike(table, missing[0], "text", source)


def _spec(table: Table, lead: LabelColumns, source: str) -> str:
    missing = [one for one in lead.columns if one not in table.columns]
    if not missing:
        return lead.spec
    if lead.dimension in table.columns:
        return lead.dimension
    raise _unlike(table, missing[0], "label", source)


def _shared(table: Table, column: str | None) -> str | None:
    return column if column in table.columns else None


def _unlike(table: Table, column: str, role: str, source: str) -> InvalidUsage:
    return InvalidUsage(
        f"{table.source} has no column {column!r}, which is the {role} of {source}.",
        f"Name its columns as there, or leave it out. It has: {listing(table.columns, limit=20)}.",
    )
