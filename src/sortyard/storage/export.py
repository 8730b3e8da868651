"""Everything that is kept, as lines of JSON that any other program reads."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sortyard.domain.access import ApiKey
from sortyard.domain.audit import AuditEntry
from sortyard.domain.records import Record
from sortyard.storage.audit import AuditLog
from sortyard.storage.corrections import Corrections
from sortyard.storage.database import Database
from sortyard.storage.keys import Keys
from sortyard.storage.records import Records
from sortyard.storage.releases import ReleaseBook
from sortyard.storage.reviews import Reviews
from sortyard.storage.texts import TextKeeper


def export_lines(database: Database, keeper: TextKeeper | None = None) -> Iterator[str]:
    """
    Give a line for each thing that is kept; `kind` says what it is.

    Sealed texts are opened by the keeper, and stay sealed without one. The hashes of API keys are
    left out.
    """
    for kind, value in _everything(database, keeper):
        yield json.dumps({"kind": kind, **value}, separators=(",", ":"))


def _everything(
    database: Database, keeper: TextKeeper | None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    book = ReleaseBook(database)
    for release in book.all():
        yield "release", release.to_dict()
    for rollout in book.rollouts():
        yield "rollout", rollout.to_dict()
    for record in Records(database).all():
        yield "record", _opened(record, keeper).to_dict()
    for review in Reviews(database).all():
        yield "review", review.to_dict()
    for correction in Corrections(database).all():
        yield "correction", correction.to_dict()
    for key in Keys(database).all():
        yield "key", _key(key)
    for entry in AuditLog(database).entries():
        yield "audit", _entry(entry)


def _opened(record: Record, keeper: TextKeeper | None) -> Record:
    return record if keeper is None else replace(record, kept=keeper.reveal(record.kept))


def _key(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created": key.created.isoformat(),
        "expires": None if key.expires is None else key.expires.isoformat(),
        "revoked": None if key.revoked is None else key.revoked.isoformat(),
        "per_minute": key.per_minute,
    }


def _entry(entry: AuditEntry) -> dict[str, Any]:
    deed = entry.deed
    return {
        "number": entry.number,
        "at": deed.at.isoformat(),
        "actor": deed.actor,
        "act": deed.act,
        "subject": deed.subject,
        "facts": dict(deed.facts),
        "before": entry.before,
        "hash": entry.hash,
    }
