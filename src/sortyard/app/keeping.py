"""What a workspace keeps: looked at, brought up to date, forgotten, carried elsewhere, checked."""

import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sortyard.app.actors import user
from sortyard.app.deeds import record, waiting
from sortyard.app.files import replacing
from sortyard.app.journals import bring_in, forget_aside, journal_bytes, set_aside
from sortyard.app.storing import OWNER_ONLY, connect, has_store, open_store, text_keeper
from sortyard.app.workspace import Workspace
from sortyard.domain.audit import AuditEntry
from sortyard.storage.audit import AuditLog
from sortyard.storage.corrections import Corrections
from sortyard.storage.database import Database
from sortyard.storage.export import export_lines
from sortyard.storage.keys import Keys
from sortyard.storage.migrating import migrate as bring_up_to_date
from sortyard.storage.migrating import schema_version
from sortyard.storage.records import Records
from sortyard.storage.releases import ReleaseBook
from sortyard.storage.retention import Erased, Expired, Retention
from sortyard.storage.reviews import Reviews
from sortyard.storage.schema import SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """
    What is kept, and what waits to be.

    `version` is the number of the store's tables, 0 before there are any. `counts` are by what is
    counted, in words. `files_set_aside` hold lines of a journal that could not be read or stored.
    """

    url: str
    version: int
    text_form: str
    counts: Mapping[str, int]
    journal_bytes: int
    files_set_aside: int
    deeds_waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A store that was brought up to date."""

    url: str
    before: int
    version: int


def status_of(workspace: Workspace) -> Status:
    """Look at what is kept; nothing is made or changed. Raises `StoreAway`."""
    url, version = workspace.settings.store, 0
    counts: Mapping[str, int] = {}
    if has_store(workspace):
        with _as_it_is(workspace) as database:
            url, version = database.name, schema_version(database)
            counts = _counts(database) if version == SCHEMA else {}
    return Status(
        url=url,
        version=version,
        text_form=workspace.settings.text_form,
        counts=counts,
        journal_bytes=journal_bytes(workspace),
        files_set_aside=len(set_aside(workspace)),
        deeds_waiting=waiting(workspace),
    )


def migrate(workspace: Workspace, *, at: datetime) -> Moved:
    """Make the store, or bring it up to date. Raises `StoreAway` and `NewerFormat`."""
    with _as_it_is(workspace) as database:
        before = schema_version(database) if has_store(workspace) else 0
        version = bring_up_to_date(database, by=user(), at=at)
        return Moved(url=database.name, before=before, version=version)


def forget_message(workspace: Workspace, message: str, *, at: datetime) -> Erased:
    """Erase everything that is kept of a message, also where it waits to be written."""
    with open_store(workspace) as database:
        bring_in(workspace, database)
        forget_aside(workspace, [message])
        return Retention(database).forget_message(message, by=user(), at=at)


def forget_author(workspace: Workspace, author: str, *, at: datetime) -> Erased:
    """Erase everything that is kept of the messages of an author."""
    forms = text_keeper(workspace).author_forms(author)
    with open_store(workspace) as database:
        bring_in(workspace, database)
        forget_aside(workspace, forms)
        return Retention(database).forget_author(forms, by=user(), at=at)


def expire(workspace: Workspace, *, before: datetime, at: datetime) -> Expired:
    """Forget the days that ended before a moment."""
    with open_store(workspace) as database:
        return Retention(database).expire(before, by=user(), at=at)


def export(workspace: Workspace, target: Path, *, reveal: bool = False, at: datetime) -> int:
    """
    Write all that is kept into a file that only its owner reads; the number of its lines.

    Texts that are sealed stay so, unless they are to be revealed.
    """
    keeper = text_keeper(workspace) if reveal else None
    lines = 0
    with open_store(workspace) as database, replacing(target) as draft:
        draft.chmod(OWNER_ONLY)
        with _writing(draft, packed=target.suffix == ".gz") as stream:
            for line in export_lines(database, keeper):
                stream.write(line + "\n")
                lines += 1
    record(workspace, "export", "store", at=at, facts={"lines": lines, "revealed": reveal})
    return lines


def audit(workspace: Workspace, *, last: int) -> tuple[int, tuple[AuditEntry, ...]]:
    """Check the whole audit log; its length, and its last entries. Raises `TamperedAudit`."""
    if not has_store(workspace):
        return 0, ()
    with open_store(workspace) as database:
        log = AuditLog(database)
        length = log.verify()
        return length, tuple(reversed(log.latest(last or length)))


def _counts(database: Database) -> dict[str, int]:
    return {
        "records": Records(database).count(),
        "waiting for review": Reviews(database).count_waiting(),
        "corrections": Corrections(database).count(),
        "releases": len(ReleaseBook(database).all()),
        "keys": len(Keys(database).all()),
    }


@contextmanager
def _as_it_is(workspace: Workspace) -> Iterator[Database]:
    database = connect(workspace)
    try:
        yield database
    finally:
        database.close()


def _writing(path: Path, *, packed: bool) -> IO[str]:
    if packed:
        return gzip.open(path, "wt", encoding="utf-8")
    return path.open("w", encoding="utf-8")
