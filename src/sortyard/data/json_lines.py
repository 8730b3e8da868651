"""One JSON object a line."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sortyard.data.cells import Cell
from sortyard.data.problems import RowProblem, Trouble

BYTE_ORDER_MARK = "\ufeff"  # some programs begin a file with it
_OBJECT = re.compile(r'\s*\{[^\S\n]*("(?:[^"\\\n]|\\.)*"[^\S\n]*:|\}\s*\n)')


@dataclass(frozen=True, slots=True)
class Records:
    """The objects of a file as columns; a key that an object lacks is None there."""

    cells: dict[str, tuple[Cell, ...]]
    lines: list[int]
    problems: list[RowProblem]


def looks_like_json_lines(text: str) -> bool:
    """Tell whether the first line that is not blank is a JSON object, if perhaps a broken one."""
    if _OBJECT.match(text) is not None:
        return True
    first, _, rest = text.lstrip().partition("\n")
    return first.startswith("{") and _OBJECT.match(rest) is not None


def read_json_lines(text: str) -> Records:
    """Read every line; a line that is no object is a problem, and the rest go on."""
    records, lines, problems = [], [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        record = read_json_line(line)
        if record is None:
            problems.append(RowProblem(number, Trouble.NOT_AN_OBJECT))
        else:
            records.append(record)
            lines.append(number)
    columns = dict.fromkeys(key for record in records for key in record)
    cells = {key: tuple(record.get(key) for record in records) for key in columns}
    return Records(cells, lines, problems)


def read_json_line(line: str) -> dict[str, Cell] | None:
    """Read one line as cells by their key, `a.b` for one inside another; None for no object."""
    try:
        record = json.loads(line.removeprefix(BYTE_ORDER_MARK))
        return dict(_flat(record)) if isinstance(record, dict) else None
    except (ValueError, RecursionError):
        return None


def _flat(record: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Cell]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, as_cell(value)


def as_cell(value: object) -> Cell:
    """Make a cell of any value; a list becomes a list of texts, without its nulls."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return tuple(_as_words(one) for one in value if one is not None)
    return _as_words(value)


def _as_words(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict | list):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)
