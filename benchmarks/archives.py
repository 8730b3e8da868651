"""Where the real data lies, and smaller copies of it for trying a script out."""

import csv
import gzip
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

Row = TypeVar("Row")

VARIABLE = "SORTYARD_DATA"
NEARBY = Path(__file__).resolve().parents[2] / "shared" / "data"


def data_folder() -> Path:
    """Find the folder with the data sets; without one, say so and end the script in peace."""
    folder = Path(os.environ.get(VARIABLE, NEARBY))
    if not folder.is_dir():
        print(f"skipped: there is no data; name its folder in {VARIABLE}")
        sys.exit(0)
    return folder


def read(path: Path) -> list[dict[str, str]]:
    """Read the rows of a CSV file, which may be gzipped."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(rows: Sequence[dict[str, str]], path: Path) -> Path:
    """Write rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def thinned(path: Path, rows: int | None, folder: Path) -> Path:
    """
    Copy every nth row of a file, so that about `rows` are left and all labels keep their share.

    Without a number of rows the file itself is given back.
    """
    if rows is None:
        return path
    if path.suffix == ".jsonl":
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        small = folder / path.name
        small.write_text("".join(_every_nth(lines, rows)), encoding="utf-8")
        return small
    found = read(path)
    return write(_every_nth(found, rows), folder / path.name.removesuffix(".gz"))


def _every_nth(rows: Sequence[Row], count: int) -> Sequence[Row]:
    return rows[:: max(1, len(rows) // count)]
