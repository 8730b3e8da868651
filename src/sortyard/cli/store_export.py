"""The command `sortyard store export`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line
from sortyard.domain.errors import number


def export_store_command(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="What to write: a .jsonl, or .jsonl.gz.")
    ],
    *,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Open encrypted texts; else they stay sealed.")
    ] = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Write all that is kept into a file, one JSON object a line.

    Only its owner can read the file.
    """
    from sortyard.app.keeping import export
    from sortyard.app.workspace import open_workspace

    lines = export(open_workspace(workspace), target, reveal=reveal, at=datetime.now(UTC))
    if as_json:
        print_json({"output": target, "lines": lines})
        return
    print_line(f"wrote {number(lines, 'line')} to {target}")
