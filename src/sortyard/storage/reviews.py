"""The messages that wait for a person."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, func, select, update

from sortyard.domain.corrections import Review
from sortyard.storage.columns import digest
from sortyard.storage.database import Database
from sortyard.storage.schema import reviews as table
from sortyard.storage.statements import insert_new, pages

_WAITING: Final = table.c.closed.is_(None)
_ORDER: Final = (table.c.opened, table.c.digest)


class Reviews:
    """The reviews of a store. `Records.write` opens them, together with what they are about."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, number: int, *, release: str | None = None) -> tuple[Review, ...]:
        """Give those that have waited longest, the oldest first."""
        statement = select(table).where(_WAITING).order_by(*_ORDER).limit(number)
        if release is not None:
            statement = statement.where(table.c.release == release)
        with self._database.reading() as connection:
            return tuple(_from_row(row) for row in connection.execute(statement).mappings())

    def of_message(self, message_id: str) -> tuple[Review, ...]:
        """Give the reviews of a message, the oldest first."""
        statement = select(table).where(table.c.message == message_id).order_by(*_ORDER)
        with self._database.reading() as connection:
            return tuple(_from_row(row) for row in connection.execute(statement).mappings())

    def close(self, message_id: str, *, by: str, at: datetime) -> int:
        """Note that a person has seen a message; tell how many reviews of it were waiting."""
        statement = (
            update(table)
            .where(_WAITING, table.c.message == message_id)
            .values(closed=at, closed_by=by)
        )
        with self._database.writing() as connection:
            return connection.execute(statement).rowcount

    def count_waiting(self) -> int:
        """Count the messages that wait."""
        statement = select(func.count()).select_from(table).where(_WAITING)
        with self._database.reading() as connection:
            return connection.execute(statement).scalar_one()

    def all(self) -> Iterator[Review]:
        """Give every review, the oldest first, page by page."""
        return map(_from_row, pages(self._database, select(table), _ORDER))


def open_reviews(connection: Connection, reviews: Sequence[Review]) -> None:
    """Put messages before a person, in the transaction that keeps them."""
    if reviews:
        statement = insert_new(connection, table)
        connection.execute(statement, [_to_row(review) for review in reviews])


def _to_row(review: Review) -> dict[str, Any]:
    return {
        "digest": digest(review.message_id, review.release),
        "message": review.message_id,
        "release": review.release,
        "dimensions": review.dimensions,
        "opened": review.opened,
        "closed": review.closed,
        "closed_by": review.closed_by,
    }


def _from_row(row: RowMapping) -> Review:
    return Review(
        message_id=row["message"],
        release=row["release"],
        dimensions=tuple(row["dimensions"]),
        opened=row["opened"],
        closed=row["closed"],
        closed_by=row["closed_by"],
    )
