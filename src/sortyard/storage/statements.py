"""Statements that SQLite and PostgreSQL both understand."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    RowMapping,
    Select,
    Table,
    and_,
    or_,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite

from sortyard.storage.database import Database

Query: TypeAlias = Select[*tuple[Any, ...]]

PAGE: Final = 1_000  # rows that one statement reads


def insert_new(connection: Connection, table: Table) -> Insert:
    """Insert rows into a table, and leave out those whose key it has already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def pages(
    database: Database,
    query: Query,
    order: Sequence[Column[Any]],
    *,
    since: ColumnElement[bool] | None = None,
) -> Iterator[RowMapping]:
    """
    Give the rows of a query in an order that no two of them share.

    They are read page by page, each from where the last one ended, so that nobody waits for a slow
    reader. `since` says where to begin.
    """
    place = true() if since is None else since
    while True:
        with database.reading() as connection:
            found = connection.execute(query.where(place).order_by(*order).limit(PAGE))
            page = found.mappings().all()
        yield from page
        if len(page) < PAGE:
            return
        place = _after(order, page[-1])


def _after(order: Sequence[Column[Any]], row: RowMapping) -> ColumnElement[bool]:
    """What follows a row: larger in one column, and equal in those before it."""
    steps = [
        and_(*(one == row[one.name] for one in order[:count]), column > row[column.name])
        for count, column in enumerate(order)
    ]
    # The first condition follows from the second; by it an index finds the place.
    return and_(order[0] >= row[order[0].name], or_(*steps))
