"""The command `sortyard releases import`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line
from sortyard.cli.progress import showing_progress


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `sortyard export` wrote.")],
    *,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take an exported release into the workspace; it answers once it is promoted."""
    from sortyard.app.releases import Releases
    from sortyard.app.workspace import found_or_here, make

    here = found_or_here(workspace)
    make(here)
    with showing_progress() as progress, progress.stage(f"Checking {file.name}"):
        release = Releases(here).take_in(file, at=datetime.now(UTC))
    if as_json:
        print_json({"release": release.id, "folder": release.folder, "passed": release.passed})
        return
    print_line(f"{release.id} is here, and every file of it as it was made.")
    print_line(f"next: `sortyard promote {release.id}`")
