"""The command `sortyard store forget`."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line
from sortyard.domain.errors import InvalidUsage


def forget_command(
    *,
    message: Annotated[
        str | None, typer.Option("--message", "-m", metavar="ID", help="The id of a message.")
    ] = None,
    author: Annotated[
        str | None, typer.Option("--author", "-a", metavar="NAME", help="Whom messages are from.")
    ] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Erase a message, or all messages of an author, with everything kept of them.

    It cannot be undone. The audit log keeps that it was done, and no word of
    what was erased.
    """
    from sortyard.app.journals import set_aside
    from sortyard.app.keeping import forget_author, forget_message
    from sortyard.app.workspace import open_workspace

    if (message is None) == (author is None):
        raise InvalidUsage(
            "It is not clear what to forget.", "Give either `--message ID` or `--author NAME`."
        )
    here, now = open_workspace(workspace), datetime.now(UTC)
    if message is not None:
        erased = forget_message(here, message, at=now)
    else:
        erased = forget_author(here, str(author), at=now)
        if not erased.records:
            note(
                "An author who is kept as a hash is found only with the key of that time in "
                "SORTYARD_TEXT_KEY."
            )
    for path in set_aside(here):
        note(f"{path} holds damaged lines, whose they are nobody can tell: look, and remove it.")
    if as_json:
        print_json(asdict(erased))
        return
    for name, count in asdict(erased).items():
        print_line(f"{count:,} {name} erased")
