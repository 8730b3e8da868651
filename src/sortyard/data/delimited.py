"""CSV and its relatives, as people and spreadsheets really write them."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sortyard.data.problems import RowProblem, Trouble
from sortyard.domain.errors import UnreadableArchive, number

if TYPE_CHECKING:  # the type has no name at run time
    from _csv import Reader

_DELIMITERS: Final = (",", ";", "\t", "|")
_NO_DELIMITER: Final = "\x1f"  # for a file of one column, whose cells may hold any of the above
_SAMPLE_LINES: Final = 500
_STATED = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # Excel's own first line
_MOST_OPEN_QUOTES: Final = 100
_SURE_LINES: Final = 3  # lines inside one cell that look like rows
_SURE_LINES_IN_PAIRS: Final = 10  # the same for two columns, as prose often has one comma a line


@dataclass(frozen=True, slots=True)
class Shape:
    """How the cells of a file are told apart."""

    delimiter: str
    quoted: bool
    width: int

    def rows(self, lines: Sequence[str], *, strict: bool = False) -> "Reader":
        if self.quoted:
            return csv.reader(lines, delimiter=self.delimiter, strict=strict)
        return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)


@dataclass(frozen=True, slots=True)
class Grid:
    """The header, the rows with as many cells as it, and the lines on which they start."""

    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    problems: list[RowProblem]


def read_delimited(text: str, source: str) -> Grid:
    """Find the delimiter, and read every row; the first line that is not blank is the header."""
    lines = list(io.StringIO(text, newline=""))  # keeps \r\n, splits at nothing else odd
    first = _first_filled(lines, 0)
    stated = _STATED.fullmatch(lines[first]) if first < len(lines) else None
    if stated:
        first = _first_filled(lines, first + 1)
    with _long_cells_allowed():
        shape = _shape(lines[first : first + _SAMPLE_LINES], stated[1] if stated else None)
        return _grid(lines, first, shape, source)


def _first_filled(lines: Sequence[str], start: int) -> int:
    """Find the next line that is not blank; the number of lines if there is none."""
    return next((at for at in range(start, len(lines)) if lines[at].strip()), len(lines))


def _grid(lines: list[str], first: int, shape: Shape, source: str) -> Grid:
    problems: list[RowProblem] = []
    read = _rows(lines, first, shape, problems, source)
    _, header = next(read, (0, []))
    width = len(header)
    grid = Grid(tuple(header), [], [], problems)
    for line, cells in read:
        # A blank line is no row; one of delimiters only is, with nothing in it.
        if not any(cells) and (len(cells) < width or width == 1):
            continue
        extra = cells[width:]
        if len(cells) < width or any(extra):
            about = f"{number(len(cells), 'cell')}, {number(width, 'column')}"
            problems.append(RowProblem(line, Trouble.WRONG_CELL_COUNT, about))
            continue
        grid.rows.append(cells[:width] if extra else cells)
        grid.lines.append(line)
    return grid


def _rows(
    lines: list[str], skipped: int, shape: Shape, problems: list[RowProblem], source: str
) -> Iterator[tuple[int, list[str]]]:
    """
    Yield each row with the line it starts on, past quotes that open and never close.

    Such a quote swallows the rows below it. Its own line is read with quotes as letters, and what
    is below it again.
    """
    position, opened = skipped, 0
    while position < len(lines):
        reader, start = shape.rows(lines[position:]), position
        for cells in reader:
            end = position + reader.line_num
            if end - start > 1 and _swallowed(lines[start:end], cells, shape, end == len(lines)):
                problems.append(RowProblem(start + 1, Trouble.OPEN_QUOTE))
                yield start + 1, next(replace(shape, quoted=False).rows([lines[start]]))
                break
            yield start + 1, cells
            start = end
        else:
            return
        position, opened = start + 1, opened + 1
        if opened > _MOST_OPEN_QUOTES:
            raise UnreadableArchive(source, f"quotes open and never close on {opened} lines")


def _swallowed(span: list[str], cells: list[str], shape: Shape, is_last: bool) -> bool:  # noqa: FBT001 -- private
    """Tell whether a row over several lines is in truth several rows and a stray quote."""
    if is_last:
        try:
            list(shape.rows(span, strict=True))
        except csv.Error as error:
            if "end of data" in str(error):
                return True
    inside = [line for line in span[1:-1] if line.strip()]
    like_rows = sum(len(next(shape.rows([line]), [])) == shape.width for line in inside)
    if len(cells) != shape.width:
        return bool(inside) and like_rows * 2 > len(inside)
    sure = _SURE_LINES_IN_PAIRS if shape.width == 2 else _SURE_LINES  # noqa: PLR2004 -- a pair
    return shape.width > 1 and len(inside) >= sure and like_rows == len(inside)


def _shape(sample: list[str], stated: str | None) -> Shape:
    """Choose the delimiter with which the most lines have as many cells as the header."""
    candidates = [stated] if stated else list(_DELIMITERS)
    shapes = [
        Shape(delimiter, quoted, width)
        for delimiter in candidates
        for quoted in (True, False)
        if (width := _width(sample, delimiter, quoted=quoted)) > 1
    ]
    if not shapes:
        return Shape(stated or _NO_DELIMITER, quoted=True, width=1)
    fits = {shape: _fit(sample, shape) for shape in shapes}
    quoted = [shape for shape in shapes if shape.quoted]
    best = max(quoted or shapes, key=lambda shape: (round(fits[shape], 1), shape.width))
    bare = Shape(best.delimiter, quoted=False, width=_width(sample, best.delimiter, quoted=False))
    if fits.get(bare, 0.0) > fits[best] and _quotes_are_letters(sample, bare):
        return bare
    return best


def _width(sample: list[str], delimiter: str, *, quoted: bool) -> int:
    return len(next(Shape(delimiter, quoted, 0).rows(sample), []))


def _fit(sample: list[str], shape: Shape) -> float:
    """Measure the share of lines that belong to rows as wide as the header."""
    reader = shape.rows(sample)
    start, fitting = 0, 0
    for cells in reader:
        if len(cells) == shape.width:
            fitting += reader.line_num - start
        start = reader.line_num
    return fitting / max(len(sample), 1)


def _quotes_are_letters(sample: list[str], bare: Shape) -> bool:
    """Tell whether cells that start with a quote mostly end without one."""
    opening = [cell for cells in bare.rows(sample) for cell in cells if cell.startswith('"')]
    closed = [cell for cell in opening if len(cell) > 1 and cell.endswith('"')]
    return len(closed) * 2 < len(opening)


@contextmanager
def _long_cells_allowed() -> Iterator[None]:
    """Lift the csv module's limit of 131,072 characters a cell for a while."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


_LONGEST_CELL: Final = 2**31 - 1
