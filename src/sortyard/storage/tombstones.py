"""
What was to be forgotten stays so, also where a journal still holds it.

A tombstone is the digest of a message's id or of an author, with the moment of the wish: a record
that was received by then is not written any more. Who writes again later is kept again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select

from sortyard.domain.records import Record
from sortyard.storage.columns import digest
from sortyard.storage.schema import forgotten


def mark_message(message_id: str) -> bytes:
    """Give the mark of a message."""
    return digest("message", message_id)


def mark_author(author: str) -> bytes:
    """Give the mark of an author, in the form in which the author is kept."""
    return digest("author", author)


def lay(connection: Connection, marks: Iterable[bytes], *, at: datetime) -> None:
    """Remember that something was to be forgotten at a moment, and no more of it."""
    for mark in marks:
        connection.execute(delete(forgotten).where(forgotten.c.digest == mark))
        connection.execute(forgotten.insert().values(digest=mark, at=at))


def clear(connection: Connection, before: datetime) -> None:
    """Drop the tombstones that are older than anything that is still to be written."""
    connection.execute(delete(forgotten).where(forgotten.c.at < before))


def to_be_forgotten(connection: Connection, records: Mapping[bytes, Record]) -> frozenset[bytes]:
    """Find the records, by their keys, that were received before someone had them forgotten."""
    if connection.execute(select(forgotten.c.digest).limit(1)).first() is None:
        return frozenset()  # as nearly always
    marks = {key: _marks(record) for key, record in records.items()}
    wanted = {mark for some in marks.values() for mark in some}
    statement = select(forgotten.c.digest, forgotten.c.at).where(forgotten.c.digest.in_(wanted))
    laid = {row.digest: row.at for row in connection.execute(statement)}
    return frozenset(
        key
        for key, some in marks.items()
        if any(mark in laid and records[key].received <= laid[mark] for mark in some)
    )


def _marks(record: Record) -> tuple[bytes, ...]:
    message = mark_message(record.message_id)
    return (message,) if record.author is None else (message, mark_author(record.author))
