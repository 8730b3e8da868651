"""The command `sortyard rollback`, also as `sortyard releases rollback`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, Force, WorkspaceFolder
from sortyard.cli.output import print_json, print_line


def rollback_command(
    release: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="An earlier release; else the champion before."),
    ] = None,
    *,
    force: Force = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Let the champion before this one answer again."""
    from sortyard.app.releases import Releases
    from sortyard.app.workspace import open_workspace

    releases = Releases(open_workspace(workspace))
    turn = releases.roll_back(release, at=datetime.now(UTC), force=force)
    if as_json:
        print_json({"release": turn.release, "before": turn.before, "forced": turn.forced})
        return
    print_line(f"{turn.release} answers again, in place of {turn.before}.")
