"""The command `sortyard store expire`."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from sortyard.cli.options import MOST_DAYS, AsJson, WorkspaceFolder
from sortyard.cli.output import print_json, print_line
from sortyard.domain.errors import InvalidUsage, number


def expire_command(
    *,
    days: Annotated[
        int | None,
        typer.Option(
            "--days",
            min=1,
            max=MOST_DAYS,
            metavar="N",
            help="How long; else the setting `keep_days`.",
        ),
    ] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Forget the days that lie longer back than messages are kept.

    A server does so by itself where `keep_days` is set. On PostgreSQL whole days
    are dropped at once.
    """
    from sortyard.app.keeping import expire
    from sortyard.app.workspace import open_workspace

    here, now = open_workspace(workspace), datetime.now(UTC)
    kept = days or here.settings.keep_days
    if not kept:
        raise InvalidUsage(
            "It is not said for how long messages are kept.",
            "Give `--days N`, or set `keep_days` in sortyard.toml.",
        )
    before = now - timedelta(days=kept)
    expired = expire(here, before=before, at=now)
    if as_json:
        print_json({**asdict(expired), "before": before.isoformat()})
        return
    print_line(f"forgot {number(expired.records, 'record')} from days before {before:%Y-%m-%d}")
