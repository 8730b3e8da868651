"""The command `sortyard keys rotate`."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from sortyard.cli.options import MOST_DAYS, AsJson, KeyName, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line

A_DAY = 24.0  # hours


def rotate_key_command(
    key: KeyName,
    *,
    hours: Annotated[
        float,
        typer.Option(
            "--hours",
            min=0.0,
            max=MOST_DAYS * A_DAY,
            metavar="N",
            help="How long the old one still works.",
        ),
    ] = A_DAY,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Put a new key in the place of an old one, which goes on for a while.

    Its secret is shown once, and kept nowhere.
    """
    from sortyard.app.access import facts_of_issue, rotate_key
    from sortyard.app.workspace import open_workspace

    now = datetime.now(UTC)
    grace = timedelta(hours=hours)
    issued = rotate_key(open_workspace(workspace), key, grace=grace, at=now)
    if as_json:
        print_json(facts_of_issue(issued))
        return
    print_line(issued.secret)
    note(f"This is the key {issued.key.id}; it is shown once. The old one opens nothing any more")
    note(f"from {now + grace:%Y-%m-%d %H:%M} UTC on.")
