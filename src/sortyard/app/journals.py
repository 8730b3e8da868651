"""The journals of a workspace's servers: where they are, and what dead ones left in them."""

from contextlib import suppress
from pathlib import Path

from sortyard.app.workspace import Workspace
from sortyard.storage.database import Database
from sortyard.storage.journal import Journal
from sortyard.storage.journal_folder import SUFFIX
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
