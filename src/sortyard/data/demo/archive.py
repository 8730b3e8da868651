"""The demo's archive as a file, with the bad rows that every export has."""

import csv
import io
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sortyard.data.demo.dice import Dice
from sortyard.data.demo.generator import generate
from sortyard.data.demo.messages import DemoMessage
from sortyard.data.problems import Trouble
from sortyard.domain.errors import CannotWrite

COLUMNS = (
    "id",
    "received_at",
    "channel",
    "subject",
    "body",
    "team",
    "urgency",
    "flags",
    "author_role",
    "customer_tier",
)
FLAG_SEPARATOR = ";"
NOT_UTF8 = "cp1252"
BAD_ROWS = (
    Trouble.EMPTY_TEXT,
    Trouble.EMPTY_TEXT,
    Trouble.EMPTY_TEXT,
    Trouble.EMPTY_LABEL,
    Trouble.EMPTY_LABEL,
    Trouble.DUPLICATE_ID,
    Trouble.WRONG_CELL_COUNT,
    Trouble.REPAIRED_ENCODING,
)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that a reader should notice, and the line on which it starts."""

    line: int
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTruth:
    """What the author of an archive knows about it, and its reader has to find out."""

    messages: tuple[DemoMessage, ...]
    bad_rows: tuple[BadRow, ...]

    @property
    def wrong_labels(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The right labels by id and dimension, where the archive has wrong ones."""
        return {one.id: dict(one.right) for one in self.messages if one.right}

    @property
    def repeated(self) -> dict[str, str]:
        """The ids of near duplicates, each with the id of the message it repeats."""
        return {one.id: one.resends for one in self.messages if one.resends is not None}


def write_demo_archive(path: Path, *, count: int, rng: np.random.Generator) -> DemoTruth:
    """
    Write an archive of `count` good rows and a few bad ones as CSV.

    The file is written beside its place and then moved there. Raises CannotWrite.
    """
    messages = generate(count, rng)
    content, bad_rows = _content(messages, Dice(rng))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or str(error)) from error
    return DemoTruth(messages=messages, bad_rows=bad_rows)


def _content(messages: tuple[DemoMessage, ...], dice: Dice) -> tuple[bytes, tuple[BadRow, ...]]:
    """Give the bytes of the file, and where its bad rows start."""
    spoiled: dict[int, list[tuple[Trouble, DemoMessage]]] = {}
    for trouble, spare in zip(BAD_ROWS, generate(len(BAD_ROWS), dice.rng), strict=True):
        below = dice.between(1, len(messages)) if messages else 0
        spoiled.setdefault(below, []).append((trouble, spare))
    content, bad_rows = bytearray(_row(COLUMNS)), []
    for below, message in enumerate(messages, start=1):
        content += _row(_cells(message))
        for trouble, spare in spoiled.get(below, ()):
            bad_rows.append(BadRow(content.count(b"\n") + 1, trouble))
            content += _bad_row(trouble, spare, message.id)
    return bytes(content), tuple(bad_rows)


def _cells(message: DemoMessage) -> tuple[str, ...]:
    return (
        message.id,
        f"{message.received_at:%Y-%m-%d %H:%M:%S}",
        message.channel,
        message.subject,
        message.body,
        message.team,
        message.urgency,
        FLAG_SEPARATOR.join(message.flags),
        message.author_role,
        message.customer_tier,
    )


def _bad_row(trouble: Trouble, spare: DemoMessage, id_above: str) -> bytes:
    """Spoil a row in the way that a reader should notice."""
    spare = replace(spare, id=f"X-{id_above}")
    match trouble:
        case Trouble.EMPTY_TEXT:
            return _row(_cells(replace(spare, subject="", body=" ")))
        case Trouble.EMPTY_LABEL:
            return _row(_cells(replace(spare, team="")))
        case Trouble.DUPLICATE_ID:
            return _row(_cells(replace(spare, id=id_above)))
        case Trouble.REPAIRED_ENCODING:
            signed = replace(spare, body=f"{' '.join(spare.body.split())} Grüße, Renée")
            return _row(_cells(signed), encoding=NOT_UTF8)
        case _:
            return _row(_cells(spare)[:5])  # the export broke off in the middle


def _row(cells: tuple[str, ...], *, encoding: str = "utf-8") -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode(encoding, errors="replace")
