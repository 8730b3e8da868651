"""Columns as Parquet keeps them."""

from sortyard.data.cells import Cell
from sortyard.data.json_lines import as_cell
from sortyard.domain.errors import MissingExtra, UnreadableArchive

MAGIC = b"PAR1"


def read_parquet(raw: bytes, source: str) -> list[tuple[str, tuple[Cell, ...]]]:
    """Read every column with its name; dates become text, and lists become lists of texts."""
    try:
        from pyarrow import ArrowException, BufferReader, parquet  # noqa: PLC0415 -- an extra
    except ModuleNotFoundError:
        raise MissingExtra("train", "read Parquet files") from None
    try:
        table = parquet.read_table(BufferReader(raw))
    except (ArrowException, OSError):
        raise UnreadableArchive(source, "it is a damaged Parquet file") from None
    return [
        (name, tuple(as_cell(value) for value in column.to_pylist()))
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
