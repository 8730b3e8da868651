"""
Few rows a label, and none: Sortyard beside SetFit with the same encoder, on the same rows.

The rows are drawn from the training file, the same number for every label, once for each draw; the
test file is the usual one. "With the rest unlabelled" is a line of its own: there the other texts
of the training file are in the archive too, without their labels, and the texts of the test file
are not. Each classifier is trained and timed alone in its process, and SetFit in the environment of
the peers, which `make bench` sets up. With none, labels are told by their names.

SetFit takes a quarter of an hour a draw, so a call adds to the table that is there: with `--only`
and `--draws` it measures some of the lines. With `--threads N` PyTorch, SciPy and the like use so
many: beside other work, threads that wait for each other would count as time of the processor.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.archives import data_folder, read, thinned, write
from benchmarks.orders import joined
from benchmarks.peer import OURS, PAIRS, STEPS
from benchmarks.peers import LABELS, NAMES, THEIRS, their_versions
from benchmarks.results import NOTHING, Section, arguments, earlier, number, percent
from benchmarks.runs import SORTYARD, report, run, warm_up

DRAWS = (1, 2, 3)
EACH = (5, 10)  # rows a label
PEER = "setfit"
REST = "+unlabelled"  # after the name of a classifier that is given the other texts as well
BY_NAMES = "names"  # of labels, and no row
USUAL = (BY_NAMES, "sortyard-quick", f"sortyard-quick{REST}", PEER)
BARS = {("banking77", 5): 0.824, ("banking77", 10): 0.872}  # the best published without an LLM
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
AHEAD, SHARE = 0.02, 1 / 3  # of accuracy to win by, and of the time to do it in
HEADER = (
    *("rows a label", "classifier", "draw", "accuracy", "recall@5", "wall, s", "CPU, s"),
    "measured",
)
ACCURACY, CPU = HEADER.index("accuracy"), HEADER.index("CPU, s")

TAXONOMY = """format: 1
version: 1
dimensions:
  {dimension}:
    labels:
{labels}
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """One set: where its rows are drawn from and tested, and where drawn rows may lie."""

    archive: str
    train: Path
    test: Path
    folder: Path
    steps: int  # of SetFit

    @property
    def label(self) -> str:
        return LABELS[self.archive]

    def line(self, each: int, name: str, draw: int) -> Sequence[str]:
        """Train one classifier on so many rows a label, and test it."""
        report(f"{self.archive}, {each} rows a label, {name}, draw {draw}")
        rows = self.drawn(each, draw, rest=name.endswith(REST))
        train = write(rows, self.folder / f"{self.archive}-{each}-{draw}.csv")
        python = str(THEIRS) if name == PEER else sys.executable
        who = ["benchmarks.peer", name.removesuffix(REST), str(train), str(self.test)]
        options = ["--label", self.label, "--steps", str(self.steps)]
        found = run([python, "-m", *who, *options]).found
        return _cells(each, title(name), str(draw), {**found, "recall_at_5": None})

    def drawn(self, each: int, draw: int, *, rest: bool) -> list[dict[str, str]]:
        """Draw so many rows of every label, in the order of the archive; the rest unlabelled."""
        rows = read(self.train)
        rng = np.random.default_rng([draw - 1, each])
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(row[self.label], []).append(place)
        chosen = [rng.choice(places[name], each, replace=False) for name in sorted(places)]
        kept = {int(place) for some in chosen for place in some}
        if not rest:
            return [rows[place] for place in sorted(kept)]
        hidden = {self.label: ""}
        return [row if place in kept else row | hidden for place, row in enumerate(rows)]

    def names_only(self) -> Sequence[str]:
        """Train on a taxonomy of bare names, and measure that on the test."""
        report(f"{self.archive}, names only")
        names = sorted({row[self.label] for row in read(self.train)})
        workspace = self.folder / f"{self.archive}-names"
        workspace.mkdir()
        labels = "\n".join(f'      "{name}":' for name in names)
        text = TAXONOMY.format(dimension=self.label, labels=labels)
        (workspace / "taxonomy.yaml").write_text(text, encoding="utf-8")
        options = ("--test", str(self.test), "--text", "text", "--label", self.label)
        done = run([*SORTYARD, "train", *options, "--workspace", str(workspace), "--json"])
        found = {
            **done.found["dimensions"][self.label]["metrics"],
            "training_seconds": done.found["seconds"],
            "training_cpu_seconds": done.cpu_seconds,
        }
        return _cells(0, title("sortyard-quick"), NOTHING, found)


def title(name: str) -> str:
    """Name a classifier as the table does."""
    base = name.removesuffix(REST)
    own = NAMES.get(base) or f"Sortyard `{OURS[base]}`"
    return f"{own}, with the rest unlabelled" if name.endswith(REST) else own


