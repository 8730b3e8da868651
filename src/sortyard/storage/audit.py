"""The audit log: what was done to the system, in a chain that nobody can change unnoticed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select

from sortyard.domain.audit import START, AuditEntry, Deed, chained, first_break
from sortyard.domain.errors import TamperedAudit
from sortyard.storage.database import Database
from sortyard.storage.locks import Lock, hold
from sortyard.storage.schema import audit as table
from sortyard.storage.statements import pages

_ORDER: Final = (table.c.number,)


class AuditLog:
    """
    Every administrative act, one after the other.

    Whoever changes, adds or removes an entry in the middle breaks the chain. What was cut off at
    the end shows when `latest(1)` is compared with a note of it that lies elsewhere.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, deed: Deed) -> AuditEntry:
        """Give a deed the next place in the chain."""
        with self._database.writing() as connection:
            return append_deed(connection, deed)

    def entries(self, *, since: int = 1) -> Iterator[AuditEntry]:
        """Give the entries from a number on, in order, page by page."""
        found = pages(self._database, select(table), _ORDER, since=table.c.number >= since)
        return map(_from_row, found)

    def latest(self, number: int) -> tuple[AuditEntry, ...]:
        """Give the last entries, the newest first."""
        query = select(table).order_by(table.c.number.desc()).limit(number)
        with self._database.reading() as connection:
            return tuple(_from_row(row) for row in connection.execute(query).mappings())

    def verify(self) -> int:
        """Follow the chain from its start, and count its entries. Raises `TamperedAudit`."""
        count = 0

        def counted() -> Iterator[AuditEntry]:
            nonlocal count
            for entry in self.entries():
                count += 1
                yield entry

        try:
            broken = first_break(counted())
        except ValueError:  # a time that is none
            broken = count + 1
        if broken is not None:
            raise TamperedAudit(broken)
        return count


def append_deed(connection: Connection, deed: Deed) -> AuditEntry:
    """Give a deed the next place in the chain, in the transaction that does it."""
    hold(connection, Lock.AUDIT)  # or two processes would both follow the same entry
    last = connection.execute(
        select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
    ).first()
    number, before = (last.number + 1, last.hash) if last else (1, START)
    entry = chained(_as_kept(deed), number=number, before=before)
    connection.execute(table.insert(), _to_row(entry))
    return entry


def _as_kept(deed: Deed) -> Deed:
    """Give a deed as it will be read back, which is what its hash has to cover."""
    facts = json.loads(json.dumps(dict(deed.facts)))
    return replace(deed, at=deed.at.astimezone(UTC), facts=facts)


def _to_row(entry: AuditEntry) -> dict[str, Any]:
    deed = entry.deed
    return {
        "number": entry.number,
        "at": deed.at,
        "actor": deed.actor,
        "act": deed.act,
        "subject": deed.subject,
        "facts": json.dumps(deed.facts),
        "before": entry.before,
        "hash": entry.hash,
    }


def _from_row(row: RowMapping) -> AuditEntry:
    deed = Deed(
        at=row["at"],
        actor=row["actor"],
        act=row["act"],
        subject=row["subject"],
        facts=_facts(row["facts"]),
    )
    return AuditEntry(number=row["number"], deed=deed, before=row["before"], hash=row["hash"])


def _facts(words: str) -> Mapping[str, Any]:
    """Read facts, also such as nobody could have written through `append_deed`."""
    try:
        facts = json.loads(words)
    except ValueError:
        facts = None
    return facts if isinstance(facts, dict) else {"unreadable": words}
