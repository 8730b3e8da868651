"""The command `sortyard init`."""

from pathlib import Path
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, Labels, Texts, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line, wrapped
from sortyard.cli.progress import showing_progress


def init_command(
    archive: Annotated[
        Path | None,
        typer.Argument(metavar="ARCHIVE", help="Labelled messages, to draw up the labels from."),
    ] = None,
    *,
    text: Texts = None,
    label: Labels = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Make a workspace: settings, gates and, from an archive, the labels.

    Files that exist are left as they are. `train` does all this by itself.
    """
    from sortyard.app.archives import open_with, write_gates
    from sortyard.app.workspace import found_or_here, make

    given = {"text": tuple(text) if text else None, "label": tuple(label) if label else None}
    if archive is None:
        opened = None
        here = found_or_here(workspace, given=given)
        make(here, keep=given)
    else:
        with showing_progress() as progress, progress.stage(f"Reading {archive.name}"):
            opened = open_with(archive, workspace, given=given)
        here = opened.workspace
        for remark in opened.remarks:
            note(wrapped(remark, indent=2))
    write_gates(here)
    dimensions = opened.archive.taxonomy.names if opened else ()
    if as_json:
        print_json({"workspace": here.folder, "dimensions": dimensions})
        return
    print_line(f"{here.folder.resolve()} is a workspace.")
    if opened:
        print_line(f"Its labels are in {here.settings.taxonomy}: {', '.join(dimensions)}.")
    print_line(f"next: `sortyard train {archive or 'ARCHIVE'}`")
