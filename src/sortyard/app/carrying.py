"""A release that leaves its workspace as one file."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sortyard.app.deeds import record
from sortyard.app.exporting import pack
from sortyard.app.releases import find_release, verify
from sortyard.app.workspace import nearest, open_workspace


@dataclass(frozen=True, slots=True)
class Exported:
    """A release, and the file that it was written into."""

    release: str
    file: Path
    bytes: int


def export_release(
    name: str | None, folder: Path | None, target: Path | None, *, at: datetime
) -> Exported:
    """
    Write a release into one file, named after it by default.

    The audit log of the workspace that it lies in has it. Raises what `find_release`, `verify` and
    `pack` do.
    """
    found = find_release(name, folder)
    verify(found)
    home = nearest(found.folder.absolute())
    workspace = None if home is None else open_workspace(home)
    path = target or Path(f"{found.id}.tar.gz")
    pack(found.folder, path)
    if workspace is not None:
        record(workspace, "export", found.id, at=at, facts={"file": path.name})
    return Exported(found.id, path, path.stat().st_size)
