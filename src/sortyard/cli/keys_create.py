"""The command `sortyard keys create`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sortyard.cli.options import MOST, MOST_DAYS, AsJson, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line
from sortyard.domain.access import Scope


def create_key_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what will use it.")],
    *,
    scope: Annotated[
        list[Scope] | None,
        typer.Option("--scope", "-s", help="What it opens; repeatable. Else `classify`."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--days", min=1, max=MOST_DAYS, metavar="N", help="How long it lives; else for ever."
        ),
    ] = None,
    per_minute: Annotated[
        int | None,
        typer.Option("--per-minute", min=1, max=MOST, metavar="N", help="How often it may ask."),
    ] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Make an API key. Its secret is shown once, and kept nowhere.

    As soon as one exists, every request needs one.
    """
    from sortyard.app.access import Terms, create_key, facts_of_issue
    from sortyard.app.workspace import open_workspace

    terms = Terms(scopes=frozenset(scope or [Scope.CLASSIFY]), days=days, per_minute=per_minute)
    issued = create_key(open_workspace(workspace), name, terms, at=datetime.now(UTC))
    if as_json:
        print_json(facts_of_issue(issued))
        return
    print_line(issued.secret)
    note(f"This is the key {issued.key.id}; it is shown once. Send it with every request as")
    note("  Authorization: Bearer KEY")
