"""The command `sortyard redact`."""

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sortyard.cli.options import AsJson, Texts, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line
from sortyard.domain.errors import InvalidUsage
from sortyard.domain.messages import Message

if TYPE_CHECKING:  # so that `--help` does not wait for what reads files
    from sortyard.app.incoming import Arriving


def redact_command(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A file of messages; else one a line from standard input."
        ),
    ] = None,
    *,
    text: Texts = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            "--policy",
            metavar="WORD",
            help="redact, drop, hash or keep, or KIND=one of them; repeatable. Else the "
            "workspace's for what it stores.",
        ),
    ] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Print messages without personal data, one a line.

    Kinds: email, phone, card, iban, national_id, ip, url, postal_address, name,
    place. With `--json`, only how much of each was found.
    """
    from sortyard.app.redacting import Tally, redactor_for, treated
    from sortyard.app.workspace import found_or_here

    redactor, tally = redactor_for(found_or_here(workspace), policy or ()), Tally()
    for line in treated(_messages(source, text or [], workspace), redactor, tally):
        if not as_json:
            print_line(line)
    facts = {"messages": tally.messages, "changed": tally.changed, "found": tally.found}
    if as_json:
        print_json(facts)
    else:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(tally.found.items()))
        note(
            f"{tally.changed:,} of {tally.messages:,} messages changed: {kinds or 'nothing found'}"
        )


def _messages(source: Path | None, columns: list[str], workspace: Path | None) -> Iterable[Message]:
    from sortyard.app.incoming import from_file, from_stream
    from sortyard.app.workspace import usual_columns

    usual = usual_columns(workspace)
    if source is not None and str(source) != "-":
        found = from_file(source, text=columns, usual=usual)
        for problem in found.problem_counts:
            note(f"{source.name}: {problem}")
        return found.messages
    if sys.stdin.isatty():
        raise InvalidUsage(
            "There is nothing to redact.", "Give a file, or lines on standard input."
        )
    arrived = from_stream(cast("Arriving", sys.stdin.buffer), text=columns, usual=usual)
    return (one for one in chain.from_iterable(arrived) if isinstance(one, Message))