def main() -> None:
    parser = arguments(__doc__)
    known = [BY_NAMES, *OURS, *(f"{name}{REST}" for name in OURS), PEER]
    parser.add_argument("--only", nargs="+", choices=known, help=f"else {', '.join(USUAL)}")
    parser.add_argument("--sets", nargs="+", choices=LABELS, default=list(LABELS))
    parser.add_argument("--each", nargs="+", type=int, choices=EACH, default=list(EACH))
    parser.add_argument("--draws", nargs="+", type=int, choices=DRAWS, default=list(DRAWS))
    parser.add_argument("--threads", type=int, metavar="N", help="of each numeric library")
    given = parser.parse_args()
    if given.threads:
        os.environ |= dict.fromkeys(THREADS, str(given.threads))
    names = given.only or USUAL
    if PEER in names and not THEIRS.exists():
        print("skipped: there is no .venv-bench; `make bench` sets it up")
        sys.exit(0)
    data, trying = data_folder(), given.rows is not None
    sizes, draws = (EACH[:1], DRAWS[:1]) if trying else (given.each, given.draws)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "banking77" / "train.csv", folder)
        for archive in given.sets:
            test = thinned(data / archive / "test.csv", given.rows, folder)
            train = data / archive / "train.csv"
            trial = Trial(archive, train, test, folder, 3 if trying else STEPS)
            lines = []
            if BY_NAMES in names:
                lines.append(trial.names_only())
                _publish(trial, lines, write=given.write)
            for each in sizes:
                for draw in draws:
                    for name in names:
                        if name != BY_NAMES:
                            lines.append(trial.line(each, name, draw))
                            _publish(trial, lines, write=given.write)


def _publish(trial: Trial, lines: Sequence[Sequence[str]], *, write: bool) -> None:
    """Put lines to those that are there; a table that was only tried begins anew."""
    name = f"few-shot-{trial.archive}"
    before = earlier(name)[1:] if write else ()
    rows = sorted(joined(before, lines, key=3), key=_order)
    beside = any(row[1] == title(PEER) for row in rows)
    bound = (
        f"SetFit: its defaults but for a bound of {trial.steps:,} steps of {PAIRS} pairs; the one "
        "epoch that is its default would be longer"
    )
    published = (
        "the bars on BANKING77 are the best published figures without a large language model "
        "(FastFit with 5 rows, CPFT with 10), with other rows and larger encoders"
    )
    bars = {each: bar for (archive, each), bar in BARS.items() if archive == trial.archive}
    Section(
        name=name,
        title=f"Few rows a label, and none: {trial.archive}",
        about="Rows are drawn from the training file, three times; accuracy on the usual test in "
        "percent, and seconds of training, on the wall and of all processors together. Training "
        "starts with the texts in memory and ends when the model answers; Sortyard's starts with "
        "the file, and includes calibration, thresholds, its report and the baseline in it. With "
        "the rest unlabelled, the other texts of the training file are there without their labels. "
        "With no row, the names of the labels are all that is known of them.",
        header=HEADER,
        rows=rows,
        remarks=[
            *verdicts(rows, bars),
            *([bound] if beside else []),
            *([published] if bars else []),
        ],
        libraries=their_versions() if beside else (),
    ).publish(write=write)


def _cells(each: int, name: str, draw: str, found: Mapping[str, float | None]) -> Sequence[str]:
    return [
        str(each),
        name,
        draw,
        percent(found["accuracy"], digits=2),
        percent(found["recall_at_5"], digits=2),
        number(found["training_seconds"]),
        number(found["training_cpu_seconds"]),
        f"{datetime.now(UTC):%Y-%m-%d}",
    ]


def _order(row: Sequence[str]) -> tuple[int, int, str]:
    """Sort by rows a label, then ours before theirs, then by draw."""
    names = [title(name) for name in USUAL if name != BY_NAMES]
    return int(row[0]), names.index(row[1]) if row[1] in names else len(names), row[2]


def verdicts(rows: Sequence[Sequence[str]], bars: Mapping[int, float]) -> Sequence[str]:
    """Sum up the draws of every classifier, and hold ours against SetFit's and the bar."""
    lines: dict[tuple[int, str], dict[str, Sequence[str]]] = {}
    for row in rows:
        if row[2] != NOTHING:
            lines.setdefault((int(row[0]), row[1]), {})[row[2]] = row
    said = []
    for (each, name), own in lines.items():
        accuracies = [float(row[ACCURACY]) for row in own.values()]
        spread = statistics.stdev(accuracies) if len(accuracies) > 1 else 0.0
        mean = statistics.fmean(accuracies)
        about = (
            f"{each} rows, {name}: {mean:.2f} ± {spread:.2f} % on {len(own)} of {len(DRAWS)} draws"
        )
        theirs = lines.get((each, title(PEER)), {})
        if theirs and name != title(PEER):
            about += f"; {_ahead(own, theirs)}"
        if each in bars and name != title(PEER):
            reached = "yes" if mean >= 100 * bars[each] else "NO"
            about += f"; at least {percent(bars[each])} %: {reached}"
        said.append(about)
    return said


def _ahead(own: Mapping[str, Sequence[str]], theirs: Mapping[str, Sequence[str]]) -> str:
    """Compare two classifiers on the draws that both learnt from."""
    both = [draw for draw in theirs if draw in own]
    if not both:
        return "no draw that SetFit had too"
    ahead = statistics.fmean(
        float(own[draw][ACCURACY]) - float(theirs[draw][ACCURACY]) for draw in both
    )
    spent, took = (sum(_seconds(some[draw]) for draw in both) for some in (own, theirs))
    kept = "yes" if ahead >= 100 * AHEAD and spent / took <= SHARE else "NO"
    return (
        f"{ahead:+.2f} points against SetFit on the same rows (draws: {len(both)}), in "
        f"{percent(spent / took)} % of its CPU time; 2 points in a third of it: {kept}"
    )


def _seconds(row: Sequence[str]) -> float:
    return float(row[CPU].replace(",", ""))


if __name__ == "__main__":
    main()
