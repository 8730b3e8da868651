"""The journals of a workspace's servers: where they are, and what dead ones left in them."""

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sortyard.app.files import replacing
from sortyard.app.workspace import Workspace
from sortyard.storage.database import Database
from sortyard.storage.journal import Journal
from sortyard.storage.journal_folder import ASIDE, SUFFIX
from sortyard.storage.recorder import Recorder
from sortyard.storage.records import Records


def journal_folder(workspace: Workspace) -> Path:
    """Name the folder of all journals."""
    return workspace.state / "journal"


def journal_bytes(workspace: Workspace) -> int:
    """Tell how much waits to be written."""
    size = 0
    for path in journal_folder(workspace).rglob(f"*{SUFFIX}"):
        with suppress(FileNotFoundError):  # it was written just now
            size += path.stat().st_size
    return size


def bring_in(workspace: Workspace, database: Database) -> None:
    """Write what servers left that do not run any more; those that run write it themselves."""
    if journal_bytes(workspace):
        Recorder(Records(database), Journal(journal_folder(workspace))).close()


def set_aside(workspace: Workspace) -> tuple[Path, ...]:
    """List the files of lines that could not be read or stored; they may hold words."""
    return tuple(sorted(journal_folder(workspace).glob(f"*{ASIDE}")))


def forget_aside(workspace: Workspace, names: Sequence[str]) -> None:
    """Take every line that holds one of these ids or authors out of what was set aside."""
    marks = [json.dumps(name).encode("ascii") for name in names]
    for path in set_aside(workspace):
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not any(mark in line for mark in marks)]
        if not kept:
            path.unlink()
        elif len(kept) < len(lines):
            with replacing(path) as draft:
                draft.write_bytes(b"".join(kept))
