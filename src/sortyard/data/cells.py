"""What a cell of a table can hold, and when it holds nothing."""

import re
from datetime import UTC, date, datetime
from math import nan
from typing import Final, TypeAlias

Cell: TypeAlias = str | int | float | bool | tuple[str, ...] | None

# What spreadsheets, pandas and databases write for "nothing". `NA` and `none` may be labels.
_NOTHING: Final = frozenset(
    {"", "nan", "NaN", "NAN", "-nan", "null", "NULL", "None", "<NA>", "#N/A", "#NA", "N/A", "NaT"}
)
_NUMBER = re.compile(r"[+-]?(\d+|\d*\.\d+|\d+\.)([eE][+-]?\d+)?", re.ASCII)
_FRONT_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[T ])", re.ASCII)
_BACK_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:$|[T ])", re.ASCII)
_LATEST_MONTH: Final = 12


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, blank, NaN or null; an empty list says something."""
    if isinstance(cell, str):
        return cell.strip() in _NOTHING
    return cell is None or cell != cell  # noqa: PLR0124 -- NaN alone differs from itself


def as_text(cell: Cell) -> str:
    """Read a cell as text; 3.0 is "3", for a column with gaps turns integers into floats."""
    if isinstance(cell, str):
        return cell
    if is_empty(cell):
        return ""
    if isinstance(cell, tuple):
        return ", ".join(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def as_number(cell: Cell) -> int | float | None:
    """Read a cell as a number; None where it is none, and for codes such as `007`."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return None
    if not isinstance(cell, str):
        return cell
    words = cell.strip()
    digits = words.lstrip("+-")
    is_code = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
    if is_code or not _NUMBER.fullmatch(words):
        return None
    return int(words) if digits.isdecimal() else float(words)


def as_time(cell: Cell) -> float:
    """
    Read a cell as a point in time: seconds since 1970, UTC; NaN where it is none.

    Dates start with the year, or end with it: then the day comes first, unless that cannot be. A
    time without a zone is UTC. A number is seconds, or milliseconds where seconds make no sense.
    """
    number = as_number(cell)
    if number is not None:
        return _from_epoch(float(number))
    words = as_text(cell).strip()
    try:
        found = datetime.fromisoformat(_iso(words))
    except ValueError:
        return nan
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.timestamp()


def _from_epoch(number: float) -> float:
    seconds = number / 1_000 if number > _LATEST_SECOND else number
    return seconds if _FIRST_SECOND <= seconds <= _LATEST_SECOND else nan


_FIRST_SECOND: Final = datetime(1980, 1, 1, tzinfo=UTC).timestamp()
_LATEST_SECOND: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def _iso(words: str) -> str:
    front, back = _FRONT_DATE.match(words), _BACK_DATE.match(words)
    if front:
        year, month, day = front.groups()
        rest = words[front.end(3) :]
    elif back:
        day, _, month, year = back.groups()
        if int(month) > _LATEST_MONTH:
            day, month = month, day
        rest = words[back.end(4) :]
    else:
        return words
    return date(int(year), int(month), int(day)).isoformat() + rest
