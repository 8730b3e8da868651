"""
Few rows a label, and none: Sortyard beside SetFit with the same encoder, on the same rows.

The rows are drawn from the training file, the same number for every label, once for each seed; the
test file is the usual one. "With the rest unlabelled" is a line of its own: there the other texts
of the training file are in the archive too, without their labels, and the texts of the test file
are not. Each classifier is trained and timed alone in its process, and SetFit in the environment of
the peers, which `make bench` sets up. With none, labels are told by their names.

With `--keep FOLDER` every cell that is done is kept there, and a run that was killed goes on. With
`--threads N` PyTorch, SciPy and the like use so many: beside other work, threads that wait for each
other would count as time of the processor. With `--draws N` SetFit learns from the first N draws
only, which takes a quarter of an hour each, and is compared with the others on these.
"""

import hashlib
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
REST = "+unlabelled"  # after the name of a classifier that is given the other texts as well
USUAL = ("sortyard-quick", f"sortyard-quick{REST}", PEER)
BARS = {("banking77", 5): 0.824, ("banking77", 10): 0.872}  # the best published without an LLM
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
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
    found: Sequence[Mapping[str, float]]

    @property
    def accuracy(self) -> float:
        return self.mean("accuracy")

    @property
    def title(self) -> str:
        base = self.name.removesuffix(REST)
        own = NAMES.get(base) or f"Sortyard `{OURS[base]}`"
        return f"{own}, with the rest unlabelled" if self.name.endswith(REST) else own

    def mean(self, what: str) -> float:
        return statistics.fmean(one[what] for one in self.found)

    def first(self, draws: int) -> "Line":
        """Keep what was reached on the first draws."""
        return replace(self, found=self.found[:draws])

    def cells(self) -> Sequence[str]:
        accuracies = [one["accuracy"] for one in self.found]
        spread = statistics.stdev(accuracies) if len(accuracies) > 1 else 0.0
        return [
            self.archive,
            str(self.each),
            self.title,
            f"{percent(self.accuracy, digits=2)} ± {percent(spread, digits=2)}",
            str(len(self.found)),
            NOTHING,
            number(self.mean("training_seconds")),
            number(self.mean("training_cpu_seconds")),
        ]


@dataclass(frozen=True, slots=True)
class Kept:
    """Cells that are done, as files of a folder; without one every cell is done anew."""

    folder: Path | None

    def cell(self, name: str, measure: Callable[[], Any]) -> Any:  # noqa: ANN401 -- JSON
        """Read a cell, or measure it and keep it."""
        if self.folder is None:
            return measure()
        place = self.folder / f"{name}.json"
        if not place.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = place.with_suffix(".part")
            unfinished.write_text(json.dumps(measure()), encoding="utf-8")
            unfinished.replace(place)
        return json.loads(place.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Trial:
    """One set: where its rows are drawn from and tested, and what is already done."""

    archive: str
    train: Path
    test: Path
    folder: Path
    steps: int  # of SetFit
    kept: Kept

    @property
    def label(self) -> str:
        return LABELS[self.archive]

    def line(self, each: int, name: str, seeds: Sequence[int]) -> Line:
        """Train one classifier on so many rows a label, once for each seed."""
        found = []
        for seed in seeds:
            report(f"{self.archive}, {each} rows a label, {name}, seed {seed}")
            rows = self.drawn(each, seed, rest=name.endswith(REST))
            path = write(rows, self.folder / f"{self.archive}-{each}-{seed}.csv")
            cell = "-".join([self.archive, str(each), str(seed), name, _print_of(path, self.test)])
            found.append(self.kept.cell(cell, partial(self.measured, name, path)))
        return Line(archive=self.archive, each=each, name=name, found=found)

    def drawn(self, each: int, seed: int, *, rest: bool) -> list[dict[str, str]]:
        """Draw so many rows of every label, in the order of the archive; the rest unlabelled."""
        rows = read(self.train)
        rng = np.random.default_rng([seed, each])
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(row[self.label], []).append(place)
        chosen = [rng.choice(places[name], each, replace=False) for name in sorted(places)]
        kept = {int(place) for some in chosen for place in some}
        if not rest:
            return [rows[place] for place in sorted(kept)]
        hidden = {self.label: ""}
        return [row if place in kept else row | hidden for place, row in enumerate(rows)]

    def measured(self, name: str, train: Path) -> Any:  # noqa: ANN401 -- JSON
        """Train and test one classifier in a process of its own."""
        python = str(THEIRS) if name == PEER else sys.executable
        who = ["benchmarks.peer", name.removesuffix(REST), str(train), str(self.test)]
        options = ["--label", self.label, "--steps", str(self.steps)]
        return run([python, "-m", *who, *options]).found

    def names_only(self) -> Sequence[str]:
        """Train on a taxonomy of bare names, and measure that on the test."""
        report(f"{self.archive}, names only")
        done = self.kept.cell(f"{self.archive}-0-{_print_of(self.test)}", self._by_names)
        return [
            self.archive,
            "0",
            NAMES["sortyard-quick"],
            percent(done["accuracy"], digits=2),
            NOTHING,
            percent(done["recall_at_5"], digits=2),
            number(done["seconds"]),
            number(done["cpu_seconds"]),
        ]

    def _by_names(self) -> Mapping[str, float]:
        names = sorted({row[self.label] for row in read(self.train)})
        workspace = self.folder / f"{self.archive}-names"
        workspace.mkdir()
        labels = "\n".join(f'      "{name}":' for name in names)
        text = TAXONOMY.format(dimension=self.label, labels=labels)
        (workspace / "taxonomy.yaml").write_text(text, encoding="utf-8")
        options = ("--test", str(self.test), "--text", "text", "--label", self.label)
        done = run([*SORTYARD, "train", *options, "--workspace", str(workspace), "--json"])
        metrics = done.found["dimensions"][self.label]["metrics"]
        return {
            "accuracy": metrics["accuracy"],
            "recall_at_5": metrics["recall_at_5"],
            "seconds": done.found["seconds"],
            "cpu_seconds": done.cpu_seconds,
        }


def main() -> None:
    parser = arguments(__doc__)
    known = [*OURS, *(f"{name}{REST}" for name in OURS), PEER]
    parser.add_argument("--only", nargs="+", choices=known, help=f"else {', '.join(USUAL)}")
    parser.add_argument("--sets", nargs="+", choices=LABELS, default=list(LABELS))
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="of cells that are done")
    parser.add_argument("--draws", type=int, metavar="N", default=len(SEEDS), help="for SetFit")
    parser.add_argument("--threads", type=int, metavar="N", help="of each numeric library")
    given = parser.parse_args()
    if given.threads:
        os.environ |= dict.fromkeys(THREADS, str(given.threads))
    names = given.only or USUAL
    if PEER in names and not THEIRS.exists():
        print("skipped: there is no .venv-bench; `make bench` sets it up")
        sys.exit(0)
    data, kept = data_folder(), Kept(given.keep)
    seeds = SEEDS[:1] if given.rows else SEEDS
    steps = 3 if given.rows else STEPS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "banking77" / "train.csv", folder)
        for archive in given.sets:
            test = thinned(data / archive / "test.csv", given.rows, folder)
            trial = Trial(archive, data / archive / "train.csv", test, folder, steps, kept)
            lines, table = [], [trial.names_only()]
            for each in EACH[:1] if given.rows else EACH:
                for name in names:
                    own = seeds[: given.draws] if name == PEER else seeds
                    if own:
                        lines.append(trial.line(each, name, own))
                        table.append(lines[-1].cells())
            _section(archive, lines, table, steps).publish(write=given.write)


