"""
What the stages of the line bring: recipes on BANKING77 and CLINC150, each trained in one command.

A call adds the recipes that it names, on the sets that it names, to the tables that are there: what
was measured earlier stays. Training is timed and weighed alone in its process, and so is the
reading of the test, with every part of the line and without it.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.archives import data_folder, thinned
from benchmarks.reading import ALWAYS, BARE, BARE_FULL, SERVED, STUDENT
from benchmarks.results import NOTHING, Section, arguments, earlier, number, percent
from benchmarks.runs import Run, report, run, train, warm_up
from sortyard.training.recipe import RECIPES

SETS = {"banking77": ("category", ""), "clinc150": ("intent", "domain")}  # label, and its parent
SHOWN = ("quick", "standard", "full")
BARS = {
    ("banking77", "standard"): 0.946,
    ("banking77", "full"): 0.950,
    ("clinc150", "standard"): 0.970,
    ("clinc150", "full"): 0.975,
}
BAR_OF_RECALL = 0.99
NEAR, DEAR = 0.001, 0.25  # how far below the reranker for all, and at what share of its pairs
SIBLINGS = {
    "banking77": "its labels are flat, and a label's siblings are the five whose cards have most "
    "words in common with its own",
    "clinc150": "siblings are of one domain",
}

Column: TypeAlias = Mapping[str, str]  # a cell for each figure


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), metavar="SET")
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=f"else {', '.join(SHOWN)}")
    given = parser.parse_args()
    recipes = given.recipes or [name for name in SHOWN if name in RECIPES]
    if unknown := [name for name in recipes if name not in RECIPES]:
        parser.error(f"no such recipe: {', '.join(unknown)}")
    data = data_folder()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if given.rows is None:
            warm_up(data / "banking77" / "train.csv", folder)
        for name in given.sets:
            columns: dict[str, Column] = {}
            for recipe in recipes:
                report(f"{name}, {recipe}")
                columns[recipe] = _measured(name, recipe, data, folder, given.rows)
                # At once, because the next recipe may take an hour.
                _section(name, columns, kept=given.rows is None).publish(write=given.write)


def _measured(name: str, recipe: str, data: Path, folder: Path, rows: int | None) -> Column:
    label, parent = SETS[name]
    place = folder / f"{name}-{recipe}"
    place.mkdir()
    archive, test = (
        thinned(data / name / f"{part}.csv", rows, place) for part in ("train", "test")
    )
    options = ["--text", "text", "--label", label, "--test", str(test), "--recipe", recipe]
    made = train(archive, options, workspace=place / "workspace")
    above = ["--parent", parent] if parent else []
    command = [sys.executable, "-m", "benchmarks.reading", made.found["folder"], str(test)]
    read = run([*command, "--label", label, *above])
    return column(name, recipe, made, read, label)


def column(name: str, recipe: str, made: Run, read: Run, label: str) -> Column:
    """Put together the figures of one recipe on one set."""
    one = made.found["dimensions"][label]
    metrics, spread = one["metrics"], one["intervals"]["accuracy"]
    low, high = (percent(spread[end], digits=2) for end in ("low", "high"))
    bar = BARS.get((name, recipe))
    ways, said = read.found["ways"], read.found
    recall = metrics["recall_at_5"]
    return {
        "accuracy, %": percent(metrics["accuracy"], digits=2),
        "between, 95 %": f"{low} to {high}",
        "the bar": NOTHING if bar is None else f"{percent(bar)}: {_kept(metrics['accuracy'], bar)}",
        "macro F1, %": percent(metrics["macro_f1"], digits=2),
        "calibration error": number(metrics["ece"], digits=3),
        "recall@5, %": f"{percent(recall, digits=2)} ({_kept(recall, BAR_OF_RECALL)})",
        "recall@20, %": percent(metrics["recall_at_20"], digits=2),
        "sibling confusion, %": percent(ways[SERVED]["siblings"], digits=2),
        "routed alone, %": percent(metrics["auto_coverage"]),
        "right when alone, %": percent(metrics["auto_precision"]),
        **_by_way(ways),
        "training, s": number(made.seconds),
        "training, CPU s": number(made.cpu_seconds),
        "training, peak MB": number(made.peak_mb, digits=0),
        "messages/s in a batch": number(ways[SERVED]["messages_per_second"], digits=0),
        "one message, p50 ms": number(said["ms_single"]),
        "bundle, MB": number(said["megabytes"]),
        "train / test rows": f"{made.found['training_rows']:,} / {one['rows']:,}",
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def _by_way(ways: Mapping[str, Any]) -> Column:
    """Say what each part of the line reaches, and what a reranker reads for it."""
    cells = {
        f"accuracy, {way}": percent(ways[way]["accuracy"], digits=2)
        for way in (STUDENT, BARE_FULL, BARE, ALWAYS)
        if way in ways
    }
    if ALWAYS not in ways:
        return cells
    served, always = ways[SERVED], ways[ALWAYS]
    share = served["pairs"] / always["pairs"] if always["pairs"] else 0.0
    kept = served["accuracy"] >= always["accuracy"] - NEAR and share <= DEAR
    return cells | {
        "pairs read, % of all": percent(share),
        "within 0.1 points at 25 %": "yes" if kept else "NO",
        "messages/s, reranker for all": number(always["messages_per_second"], digits=0),
    }


def merged(table: Sequence[Sequence[str]], columns: Mapping[str, Column]) -> list[list[str]]:
    """
    Put columns beside those of an earlier table, whose first row and column are names.

    A recipe that is there already gets its new figures, and a figure that one lacks a dash.
    """
    names, *lines = table or [["figure"]]
    before = {
        name: {line[0]: line[place] for line in lines} for place, name in enumerate(names) if place
    }
    found: dict[str, Column] = {**before, **columns}
    order = [name for name in SHOWN if name in found]
    order += [name for name in found if name not in order]
    longest = max(found.values(), key=len, default={})
    figures = list(dict.fromkeys([*longest, *(one for cells in found.values() for one in cells)]))
    rows = [[figure, *(found[name].get(figure, NOTHING) for name in order)] for figure in figures]
    return [["figure", *order], *rows]


def _section(name: str, columns: Mapping[str, Column], *, kept: bool) -> Section:
    header, *rows = merged(earlier(f"two-stage-{name}") if kept else (), columns)
    return Section(
        name=f"two-stage-{name}",
        title=f"What the stages bring: {name}",
        about="One command a recipe: `sortyard train train.csv --test test.csv --text text "
        f"--label {SETS[name][0]} --recipe …`. Sibling confusion is the share of all answers that "
        f"name a sibling of the truth; {SIBLINGS[name]}. Seconds, CPU seconds and memory are those "
        "of the whole command, report and baseline included.",
        header=header,
        rows=rows,
    )


def _kept(value: float, bar: float) -> str:
    return "yes" if value >= bar else "NO"


if __name__ == "__main__":
    main()
