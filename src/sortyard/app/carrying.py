"""A release that leaves its workspace as one file."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sortyard.app.deeds import record
from sortyard.app.exporting import pack
from sortyard.app.releases import find_release, verify
from sortyard.app.workspace import Workspace, nearest, open_workspace
from sortyard.domain.errors import Busy, CannotWrite


@dataclass(frozen=True, slots=True)
class Exported:
    """A release, and the file that it was written into."""

    release: str
    file: Path
    bytes: int
    recorded: bool | None  # in the audit log; None for a release outside of any workspace


def export_release(
    name: str | None, folder: Path | None, target: Path | None, *, at: datetime
) -> Exported:
    """
    Write a release into one file, named after it by default.

    The audit log of the workspace that it lies in has it. A workspace that cannot be written to is
    no obstacle: whoever can read a release could copy it just as well. Raises what `find_release`,
    `verify` and `pack` do.
    """
    found = find_release(name, folder)
    verify(found)
    home = nearest(found.folder.absolute())
    workspace = None if home is None else open_workspace(home)
    path = target or Path(f"{found.id}.tar.gz")
    pack(found.folder, path)
    recorded = None if workspace is None else _is_recorded(workspace, found.id, path, at)
    return Exported(found.id, path, path.stat().st_size, recorded)


def _is_recorded(workspace: Workspace, release: str, file: Path, at: datetime) -> bool:
    """Leave an export in the audit log; False where it takes nothing."""
    try:
        record(workspace, "export", release, at=at, facts={"file": file.name})
    except (CannotWrite, Busy):
        return False
    return True
