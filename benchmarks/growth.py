"""
Time and memory of training at 1 k, 10 k and 100 k messages of customer chat.

The conversations of all three files are shuffled once, so each archive holds the smaller ones.
"""

import random
import tempfile
from pathlib import Path

from benchmarks.archives import data_folder, read, write
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import Run, report, train, warm_up

SIZES = (1_000, 10_000, 100_000)
LABELS = ("department", "intents")
SEED = 20
SLACK = 1.2  # by how much time may outgrow the rows


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
            runs = []
            for size, archive in zip(sizes, archives, strict=True):
                report(f"{label}, {size:,} rows")
                options = ["--text", "text", "--label", label, "--group", "conversation"]
                runs.append(train(archive, options, workspace=folder / f"{label}-{size}"))
                table.append(_line(label, size, runs))
            remarks.append(_verdict(label, runs, sizes[-1] / sizes[-2]))
    Section(
        name="growth",
        title="Growth: training at 1 k, 10 k and 100 k messages",
        about="`sortyard train chat.csv --text text --label LABEL --group conversation`, recipe "
        "`quick`, from CSV to gated release; a fifth of the conversations is the test. Seconds and "
        "memory are those of the whole process; near linear means that ten times the rows take "
        "about ten times the time.",
        header=(
            *("label", "rows", "seconds", "times the row above", "ms per row", "peak MB"),
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


def _line(label: str, size: int, runs: list[Run]) -> list[str]:
    last = runs[-1]
    metrics = last.found["dimensions"][label]["metrics"]
    times = last.seconds / runs[-2].seconds if len(runs) > 1 else None
    return [
        label,
        f"{size:,}",
        number(last.seconds),
        number(times),
        number(1_000 * last.seconds / size, digits=2),
        number(last.peak_mb, digits=0),
        percent(metrics["accuracy"]),
        percent(metrics["macro_f1"]),
    ]


def _verdict(label: str, runs: list[Run], growth: float) -> str:
    times = runs[-1].seconds / runs[-2].seconds
    most = max(one.peak_mb for one in runs)
    linear = "near linear" if times <= SLACK * growth else "NOT linear"
    room = "within" if most <= 4_096 else "ABOVE"
    return (
        f"{label}: {growth:.0f} times the rows took {times:.1f} times as long ({linear}: at most "
        f"{SLACK * growth:.0f}), {room} 4 GB."
    )


if __name__ == "__main__":
    main()
