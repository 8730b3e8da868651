"""Read a file as a table: CSV, TSV, JSON lines, Parquet or mails, compressed or not."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sortyard.data.cells import Cell
from sortyard.data.delimited import read_delimited
from sortyard.data.encodings import Decoded, decode
from sortyard.data.json_lines import looks_like_json_lines, read_json_lines
from sortyard.data.mail_archive import is_mail_archive, read_mail_archive
from sortyard.data.parquet import MAGIC as PARQUET
from sortyard.data.parquet import read_parquet
from sortyard.data.problems import RowProblem, Trouble
from sortyard.data.tables import Table
from sortyard.domain.errors import EmptyArchive, UnreadableArchive, number

_GZIP: Final = b"\x1f\x8b"
_FOREIGN: Final = (
    (b"PK\x03\x04", "it is an Excel workbook or another zip file"),
    (b"\xd0\xcf\x11\xe0", "it is an old Excel or Word file"),
    (b"%PDF", "it is a PDF"),
    (b"SQLite format 3", "it is a SQLite database"),
    (b"\x28\xb5\x2f\xfd", "it is compressed with zstd"),
    (b"BZh", "it is compressed with bzip2"),
    (b"\xfd7zXZ", "it is compressed with xz"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"GIF8", "it is a picture"),
)
_ONE_JSON: Final = re.compile(r"\s*(\[\s*\{|\[\s*$|\{\s*$)", re.MULTILINE)
_SAMPLE: Final = 1 << 16
_CONTROL: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\v\x1a\x1b\x1f") | {0x7F}
_BINARY_SHARE: Final = 0.02  # of control characters
_STRAY: Final = 10  # of them still make no binary file


def read_lines(path: Path) -> Table:
    """
    Read a plain text file: one message a line, no header.

    Raises as `read_table` does.
    """
    source = str(path)
    raw, digest = _content(path)
    decoded = _decoded(raw, source)
    lines = [(at, line) for at, line in enumerate(decoded.text.splitlines(), 1) if line.strip()]
    return Table(
        source=source,
        sha256=digest,
        cells={"text": tuple(line for _, line in lines)},
        lines=tuple(at for at, _ in lines),
        problems=_repaired(decoded),
        encoding=decoded.encoding,
    )


def read_table(path: Path) -> Table:
    """
    Read a whole file, or a folder of mails; what it is, is told by its content, not by its name.

    Rows that cannot be read are counted in the table's `problems`. Raises UnreadableArchive for
    a file that is no table, EmptyArchive for one without a row, and MissingExtra for Parquet
    where pyarrow is not installed.
    """
    if is_mail_archive(path):
        return read_mail_archive(path)
    source = str(path)
    raw, digest = _content(path)
    if raw.startswith(PARQUET):
        content = _parquet_content(raw, source)
    else:
        content = _text_content(raw, source)
    if not content.lines:
        raise EmptyArchive(source, _why_no_rows(content.problems))
    return Table(
        source=source,
        sha256=digest,
        cells=content.cells,
        lines=tuple(content.lines),
        problems=tuple(sorted(content.problems, key=lambda one: one.line)),
        encoding=content.encoding,
    )


@dataclass(frozen=True, slots=True)
class _Content:
    cells: dict[str, tuple[Cell, ...]]
    lines: Sequence[int]
    problems: Sequence[RowProblem] = ()
    encoding: str = "binary"


def _content(path: Path) -> tuple[bytes, str]:
    """Read a file, unpacked, and the SHA-256 of it as it lies there."""
    raw = _bytes(path)
    digest = hashlib.sha256(raw).hexdigest()
    if raw.startswith(_GZIP):
        raw = _unpacked(raw, str(path))
    if not raw.strip(b" \t\r\n\xef\xbb\xbf"):
        raise EmptyArchive(str(path), "the file is empty")
    return raw, digest


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableArchive(str(path), "there is no such file") from None
    except IsADirectoryError:
        raise UnreadableArchive(str(path), "it is a folder") from None
    except OSError as error:
        raise UnreadableArchive(
            str(path), (error.strerror or "it cannot be opened").lower()
        ) from None


def _unpacked(raw: bytes, source: str) -> bytes:
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error):
        raise UnreadableArchive(source, "its gzip compression is damaged or cut off") from None


def _parquet_content(raw: bytes, source: str) -> _Content:
    columns = read_parquet(raw, source)
    names, odd = _column_names(name for name, _ in columns)
    cells = {name: cells for name, (_, cells) in zip(names, columns, strict=True)}
    return _Content(cells, range(1, 1 + max(map(len, cells.values()), default=0)), odd)


def _text_content(raw: bytes, source: str) -> _Content:
    decoded = _decoded(raw, source)
    repaired = list(_repaired(decoded))
    if looks_like_json_lines(decoded.text):
        found = read_json_lines(decoded.text)
        return _Content(found.cells, found.lines, repaired + found.problems, decoded.encoding)
    if _ONE_JSON.match(decoded.text):
        raise UnreadableArchive(source, "it is one large JSON value, not one object a line")
    grid = read_delimited(decoded.text, source)
    columns = [
        (name, cells)
        for name, cells in zip(grid.header, zip(*grid.rows, strict=True), strict=bool(grid.rows))
        if name.strip() or any(cells)  # a delimiter at the end of every line makes no column
    ]
    names, odd = _column_names(name for name, _ in columns)
    cells = {name: cells for name, (_, cells) in zip(names, columns, strict=True)}
    return _Content(cells, grid.lines, repaired + odd + grid.problems, decoded.encoding)


def _decoded(raw: bytes, source: str) -> Decoded:
    for mark, what in _FOREIGN:
        if raw.startswith(mark):
            raise UnreadableArchive(source, what)
    decoded = decode(raw)
    if _looks_binary(decoded.text[:_SAMPLE]):
        raise UnreadableArchive(source, "it is a binary file")
    return decoded


def _repaired(decoded: Decoded) -> tuple[RowProblem, ...]:
    return tuple(RowProblem(line, Trouble.REPAIRED_ENCODING) for line in decoded.repaired)


def _looks_binary(sample: str) -> bool:
    strange = sum(ord(character) in _CONTROL for character in sample)
    return strange > max(_STRAY, _BINARY_SHARE * len(sample))


def _column_names(header: Iterable[str]) -> tuple[list[str], list[RowProblem]]:
    names: dict[str, None] = {}
    problems: list[RowProblem] = []
    for place, cell in enumerate(header, start=1):
        wanted = " ".join(cell.split()) or f"column {place}"
        name, copies = wanted, 1
        while name in names:
            copies += 1
            name = f"{wanted} {copies}"
        if name != cell.strip():
            problems.append(RowProblem(1, Trouble.COLUMN_NAME, f"{cell.strip()!r} is now {name!r}"))
        names[name] = None
    return list(names), problems


def _why_no_rows(problems: Sequence[RowProblem]) -> str:
    broken = sum(one.kind.leaves_out for one in problems)
    if broken:
        return f"none of its {number(broken, 'row')} can be read (the first problem: {problems[0]})"
    return "it has a header and no rows"