def _section(
    archive: str, lines: Sequence[Line], table: Sequence[Sequence[str]], steps: int
) -> Section:
    beside = any(one.name == PEER for one in lines)
    bound = (
        f"SetFit: its defaults but for a bound of {steps:,} steps of {PAIRS} pairs; the one epoch "
        "that is its default would be longer"
    )
    published = (
        "the bars on BANKING77 are the best published figures without a large language model "
        "(FastFit with 5 rows, CPFT with 10), with other rows and larger encoders"
    )
    return Section(
        name=f"few-shot-{archive}",
        title=f"Few rows a label, and none: {archive}",
        about="Rows are drawn from the training file, so many times; mean and standard deviation "
        "of the accuracy on the usual test, and mean seconds of training, on the wall and of all "
        "processors together. Training starts with the texts in memory and ends when the model "
        "answers; Sortyard's starts with the file, and includes calibration, thresholds, its "
        "report and the baseline in it. With the rest unlabelled, the other texts of the training "
        "file are there without their labels. With no row, the names of the labels are all that is "
        "known of them.",
        header=(
            "set",
            "rows a label",
            "classifier",
            "accuracy",
            "draws",
            "recall@5",
            "wall, s",
            "CPU, s",
        ),
        rows=table,
        remarks=[*_verdicts(lines), *([bound] if beside else []), published],
        libraries=their_versions() if beside else (),
    )


def _print_of(*files: Path) -> str:
    """Tell files by their content, so that a kept cell is of these very rows."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _verdicts(lines: Sequence[Line]) -> Sequence[str]:
    """Hold every line of ours against SetFit's, and against the bar."""
    said = []
    theirs = {(one.archive, one.each): one for one in lines if one.name == PEER}
    for one in lines:
        if one.name == PEER:
            continue
        about = f"{one.archive}, {one.each} rows, {one.title}:"
        other, bar = theirs.get((one.archive, one.each)), BARS.get((one.archive, one.each))
        if other is not None:
            same = one.first(len(other.found))
            ahead = same.accuracy - other.accuracy
            share = same.mean("training_cpu_seconds") / other.mean("training_cpu_seconds")
            kept = "yes" if ahead >= AHEAD and share <= SHARE else "NO"
            said.append(
                f"{about} {100 * ahead:+.2f} points against SetFit on the same rows in "
                f"{percent(share)} % of its CPU time; 2 points in a third of it: {kept}"
            )
        if bar is not None:
            kept = "yes" if one.accuracy >= bar else "NO"
            said.append(f"{about} at least {percent(bar)} %: {kept}")
    return said


if __name__ == "__main__":
    main()
