"""
What a training costs: seconds, CPU seconds and memory for 10,000 rows, for every recipe.

The rows are CLINC150's training rows, thinned evenly to 10,000; each recipe is trained in one
command, alone in its process. A call adds the recipes that it names to the table that is there.
"""

import importlib.util
import os
import platform
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.archives import data_folder, read, thinned, write
from benchmarks.orders import joined
from benchmarks.results import Section, arguments, earlier, number, percent
from benchmarks.runs import report, train, warm_up
from sortyard.training.recipe import RECIPES

ROWS = 10_000
HEADER = (
    *("recipe", "on", "rows", "seconds", "CPU seconds", "peak MB", "accuracy, %", "measured"),
)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=f"else {', '.join(RECIPES)}")
    given = parser.parse_args()
    if unknown := [name for name in given.recipes if name not in RECIPES]:
        parser.error(f"no such recipe: {', '.join(unknown)}")
    data = data_folder()
    count = given.rows or ROWS
    lines: list[list[str]] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if given.rows is None:
            warm_up(data / "clinc150" / "train.csv", folder)
        archive = write(
            evenly(read(data / "clinc150" / "train.csv"), count), folder / "archive.csv"
        )
        test = thinned(data / "clinc150" / "test.csv", given.rows, folder)
        for recipe in given.recipes or RECIPES:
            report(recipe)
            options = ["--text", "text", "--label", "intent", "--test", str(test)]
            made = train(archive, [*options, "--recipe", recipe], workspace=folder / recipe)
            metrics = made.found["dimensions"]["intent"]["metrics"]
            lines.append(
                [
                    recipe,
                    device(),
                    f"{count:,}",
                    number(made.seconds),
                    number(made.cpu_seconds),
                    number(made.peak_mb, digits=0),
                    percent(metrics["accuracy"], digits=2),
                    f"{datetime.now(UTC):%Y-%m-%d}",
                ]
            )
            before = earlier("cost")[1:] if given.rows is None else ()
            _section(joined(before, lines, key=2)).publish(write=given.write)


def evenly(rows: Sequence[dict[str, str]], count: int) -> list[dict[str, str]]:
    """Keep so many rows, evenly spread over the file, so that all labels keep their share."""
    if count >= len(rows):
        return list(rows)
    return [rows[place * len(rows) // count] for place in range(count)]


def device() -> str:
    """Say what trains: a GPU where PyTorch finds one, else the CPU cores of this machine."""
    if importlib.util.find_spec("torch") is not None:
        import torch  # noqa: PLC0415 -- only what tunes needs it

        if torch.cuda.is_available():
            return torch.cuda.get_device_name(0)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} CPU cores, {platform.machine()}"


def _section(lines: Sequence[Sequence[str]]) -> Section:
    return Section(
        name="cost",
        title="What a training costs",
        about="One command a line: `sortyard train ARCHIVE --test clinc150/test.csv --text text "
        "--label intent --recipe …`, with CLINC150's training rows, thinned evenly to 10,000. "
        "Seconds run from its start to its end, report and baseline included; the encoder's graph "
        "and static table were made before. Memory is the most that the process held.",
        header=HEADER,
        rows=lines,
    )


if __name__ == "__main__":
    main()
