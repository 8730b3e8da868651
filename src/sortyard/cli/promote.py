"""The command `sortyard promote`, also as `sortyard releases promote`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, Force, WorkspaceFolder
from sortyard.cli.output import print_json, print_line


def promote_command(
    release: Annotated[
        str, typer.Argument(metavar="ID", help="The release, or its first letters.")
    ],
    *,
    force: Force = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Let a release answer from now on.

    A release that failed its gates is refused, with 1, unless you insist.
    """
    from sortyard.app.releases import Releases
    from sortyard.app.workspace import open_workspace

    releases = Releases(open_workspace(workspace))
    turn = releases.promote(release, at=datetime.now(UTC), force=force)
    if as_json:
        print_json({"release": turn.release, "before": turn.before, "forced": turn.forced})
        return
    if turn.before == turn.release:
        print_line(f"{turn.release} answers already.")
        return
    instead = f" in place of {turn.before}" if turn.before else ""
    print_line(f"{turn.release} answers from now on{instead}.")
    if turn.before:
        print_line("next: `sortyard rollback` takes this back")
