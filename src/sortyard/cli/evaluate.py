"""The command `sortyard evaluate`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, ReleaseName, WorkspaceFolder
from sortyard.cli.output import answer_no, print_json, print_line
from sortyard.cli.progress import showing_progress


def evaluate_command(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Labelled messages.")],
    *,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write the report as a page."),
    ] = None,
    release: ReleaseName = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Measure a release on labelled messages that it was not trained on.

    Exits with 1 where a gate fails.
    """
    from sortyard.app.evaluating import evaluate_in
    from sortyard.app.files import write_whole
    from sortyard.evaluation.report_html import as_html
    from sortyard.evaluation.report_text import as_text

    with showing_progress() as progress:
        report = evaluate_in(
            data, release, workspace, progress=progress, now=lambda: datetime.now(UTC)
        )
    if html is not None:
        write_whole(html, as_html(report))
    if as_json:
        print_json(report.to_json())
    else:
        print_line(as_text(report).rstrip())
    if not report.passed:
        raise answer_no()
