"""Rows for people, in a table that their spreadsheet opens, or as JSON lines."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from sortyard.app.files import replacing
from sortyard.data.cells import is_empty
from sortyard.data.decisions import DECIDED, ID, SEPARATOR
from sortyard.data.plans import is_plan, labelled_in_plan
from sortyard.data.readers import read_table
from sortyard.domain.errors import InvalidUsage, SortyardError

DELIMITERS: Final = {".csv": ",", ".tsv": "\t"}
LINES: Final = ".jsonl"


def check_sheet(path: Path) -> None:
    """Raise InvalidUsage where a name does not say what kind of sheet to write."""
    if path.suffix.lower() not in {*DELIMITERS, LINES}:
        raise InvalidUsage(
            f"The name {path.name!r} does not say what kind of file to write.",
            "End it with .csv, .tsv or .jsonl.",
        )


def check_target(path: Path, read: Iterable[Path | None]) -> None:
    """
    Raise InvalidUsage where a file would be lost that cannot be made again.

    That is one of those that are `read`, and a list for people in which somebody has filled in
    something already.
    """
    for one in read:
        if one is not None and one.resolve() == path.resolve():
            raise InvalidUsage(
                f"{path} is read, and would be written over.", "Write to a file of another name."
            )
    count = _filled_in(path) if path.is_file() else 0
    if count:
        cells = "1 row" if count == 1 else f"{count:,} rows"
        raise InvalidUsage(
            f"{path} is a list in which people have filled in {cells}, and would be written over.",
            "Write to a file of another name, or move that one away.",
        )


def _filled_in(path: Path) -> int:
    """Count the rows of a list that have an answer; none in a file that is no such list."""
    try:
        table = read_table(path)
    except SortyardError:
        return 0
    if is_plan(table):
        return labelled_in_plan(table)
    if {ID, DECIDED} <= set(table.columns):
        return sum(not is_empty(cell) for cell in table[DECIDED])
    return 0


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
