"""Rows for people, in a table that their spreadsheet opens, or as JSON lines."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sortyard.app.files import replacing
from sortyard.data.decisions import SEPARATOR
from sortyard.domain.errors import InvalidUsage

DELIMITERS: Final = {".csv": ",", ".tsv": "\t"}
LINES: Final = ".jsonl"


def check_sheet(path: Path) -> None:
    """Raise InvalidUsage where a name does not say what kind of sheet to write."""
    if path.suffix.lower() not in {*DELIMITERS, LINES}:
        raise InvalidUsage(
            f"The name {path.name!r} does not say what kind of file to write.",
            "End it with .csv, .tsv or .jsonl.",
        )


def write_sheet(path: Path, header: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows by the name's ending; the file appears when it is whole. Raises `CannotWrite`."""
    check_sheet(path)
    ending = path.suffix.lower()
    with replacing(path) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        if ending == LINES:
            stream.writelines(
                json.dumps({name: row.get(name) for name in header}, ensure_ascii=False) + "\n"
                for row in rows
            )
            return
        table = csv.DictWriter(
            stream, list(header), delimiter=DELIMITERS[ending], lineterminator="\n"
        )
        table.writeheader()
        table.writerows({name: _in_cell(cell) for name, cell in row.items()} for row in rows)


def _in_cell(cell: object) -> object:
    """Write several labels in one cell the way archives are read."""
    return SEPARATOR.join(cell) if isinstance(cell, tuple) else cell
