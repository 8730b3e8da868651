"""
Administrative acts on their way into the audit log.

Whoever acts does not wait for a database: where it is away, or not made yet, a deed lies in
`deeds.jsonl` of the state folder. It goes first when the next one is written, and a server brings
it in within a minute.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sortyard.app.actors import user
from sortyard.app.files import append_line
from sortyard.app.lock import locked
from sortyard.app.storing import has_store, open_store
from sortyard.app.workspace import Workspace
from sortyard.domain.audit import Deed
from sortyard.domain.errors import SortyardError, StoreAway

WAITING = "deeds.jsonl"
LOCK = "deeds.lock"
NOTHING: Mapping[str, Any] = {}
# A store that is away, not made yet or newer than us, and an install without its driver.
CANNOT_TAKE_IT = (SortyardError, ModuleNotFoundError)


def record(  # noqa: PLR0913 -- what a deed is, by name
    workspace: Workspace,
    act: str,
    subject: str,
    *,
    at: datetime,
    actor: str | None = None,
    facts: Mapping[str, Any] = NOTHING,
) -> None:
    """Write down what was done; by the user of this machine where no actor is named."""
    deed = Deed(at=at, actor=actor or user(), act=act, subject=subject, facts=dict(facts))
    path = workspace.state / WAITING
    with locked(workspace.state / LOCK):
        try:
            _hand_over(workspace, [*_waiting(path), deed])
        except CANNOT_TAKE_IT:
            append_line(path, json.dumps(asdict(deed) | {"at": at.isoformat()}))
        else:
            path.unlink(missing_ok=True)


def bring_in_deeds(workspace: Workspace) -> None:
    """Write what waits into the audit log; where that cannot be, it goes on waiting."""
    path = workspace.state / WAITING
    if not path.exists():
        return
    with suppress(*CANNOT_TAKE_IT), locked(workspace.state / LOCK):
        _hand_over(workspace, list(_waiting(path)))
        path.unlink(missing_ok=True)


def waiting(workspace: Workspace) -> int:
    """Count the deeds that the audit log does not have yet."""
    return len(list(_waiting(workspace.state / WAITING)))


def _hand_over(workspace: Workspace, deeds: list[Deed]) -> None:
    """Write deeds into the audit log; no act but those on the store itself makes a store."""
    if not has_store(workspace):
        raise StoreAway(workspace.settings.store, "it was not made yet")
    from sortyard.storage.audit import AuditLog  # noqa: PLC0415 -- most workspaces have no store

    with open_store(workspace) as database:
        log = AuditLog(database)
        # Of those that waited, some may be there already: a crash came before the file was removed.
        known = [entry.deed for entry in log.entries()] if len(deeds) > 1 else []
        for deed in deeds:
            if deed not in known:
                log.append(deed)


def _waiting(path: Path) -> Iterator[Deed]:
    """Read what waits; a line that a crash cut short does not count."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            facts = json.loads(line)
            yield Deed(**(facts | {"at": datetime.fromisoformat(facts["at"])}))
        except (ValueError, TypeError, KeyError):
            continue
