"""What people said after the machine."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, func, select

from sortyard.domain.corrections import Correction
from sortyard.storage.columns import digest
from sortyard.storage.database import Database
from sortyard.storage.schema import corrections as table
from sortyard.storage.statements import insert_new, pages

_ORDER: Final = (table.c.at, table.c.digest)


class Corrections:
    """The corrections of a store: they are added, and never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, corrections: Sequence[Correction]) -> int:
        """Keep corrections, and tell how many of them were new."""
        rows = {row["digest"]: row for row in map(_to_row, corrections)}
        if not rows:
            return 0
        with self._database.writing() as connection:
            statement = insert_new(connection, table).returning(table.c.digest)
            return len(connection.execute(statement, list(rows.values())).all())

    def of_message(self, message_id: str) -> tuple[Correction, ...]:
        """Give what was said about a message, the oldest first."""
        query = select(table).where(table.c.message == message_id).order_by(*_ORDER)
        with self._database.reading() as connection:
            return tuple(_from_row(row) for row in connection.execute(query).mappings())

    def between(self, start: datetime, end: datetime) -> Iterator[Correction]:
        """Give what was said from one moment until before another, in order, page by page."""
        query = select(table).where(table.c.at < end)
        return map(_from_row, pages(self._database, query, _ORDER, since=table.c.at >= start))

    def all(self) -> Iterator[Correction]:
        """Give every correction, the oldest first, page by page."""
        return map(_from_row, pages(self._database, select(table), _ORDER))

    def count(self) -> int:
        """Count all corrections."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _to_row(correction: Correction) -> dict[str, Any]:
    key = digest(
        correction.message_id,
        correction.release,
        correction.dimension,
        correction.reviewer,
        correction.at.astimezone(UTC).isoformat(),
    )
    return {
        "digest": key,
        "message": correction.message_id,
        "release": correction.release,
        "dimension": correction.dimension,
        "before": correction.before,
        "after": correction.after,
        "reviewer": correction.reviewer,
        "at": correction.at,
    }


def _from_row(row: RowMapping) -> Correction:
    return Correction(
        message_id=row["message"],
        release=row["release"],
        dimension=row["dimension"],
        before=tuple(row["before"]),
        after=tuple(row["after"]),
        reviewer=row["reviewer"],
        at=row["at"],
    )
