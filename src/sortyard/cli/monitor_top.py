"""The command `sortyard monitor top`."""

import sys
import time
from collections import deque
from dataclasses import asdict
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line
from sortyard.domain.errors import ServerAway

if TYPE_CHECKING:  # so that `--help` does not wait for rich
    from collections.abc import Iterator

    from sortyard.app.change import Change
    from sortyard.app.top import View

REMEMBERED = 30  # views, for the curves


def top_command(
    *,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", help="The server; else the workspace's own."),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", envvar="SORTYARD_KEY", help="An API key."),
    ] = None,
    every: Annotated[
        float, typer.Option("--every", min=0.2, metavar="SECONDS", help="Time between two looks.")
    ] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look twice, show it, and end.")] = False,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Watch a server: how fast it answers, what it answers, and what is wrong.

    Ends with Ctrl-C. With `--once` or `--json` it looks for one interval only,
    and so it does where no terminal shows it.
    """
    from sortyard.app.scraping import address, changes, scraping
    from sortyard.app.top import View
    from sortyard.app.workspace import found_or_here

    look = scraping(url or address(found_or_here(workspace).settings), key=key)
    seen = changes(look, partial(time.sleep, every))
    if as_json or once or not sys.stdout.isatty():
        change = next(seen)
        if isinstance(change, ServerAway):
            raise change
        view = View.of(change)
        if as_json:
            print_json(asdict(view))
        else:
            _print(view)
    else:
        _draw(seen)


def _print(view: "View") -> None:
    from rich.console import Console

    from sortyard.cli.top_screen import WIDTH, screen

    page = StringIO()
    console = Console(file=page, force_terminal=sys.stdout.isatty(), highlight=False)
    console.print(screen(view), width=min(console.width, WIDTH))
    print_line(page.getvalue().rstrip("\n"))


def _draw(seen: "Iterator[Change | ServerAway]") -> None:
    """Draw every view in the place of the one before, until somebody has seen enough."""
    from rich.console import Console, Group
    from rich.live import Live
    from rich.text import Text

    from sortyard.app.top import View
    from sortyard.cli.top_screen import ALARM, screen

    views: deque[View] = deque(maxlen=REMEMBERED)
    console = Console(highlight=False)
    with Live(Text("looking …"), console=console, screen=True, auto_refresh=False) as live:
        try:
            for change in seen:
                if isinstance(change, ServerAway):
                    last = (screen(views[-1]),) if views else ()
                    live.update(Group(Text(change.problem, ALARM), *last), refresh=True)
                else:
                    views.append(View.of(change))
                    live.update(screen(views[-1], tuple(views)[:-1]), refresh=True)
        except KeyboardInterrupt:  # the way to leave, and no failure
            return
