"""The command `sortyard export`."""

from pathlib import Path
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line
from sortyard.cli.progress import showing_progress

MEGABYTE = 1_000_000


def export_command(
    release: Annotated[
        str | None, typer.Argument(metavar="ID", help="The release; else the champion.")
    ] = None,
    *,
    target: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="A .tar.gz or .zip; else ID.tar.gz."),
    ] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write a release into one file, which answers elsewhere without PyTorch."""
    from sortyard.app.exporting import pack
    from sortyard.app.releases import find_release, verify

    found = find_release(release, workspace)
    path = target or Path(f"{found.id}.tar.gz")
    with showing_progress() as progress, progress.stage("Exporting"):
        verify(found)
        pack(found.folder, path)
    size = path.stat().st_size
    if as_json:
        print_json({"release": found.id, "file": path, "bytes": size})
        return
    print_line(f"wrote {found.id} to {path} ({size / MEGABYTE:.1f} MB)")
    print_line(f"next: `sortyard releases import {path}` on another machine")
