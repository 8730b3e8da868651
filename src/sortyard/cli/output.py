"""What commands print: plain words for people, JSON for scripts."""

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from pathlib import Path

import typer

from sortyard.app.files import refusals

NARROWEST = 40  # columns; a narrower terminal wraps by itself


class ExitCode(IntEnum):
    """How a command ended, for the shell."""

    YES = 0
    NO = 1  # the command ran, and the answer is no: a gate failed, a finding was made
    COULD_NOT_RUN = 2
    INTERRUPTED = 130
    NOBODY_READS = 141  # the reader of a pipe went away, as after `| head`


def print_json(value: object) -> None:
    """Print one JSON document on one line, at once; what is no number becomes null."""
    print_line(json.dumps(plain(value), ensure_ascii=False, allow_nan=False))


def print_line(line: str = "") -> None:
    """Print one line, and hand it on at once, for a reader at the end of a pipe."""
    with refusals(Path("standard output")):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def note(line: str) -> None:
    """Tell a person something beside the result."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def answer_no() -> typer.Exit:
    """End a command whose answer is no."""
    return typer.Exit(ExitCode.NO)


def plain(value: object) -> object:
    """Turn a value into what JSON can hold."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case str() | int() | None:
            return value
        case Path():
            return str(value)
        case Mapping():
            return {str(name): plain(one) for name, one in value.items()}
        case Iterable():
            return [plain(one) for one in value]
        case _:
            return str(value)


def table(rows: Sequence[Sequence[str]], *, header: Sequence[str] = (), indent: int = 0) -> str:
    """Lay rows out in columns, each as wide as its widest cell."""
    lines = [*([header] if header else []), *rows]
    columns = max((len(line) for line in lines), default=0)
    padded = [[*line, *[""] * (columns - len(line))] for line in lines]
    widths = [max(len(line[column]) for line in padded) for column in range(columns)]
    return "\n".join(
        (" " * indent + "  ".join(f"{c:<{w}}" for c, w in zip(line, widths, strict=True))).rstrip()
        for line in padded
    )


def wrapped(words: str, *, indent: int = 0) -> str:
    """Break a sentence into lines that fit the terminal."""
    width = max(shutil.get_terminal_size().columns, NARROWEST)
    first, rest = " " * indent, " " * (indent + 2)
    lines = textwrap.wrap(
        words, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    return "\n".join(lines)


def shortened(line: str) -> str:
    """Cut a line off where the terminal ends."""
    width = max(shutil.get_terminal_size().columns, NARROWEST)
    return line if len(line) <= width else f"{line[: width - 1]}…"


def share(value: float | None, *, digits: int = 1) -> str:
    """Write a share as a percentage; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "-"
    return f"{100 * value:.{digits}f} %"


def sureness(confidence: float | None) -> str:
    """Write a confidence without a digit that it does not have; none is ever certain."""
    if confidence is None:
        return "-"
    return f"{100 * confidence:.0f} %" if round(confidence, 2) < 1.0 else ">99 %"
