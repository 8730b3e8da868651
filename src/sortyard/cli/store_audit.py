"""The command `sortyard store audit`."""

from typing import TYPE_CHECKING, Annotated

import typer

from sortyard.cli.options import MOST, AsJson, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line, table

if TYPE_CHECKING:  # so that `--help` does not wait for anything
    from sortyard.domain.audit import AuditEntry

SHOWN = 20


def audit_command(
    *,
    last: Annotated[
        int,
        typer.Option("--last", min=0, max=MOST, metavar="N", help="How many to show; 0 for all."),
    ] = SHOWN,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Show what was done to the system and by whom, and check that nothing was changed.

    Every entry is chained to the one before; exits with 1 where the chain is
    broken.
    """
    from sortyard.app.deeds import waiting
    from sortyard.app.keeping import audit
    from sortyard.app.workspace import open_workspace

    here = open_workspace(workspace)
    length, entries = audit(here, last=last)
    if late := waiting(here):
        note(f"{late:,} acts of a time without the database go in with the next one")
    if as_json:
        print_json({"entries": length, "last": [_facts(entry) for entry in entries]})
        return
    if entries:
        rows = [_row(entry) for entry in entries]
        print_line(table(rows, header=("entry", "time (UTC)", "who", "act", "of what")))
    note(f"{length:,} {'entry' if length == 1 else 'entries'}, every one as it was written")


def _row(entry: "AuditEntry") -> tuple[str, ...]:
    deed = entry.deed
    return str(entry.number), f"{deed.at:%Y-%m-%d %H:%M:%S}", deed.actor, deed.act, deed.subject


def _facts(entry: "AuditEntry") -> dict[str, object]:
    deed = entry.deed
    return {
        "number": entry.number,
        "at": deed.at.isoformat(),
        "actor": deed.actor,
        "act": deed.act,
        "subject": deed.subject,
        "facts": deed.facts,
        "hash": entry.hash,
    }
