"""
`sortyard audit` on 100,000 rows: time and memory, with and without the probable label errors.

The archive is the training part of the chat set with rows of CLINC150 below it, and the copies that
both have. The bar: two minutes on two cores, with progress shown.
"""

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.archives import data_folder, read, write
from benchmarks.results import Section, arguments, number
from benchmarks.runs import SORTYARD, report, run, warm_up

ROWS: Final = 100_000
BAR: Final = 120.0  # seconds
KINDS: Final = {"everything": (), "without label errors": ("--no-suspects",)}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--busy", action="store_true", help="other work runs beside: say so")
    given = parser.parse_args()
    data = data_folder()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "banking77" / "train.csv", folder)
        archive = _archive(data, folder, given.rows or ROWS)
        rows = []
        for name, options in KINDS.items():
            report(name)
            named = ("--text", "text", "--label", "department", "--group", "conversation")
            place_of = (
                "--html",
                str(folder / "audit.html"),
                "--workspace",
                str(folder / "nowhere"),
            )
            done = run([*SORTYARD, "audit", str(archive), *named, *options, "--json", *place_of])
            findings = done.found["findings"]
            rows.append(
                [
                    name,
                    f"{done.found['used']:,}",
                    number(done.seconds),
                    number(done.cpu_seconds),
                    number(done.peak_mb, digits=0),
                    f"{len(findings)}",
                    "yes" if done.seconds <= BAR else "no",
                ]
            )
    beside = " Other work ran on the machine at the same time." if given.busy else ""
    Section(
        name="audit",
        title="Audit of 100,000 rows",
        about="One command on a CSV of chat messages (six departments, whole conversations) and "
        f"assistant requests (a seventh label), from its start to its end, page included.{beside}",
        header=(
            *("what", "rows", "seconds", "CPU seconds", "peak MB", "findings"),
            f"within {BAR:.0f} s",
        ),
        rows=rows,
    ).publish(write=given.write)


def _archive(data: Path, folder: Path, rows: int) -> Path:
    chat = read(data / "chat" / "train.csv.gz")
    requests = read(data / "clinc150" / "train.csv")
    both = [
        {"conversation": one["conversation"], "text": one["text"], "department": one["department"]}
        for one in chat
    ]
    both += [
        {"conversation": f"request-{at}", "text": one["text"], "department": "assistant"}
        for at, one in enumerate(requests)
    ]
    repeated = -(-rows // len(both)) * both
    return write(repeated[:rows], folder / "archive.csv")


if __name__ == "__main__":
    main()
