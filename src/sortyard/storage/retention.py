"""Forget a message, an author, or everything that is old."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    literal,
    select,
    text,
)

from sortyard.domain.audit import Deed
from sortyard.storage.audit import append_deed
from sortyard.storage.columns import digest
from sortyard.storage.database import Database
from sortyard.storage.partitions import Partitions, start_of
from sortyard.storage.schema import corrections, forgotten, record_keys, records, reviews
from sortyard.storage.tombstones import clear, lay, mark_author, mark_message

STEP: Final = 2_000  # rows that SQLite deletes before others may write
# Whoever is writing finishes first; whoever comes after sees what is to be forgotten.
_ALONE: Final = text("LOCK TABLE record_keys IN SHARE ROW EXCLUSIVE MODE")


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was of what was to be forgotten."""

    records: int
    reviews: int
    corrections: int


@dataclass(frozen=True, slots=True)
class Expired:
    """How much was old, and which partitions went as a whole."""

    records: int
    reviews: int
    partitions: tuple[str, ...] = ()


class Retention:
    """
    Takes things out of a store for good.

    Each act is noted in the audit log with its numbers, and without a name: what was forgotten
    stands there as a digest.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._partitions = Partitions(database)

    def forget_message(self, message_id: str, *, by: str, at: datetime) -> Erased:
        """Erase all that is kept of a message, also what still waits to be written."""
        mark = mark_message(message_id)
        deed = Deed(at=at, actor=by, act="forget-message", subject=mark.hex())
        return self._forget([message_id], records.c.message == message_id, (mark,), deed)

    def forget_author(self, forms: Sequence[str], *, by: str, at: datetime) -> Erased:
        """
        Erase all that is kept of an author's messages, also what still waits to be written.

        `forms` are those in which the author may be kept: `TextKeeper.author_forms` gives them.
        """
        marks = [mark_author(form) for form in forms]
        theirs = records.c.author.in_(forms)
        deed = Deed(at=at, actor=by, act="forget-author", subject=" ".join(m.hex() for m in marks))
        return self._forget(select(records.c.message).where(theirs), theirs, marks, deed)

    def is_due(self, before: datetime) -> bool:
        """Tell whether anything is kept of the days that were over by a moment."""
        day = before.astimezone(UTC).date()
        if any(one < day for one in self._partitions.all()):
            return True
        old = (
            records.c.received < start_of(day),
            record_keys.c.day < day,
            reviews.c.opened < start_of(day),
            forgotten.c.at < start_of(day),
        )
        with self._database.reading() as connection:
            return any(
                connection.execute(select(literal(1)).where(one).limit(1)).first() for one in old
            )

    def expire(
        self,
        before: datetime,
        *,
        by: str,
        at: datetime,
        going_on: Callable[[], bool] = lambda: True,
    ) -> Expired:
        """
        Erase the records and reviews of every day, in UTC, that was over by a moment.

        Corrections stay: they hold no words, and what was learnt rests on them. On PostgreSQL a day
        is dropped at once; elsewhere others may write in between. `going_on` is asked before every
        step; what is left when it says no is for the next time. The last step and the entry in the
        audit log are one: whoever is killed before leaves something that is due, and the next one
        notes it, with the numbers of what was left.
        """
        day = before.astimezone(UTC).date()
        dropped = self._partitions.drop(day)
        self._delete_records(start_of(day), going_on)
        old = {record_keys: record_keys.c.day < day, reviews: reviews.c.opened < start_of(day)}
        gone = {table: self._delete_most(table, rows, going_on) for table, rows in old.items()}
        with self._database.writing() as connection:
            if going_on():
                for table, rows in old.items():
                    gone[table] += connection.execute(delete(table).where(rows)).rowcount
                clear(connection, start_of(day))
            expired = Expired(
                records=gone[record_keys],
                reviews=gone[reviews],
                partitions=tuple(one.isoformat() for one in dropped),
            )
            facts = {"records": expired.records, "reviews": expired.reviews, "days": len(dropped)}
            deed = Deed(at=at, actor=by, act="expire", subject=f"before {day}", facts=facts)
            append_deed(connection, deed)
        self._database.tidy()
        return expired

    def _forget(
        self,
        messages: Select[Any] | Sequence[str],
        theirs: ColumnElement[bool],
        marks: Collection[bytes],
        deed: Deed,
    ) -> Erased:
        with self._database.writing() as connection:
            if self._database.on_postgres:
                connection.execute(_ALONE)
            waited = delete(reviews).where(reviews.c.message.in_(messages))
            said = delete(corrections).where(corrections.c.message.in_(messages))
            erased = Erased(
                reviews=connection.execute(waited).rowcount,
                corrections=connection.execute(said).rowcount,
                records=_delete_records_and_keys(connection, theirs),
            )
            lay(connection, marks, at=deed.at)
            append_deed(connection, replace(deed, facts=asdict(erased)))
        self._database.tidy()
        return erased

    def _delete_records(self, before: datetime, going_on: Callable[[], bool]) -> None:
        received = records.c.received
        nth = select(received).where(received < before).order_by(received).offset(STEP - 1).limit(1)
        more = True
        while more and going_on():
            with self._database.writing() as connection:
                last = connection.execute(nth).scalar()
                more = last is not None
                connection.execute(
                    delete(records).where(received <= last if more else received < before)
                )

    def _delete_most(
        self, table: Table, old: ColumnElement[bool], going_on: Callable[[], bool]
    ) -> int:
        """Delete old rows of a table that has a digest; on SQLite alone, and not the last step."""
        some = select(table.c.digest).where(old).limit(STEP)
        more, deleted = not self._database.on_postgres, 0
        while more and going_on():
            with self._database.writing() as connection:
                more = connection.execute(some.offset(STEP).limit(1)).first() is not None
                if more:
                    gone = delete(table).where(table.c.digest.in_(some))
                    deleted += connection.execute(gone).rowcount
        return deleted


def _delete_records_and_keys(connection: Connection, theirs: ColumnElement[bool]) -> int:
    gone = delete(records).where(theirs).returning(records.c.message, records.c.release)
    found = connection.execute(gone).all()
    keys = [{"key": digest(row.message, row.release)} for row in found]
    if keys:
        free = delete(record_keys).where(record_keys.c.digest == bindparam("key"))
        connection.execute(free, keys)
    return len(keys)
