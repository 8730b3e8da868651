"""The command `sortyard bench`."""

from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from sortyard.cli.options import AsJson, ReleaseName, WorkspaceFolder
from sortyard.cli.output import print_json, print_line, table
from sortyard.cli.progress import showing_progress


def bench_command(
    *,
    source: Annotated[
        Path | None,
        typer.Option("--input", "-i", metavar="FILE", help="Messages; else made-up ones."),
    ] = None,
    count: Annotated[
        int, typer.Option("--count", min=1, metavar="N", help="How many, in the batch.")
    ] = 2_000,
    release: ReleaseName = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """Measure how fast a release answers on this machine."""
    from sortyard.app.loading import load
    from sortyard.app.speed import measure_speed, sample

    began = perf_counter()
    classifier = load(release, workspace=workspace)
    opening = perf_counter() - began
    messages = sample(source, count=count)
    with showing_progress() as progress:
        speed = measure_speed(classifier, messages, opening_seconds=opening, progress=progress)
    if as_json:
        print_json({"release": classifier.release} | asdict(speed))
        return
    times = speed.latency
    rows = [
        ("opening the release", f"{opening:.2f} s"),
        ("one message, p50", f"{times.p50_ms:.1f} ms"),
        ("one message, p95", f"{times.p95_ms:.1f} ms"),
        ("one message, p99", f"{times.p99_ms:.1f} ms"),
        (f"batch of {speed.batch_messages:,}", f"{times.messages_per_second:,.0f} messages/s"),
    ]
    if speed.memory_mb is not None:
        rows.append(("most memory", f"{speed.memory_mb:,.0f} MB"))
    print_line(f"{classifier.release} on this machine")
    print_line(table(rows, indent=2))
