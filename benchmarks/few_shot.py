"""
Few rows a label, and none: Sortyard beside SetFit with the same encoder, on the same rows.

The rows are drawn from the training file, the same number for every label, once for each seed; the
test file is the usual one. Each classifier is trained and timed alone in its process, and SetFit in
the environment of the peers, which `make bench` sets up. With none, labels are told by their names.
"""

import csv
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.archives import data_folder, read, thinned, write
from benchmarks.peer import OURS, PAIRS, STEPS
from benchmarks.peers import LABELS, NAMES, THEIRS, their_versions
from benchmarks.results import NOTHING, Section, arguments, number, percent
from benchmarks.runs import SORTYARD, report, run, warm_up

SEEDS = (0, 1, 2)
EACH = (5, 10)  # rows a label
PEER = "setfit"
BARS = {("banking77", 5): 0.824, ("banking77", 10): 0.872}  # the best published without an LLM
AHEAD, SHARE = 0.02, 1 / 3  # of accuracy to win by, and of the time to do it in

TAXONOMY = """format: 1
version: 1
dimensions:
  {dimension}:
    labels:
{labels}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one classifier reached with so many rows a label, once for each seed."""

    archive: str
    each: int
    name: str
    accuracies: tuple[float, ...]
    seconds: tuple[float, ...]

    @property
    def accuracy(self) -> float:
        return statistics.fmean(self.accuracies)

    @property
    def time(self) -> float:
        return statistics.fmean(self.seconds)

    def cells(self) -> Sequence[str]:
        spread = statistics.stdev(self.accuracies) if len(self.accuracies) > 1 else 0.0
        return [
            self.archive,
            str(self.each),
            NAMES[self.name],
            f"{percent(self.accuracy, digits=2)} ± {percent(spread, digits=2)}",
            NOTHING,
            number(self.time),
        ]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--only", nargs="+", choices=[*OURS, PEER], help="else quick and SetFit")
    given = parser.parse_args()
    names = given.only or ["sortyard-quick", PEER]
    if PEER in names and not THEIRS.exists():
        print("skipped: there is no .venv-bench; `make bench` sets it up")
        sys.exit(0)
    data = data_folder()
    seeds = SEEDS[:1] if given.rows else SEEDS
    steps = 3 if given.rows else STEPS
    lines, table = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "banking77" / "train.csv", folder)
        for archive in LABELS:
            test = thinned(data / archive / "test.csv", given.rows, folder)
            report(f"{archive}, names only")
            table.append(_names_only(archive, data, test, folder))
            for each in EACH[:1] if given.rows else EACH:
                few = [_drawn(archive, data, each, seed, folder) for seed in seeds]
                for name in names:
                    report(f"{archive}, {each} rows a label, {name}")
                    found = [_measured(name, archive, path, test, steps) for path in few]
                    lines.append(_line(archive, each, name, found))
                    table.append(lines[-1].cells())
    Section(
        name="few-shot",
        title="Few rows a label, and none",
        about=f"Rows are drawn from the training file, {len(seeds)} times; mean and standard "
        "deviation of the accuracy on the usual test, and mean seconds of training. Training "
        "starts with the texts in memory and ends when the model answers; Sortyard's starts with "
        "the file, and includes calibration, thresholds, its report and the baseline in it. With "
        "no row, the names of the labels are all that is known of them.",
        header=("set", "rows a label", "classifier", "accuracy", "recall@5", "training, s"),
        rows=table,
        remarks=[
            *_verdicts(lines),
            f"SetFit: its defaults but for a bound of {steps:,} steps of {PAIRS} pairs",
            (
                "the bars on BANKING77 are the best published figures without a large language "
                "model (FastFit with 5 rows, CPFT with 10), with other rows and larger encoders"
            ),
        ],
        libraries=their_versions() if PEER in names else (),
    ).publish(write=given.write)


def _drawn(archive: str, data: Path, each: int, seed: int, folder: Path) -> Path:
    """Write so many rows of every label into a file, in the order of the archive."""
    rows = read(data / archive / "train.csv")
    rng = np.random.default_rng([seed, each])
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row[LABELS[archive]], []).append(place)
    chosen = [rng.choice(places[label], each, replace=False) for label in sorted(places)]
    kept = sorted(int(place) for some in chosen for place in some)
    return write([rows[place] for place in kept], folder / f"{archive}-{each}-{seed}.csv")


def _measured(name: str, archive: str, train: Path, test: Path, steps: int) -> Any:  # noqa: ANN401 -- JSON
    python = str(THEIRS) if name == PEER else sys.executable
    command = [python, "-m", "benchmarks.peer", name, str(train), str(test)]
    return run([*command, "--label", LABELS[archive], "--steps", str(steps)]).found


def _line(archive: str, each: int, name: str, found: Sequence[Any]) -> Line:
    return Line(
        archive=archive,
        each=each,
        name=name,
        accuracies=tuple(one["accuracy"] for one in found),
        seconds=tuple(one["training_seconds"] for one in found),
    )


def _names_only(archive: str, data: Path, test: Path, folder: Path) -> Sequence[str]:
    """Train on a taxonomy of bare names, and measure that on the test."""
    column = LABELS[archive]
    with (data / archive / "train.csv").open(encoding="utf-8", newline="") as file:
        names = sorted({row[column] for row in csv.DictReader(file)})
    workspace = folder / f"{archive}-names"
    workspace.mkdir()
    labels = "\n".join(f'      "{name}":' for name in names)
    text = TAXONOMY.format(dimension=column, labels=labels)
    (workspace / "taxonomy.yaml").write_text(text, encoding="utf-8")
    options = ("--test", str(test), "--text", "text", "--label", column)
    done = run([*SORTYARD, "train", *options, "--workspace", str(workspace), "--json"])
    metrics = done.found["dimensions"][column]["metrics"]
    return [
        archive,
        "0",
        NAMES["sortyard-quick"],
        percent(metrics["accuracy"], digits=2),
        percent(metrics["recall_at_5"], digits=2),
        number(done.found["seconds"]),
    ]


def _verdicts(lines: Sequence[Line]) -> Sequence[str]:
    """Hold every line of ours against SetFit's, and against the bar."""
    said = []
    theirs = {(one.archive, one.each): one for one in lines if one.name == PEER}
    for one in lines:
        if one.name == PEER:
            continue
        about = f"{one.archive}, {one.each} rows, {NAMES[one.name]}:"
        other, bar = theirs.get((one.archive, one.each)), BARS.get((one.archive, one.each))
        if other is not None:
            ahead, share = one.accuracy - other.accuracy, one.time / other.time
            kept = "yes" if ahead >= AHEAD and share <= SHARE else "NO"
            said.append(
                f"{about} {100 * ahead:+.2f} points against SetFit in {percent(share)} % of its "
                f"time; 2 points in a third of it: {kept}"
            )
        if bar is not None:
            kept = "yes" if one.accuracy >= bar else "NO"
            said.append(f"{about} at least {percent(bar)} %: {kept}")
    return said


if __name__ == "__main__":
    main()
