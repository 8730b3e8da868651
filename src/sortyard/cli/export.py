"""The command `sortyard export`."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line
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
    from sortyard.app.carrying import export_release

    with showing_progress() as progress, progress.stage("Exporting"):
        done = export_release(release, workspace, target, at=datetime.now(UTC))
    if done.recorded is False:
        note("the audit log does not have this export: its workspace cannot be written to")
    if as_json:
        print_json(asdict(done))
        return
    print_line(f"wrote {done.release} to {done.file} ({done.bytes / MEGABYTE:.1f} MB)")
    print_line(f"next: `sortyard releases import {done.file}` on another machine")
