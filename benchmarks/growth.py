"""
Time and memory of training at 1 k, 10 k and 100 k messages of customer chat.

The conversations of all three files are shuffled once, so each archive holds the smaller ones.
"""

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.archives import data_folder, read, write
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import Run, report, train, warm_up

SIZES = (1_000, 10_000, 100_000)
LABELS = ("department", "intents")
MULTI = "multi"
SEED = 20
SLACK = 1.2  # by how much time may outgrow what it is judged by
MOST_MB = 4_096


@dataclass(frozen=True, slots=True)
class Step:
    """One training: its size and its cost."""

    kind: str
    rows: int
    labels: int
    seconds: float
    peak_mb: float

    @property
    def cells(self) -> int:
        """How many yes-or-no questions the rows answer in a `multi` dimension."""
        return self.rows * self.labels


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--label", choices=LABELS, action="append", help="else both")
    given = parser.parse_args()
    data = data_folder()
    sizes = SIZES if given.rows is None else tuple(given.rows // part for part in (4, 2, 1))
    rows = _shuffled([row for part in ("train", "dev", "test") for row in _part(data, part)])
    table, remarks = [], []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        archives = [write(rows[:size], folder / f"{size}.csv") for size in sizes]
        rows.clear()
        warm_up(data / "banking77" / "train.csv", folder)
        for label in given.label or LABELS:
            steps: list[Step] = []
            for size, archive in zip(sizes, archives, strict=True):
                report(f"{label}, {size:,} rows")
                options = ["--text", "text", "--label", label, "--group", "conversation"]
                done = train(archive, options, workspace=folder / f"{label}-{size}")
                steps.append(_step(label, size, done))
                table.append(_line(label, steps, done))
            remarks.append(verdict(label, steps[-2], steps[-1]))
    Section(
        name="growth",
        title="Growth: training at 1 k, 10 k and 100 k messages",
        about="`sortyard train chat.csv --text text --label LABEL --group conversation`, recipe "
        "`quick`, from CSV to gated release; a fifth of the conversations is the test. Seconds and "
        "memory are those of the whole process; `times` compares with the row above. Near linear "
        f"means that time grows at most {SLACK} times as fast as what it is judged by. A `single` "
        "dimension is judged by its rows. In a `multi` one every row answers every label with yes "
        "or no, so there the work is rows x labels; and in this chat more rows bring more labels. "
        "Such a dimension is judged by rows x labels, and what it is by rows alone is said beside "
        "it.",
        header=(
            *("label", "rows", "labels", "seconds", "times the seconds", "times the rows"),
            *("times rows x labels", "ms per row", "µs per row and label", "peak MB"),
            *("accuracy, %", "macro F1, %"),
        ),
        rows=table,
        remarks=remarks,
    ).publish(write=given.write)


def _part(data: Path, part: str) -> list[dict[str, str]]:
    return read(data / "chat" / f"{part}.csv.gz")


def _shuffled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Bring whole conversations into a random order."""
    conversations: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        conversations.setdefault(row["conversation"], []).append(row)
    order = sorted(conversations)
    random.Random(SEED).shuffle(order)  # noqa: S311 -- no secret
    return [row for name in order for row in conversations[name]]


def _step(label: str, size: int, done: Run) -> Step:
    found = done.found["dimensions"][label]
    return Step(found["kind"], size, len(found["labels"]), done.seconds, done.peak_mb)


def _line(label: str, steps: list[Step], done: Run) -> list[str]:
    metrics = done.found["dimensions"][label]["metrics"]
    last, before = steps[-1], steps[-2] if len(steps) > 1 else None
    return [
        label,
        f"{last.rows:,}",
        f"{last.labels:,}",
        number(last.seconds),
        number(last.seconds / before.seconds if before else None),
        number(last.rows / before.rows if before else None),
        number(last.cells / before.cells if before else None),
        number(1e3 * last.seconds / last.rows, digits=2),
        number(1e6 * last.seconds / last.cells),
        number(last.peak_mb, digits=0),
        percent(metrics["accuracy"]),
        percent(metrics["macro_f1"]),
    ]


def verdict(label: str, before: Step, last: Step) -> str:
    """Judge a dimension's last step by its rows, a `multi` one by rows x labels; say all of it."""
    times, rows = last.seconds / before.seconds, last.rows / before.rows
    said = f"{label} (`{last.kind}`): {rows:.1f} times the rows took {times:.1f} times as long, "
    said += f"{_linear(times, rows)} in rows (at most {SLACK * rows:.1f})"
    if last.kind == MULTI:
        cells = last.cells / before.cells
        said += (
            f"; with {last.labels:,} labels after {before.labels:,}, rows x labels grew "
            f"{cells:.1f} times: {_linear(times, cells)} in those (at most {SLACK * cells:.1f})"
        )
    room = "within" if max(before.peak_mb, last.peak_mb) <= MOST_MB else "ABOVE"
    return f"{said}; {room} 4 GB."


def _linear(times: float, grown: float) -> str:
    return "near linear" if times <= SLACK * grown else "NOT linear"


if __name__ == "__main__":
    main()
