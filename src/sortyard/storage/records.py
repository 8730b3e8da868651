"""Keep what was answered: each message once a release."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from sortyard.domain.corrections import Review
from sortyard.domain.errors import StoreAway
from sortyard.domain.records import Record
from sortyard.storage.columns import digest
from sortyard.storage.database import Database
from sortyard.storage.partitions import Partitions
from sortyard.storage.record_rows import from_row, to_row
from sortyard.storage.reviews import open_reviews
from sortyard.storage.schema import record_keys
from sortyard.storage.schema import records as table
from sortyard.storage.statements import Query, insert_new, pages
from sortyard.storage.tombstones import to_be_forgotten

AT_ONCE: Final = 1_000  # records that one statement writes
_ORDER: Final = (table.c.received, table.c.message, table.c.release)


class Records:
    """
    The records of a store.

    A row is written together with a key of its message and release, whose table knows no
    partitions: so a record is kept once, whatever its day, and however many processes write it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._partitions = Partitions(database)

    def write(self, records: Sequence[Record]) -> int:
        """
        Keep records, all or none, and tell how many of them were new.

        Of a message that is kept already, or was to be forgotten since, nothing is written. What a
        person has to see opens a review. Raises `StoreAway`.
        """
        if not records:
            return 0
        with suppress(StoreAway):  # then these rows go to the partition that takes any day
            self._partitions.make({_day(record) for record in records})
        written = 0
        with self._database.writing() as connection:
            for start in range(0, len(records), AT_ONCE):
                written += _write(connection, records[start : start + AT_ONCE])
        return written

    def of_message(self, message_id: str) -> tuple[Record, ...]:
        """Tell what answered a message when, the oldest first."""
        return self._found(select(table).where(table.c.message == message_id).order_by(*_ORDER))

    def between(
        self, start: datetime, end: datetime, *, release: str | None = None
    ) -> Iterator[Record]:
        """Give what was received from one moment until before another, in order, page by page."""
        query = select(table).where(table.c.received < end)
        if release is not None:
            query = query.where(table.c.release == release)
        return map(from_row, pages(self._database, query, _ORDER, since=table.c.received >= start))

    def all(self) -> Iterator[Record]:
        """Give every record in the order in which they were received, page by page."""
        return map(from_row, pages(self._database, select(table), _ORDER))

    def latest(self, number: int) -> tuple[Record, ...]:
        """Give the last ones, the newest first."""
        newest_first = (column.desc() for column in _ORDER)
        return self._found(select(table).order_by(*newest_first).limit(number))

    def count(self) -> int:
        """Count all records."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    def _found(self, query: Query) -> tuple[Record, ...]:
        with self._database.reading() as connection:
            return tuple(from_row(row) for row in connection.execute(query).mappings())


def _write(connection: Connection, records: Sequence[Record]) -> int:
    fresh = _claim(connection, records)
    if fresh:
        connection.execute(insert(table), [to_row(record) for record in fresh])
        found = (Review.of(one.answer, opened=one.received) for one in fresh)
        open_reviews(connection, [review for review in found if review is not None])
    return len(fresh)


def _claim(connection: Connection, records: Sequence[Record]) -> list[Record]:
    """
    Take the keys that nobody has taken, and give the records whose keys they are.

    Keys are taken in order, so that two writers never wait for each other. What was to be forgotten
    is asked for afterwards: from here on, whoever forgets waits for us.
    """
    wanted: dict[bytes, Record] = {}
    for record in records:
        wanted.setdefault(digest(record.message_id, record.release), record)
    claim = insert_new(connection, record_keys).returning(record_keys.c.digest)
    rows = [{"digest": key, "day": _day(wanted[key])} for key in sorted(wanted)]
    claimed = set(connection.execute(claim, rows).scalars())
    fresh = {key: record for key, record in wanted.items() if key in claimed}
    gone = to_be_forgotten(connection, fresh)
    if gone:
        connection.execute(delete(record_keys).where(record_keys.c.digest.in_(gone)))
    return [record for key, record in fresh.items() if key not in gone]


def _day(record: Record) -> date:
    return record.received.astimezone(UTC).date()
