"""Files of answers: CSV, JSON lines or Parquet, by the name's ending."""

import csv
import gzip
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias

from sortyard.app.answers import columns, row_of
from sortyard.app.files import replacing
from sortyard.domain.errors import InvalidUsage, MissingExtra, listing
from sortyard.domain.facts import Result, facts_of
from sortyard.domain.taxonomy import Taxonomy

Write: TypeAlias = Callable[[Sequence[Result]], None]
ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet")


def ending_of(path: Path) -> str:
    """Tell the kind of file from its name; `InvalidUsage` where it says nothing."""
    ending = Path(path.name.removesuffix(".gz")).suffix.lower()
    if ending not in ENDINGS or (ending == ".parquet" and path.suffix == ".gz"):
        raise InvalidUsage(
            f"The name {path.name!r} does not say what kind of file to write.",
            f"End it with one of {listing(ENDINGS)}.",
        )
    return ending


@contextmanager
def answer_file(path: Path, taxonomy: Taxonomy, *, release: str) -> Iterator[Write]:
    """
    Lend a function that adds answers to a file; the file appears when the block ends well.

    Raises `InvalidUsage` for a name with another ending, `CannotWrite` where the disk refuses, and
    `MissingExtra` for Parquet where pyarrow is not installed.
    """
    writer = {".jsonl": _objects, ".parquet": _arrow}.get(ending_of(path), _cells)
    with (
        replacing(path) as draft,
        writer(draft, path, taxonomy, release) as write,
    ):
        yield write


@contextmanager
def _objects(draft: Path, path: Path, taxonomy: Taxonomy, release: str) -> Iterator[Write]:
    with _text(draft, path) as stream:

        def write(results: Sequence[Result]) -> None:
            for one in results:
                facts = facts_of(one, taxonomy, release=release)
                stream.write(json.dumps(facts, ensure_ascii=False) + "\n")

        yield write


@contextmanager
def _cells(draft: Path, path: Path, taxonomy: Taxonomy, release: str) -> Iterator[Write]:
    delimiter = "\t" if ending_of(path) == ".tsv" else ","
    with _text(draft, path) as stream:
        table = csv.DictWriter(stream, columns(taxonomy), delimiter=delimiter, lineterminator="\n")
        table.writeheader()
        yield lambda results: table.writerows(
            row_of(one, taxonomy, release=release) for one in results
        )


@contextmanager
def _arrow(draft: Path, _path: Path, taxonomy: Taxonomy, release: str) -> Iterator[Write]:
    try:
        import pyarrow as pa  # noqa: PLC0415 -- only this kind of file needs it
        from pyarrow import parquet  # noqa: PLC0415 -- as above
    except ImportError:
        raise MissingExtra("train", "write a Parquet file") from None
    numbers = {f"{name}_confidence" for name in taxonomy.names}
    schema = pa.schema(
        [(name, pa.float64() if name in numbers else pa.string()) for name in columns(taxonomy)]
    )
    with parquet.ParquetWriter(draft, schema) as file:

        def write(results: Sequence[Result]) -> None:
            rows = [_typed(row_of(one, taxonomy, release=release), numbers) for one in results]
            file.write_table(pa.Table.from_pylist(rows, schema=schema))

        yield write


def _typed(row: Mapping[str, str], numbers: Collection[str]) -> dict[str, str | float | None]:
    """Give empty cells no value, and numbers their type."""
    return {
        name: (float(cell) if name in numbers else cell) if cell else None
        for name, cell in row.items()
    }


def _text(draft: Path, path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(draft, "wt", encoding="utf-8", errors="backslashreplace", newline="")
    return draft.open("w", encoding="utf-8", errors="backslashreplace", newline="")
