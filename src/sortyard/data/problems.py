"""What is wrong with single rows of a file, said with the line and what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sortyard.domain.errors import listing

SHOWN_LINES = 5


class Trouble(StrEnum):
    """The ways in which a row can be wrong."""

    WRONG_CELL_COUNT = "wrong-cell-count"
    OPEN_QUOTE = "open-quote"
    NOT_AN_OBJECT = "not-an-object"
    REPAIRED_ENCODING = "repaired-encoding"
    COLUMN_NAME = "column-name"
    EMPTY_TEXT = "empty-text"
    NOTHING_TO_READ = "nothing-to-read"
    LONG_TEXT = "long-text"
    EMPTY_LABEL = "empty-label"
    UNKNOWN_LABEL = "unknown-label"
    RENAMED_LABEL = "renamed-label"
    SEVERAL_LABELS = "several-labels"
    EMPTY_ID = "empty-id"
    DUPLICATE_ID = "duplicate-id"
    LABELLED_AGAIN = "labelled-again"
    UNREADABLE_TIME = "unreadable-time"
    EMPTY_GROUP = "empty-group"

    @property
    def noun(self) -> str:
        """What is counted."""
        return _NOUNS.get(self, "row")

    @property
    def leaves_out(self) -> bool:
        """Whether the row is not among the examples at all."""
        return self in _LEFT_OUT

    @property
    def meaning(self) -> str:
        """What happened, and to what."""
        return _MEANINGS[self][0]

    @property
    def remedy(self) -> str:
        """What the owner of the file can do."""
        return _MEANINGS[self][1]


_MEANINGS = {
    Trouble.WRONG_CELL_COUNT: (
        "the row has more or fewer cells than the header; it was left out",
        'Put cells that hold a delimiter into double quotes, and write a quote inside as "".',
    ),
    Trouble.OPEN_QUOTE: (
        "a quote opens a cell and never closes; it was read as a letter",
        'Put the cell into double quotes, and write a quote inside as "".',
    ),
    Trouble.NOT_AN_OBJECT: (
        "the line is not a JSON object; it was left out",
        "Write one JSON object a line.",
    ),
    Trouble.REPAIRED_ENCODING: (
        "the line is not UTF-8 like the rest; it was read as Windows-1252 and kept",
        "Check its accented letters; export the file as UTF-8.",
    ),
    Trouble.COLUMN_NAME: (
        "a column has no name, or that of another column; it was given one",
        "Give every column a name of its own.",
    ),
    Trouble.EMPTY_TEXT: (
        "the text is empty; the row was left out",
        "Fill the text, or name the right column with `--text COLUMN`.",
    ),
    Trouble.NOTHING_TO_READ: (
        "the text is empty; the message goes to a person",
        "Fill the text, or name the right column with `--text COLUMN`.",
    ),
    Trouble.LONG_TEXT: (
        "the text is far too long for a message; only its beginning and its end are read",
        "Check that the cell is one message, and not a log or an attachment.",
    ),
    Trouble.EMPTY_LABEL: (
        "the label is empty; the row does not count for this dimension",
        "Label the row; without any label, it teaches only where labels have few messages.",
    ),
    Trouble.UNKNOWN_LABEL: (
        "the taxonomy does not have the label; the row does not count for this dimension",
        "Correct the label, or add it to taxonomy.yaml.",
    ),
    Trouble.RENAMED_LABEL: (
        "the label's name holds a '/', which is read as a part of it; '-' stands in for it",
        "Nothing, if that is one name; if these are levels, write the tree into taxonomy.yaml.",
    ),
    Trouble.SEVERAL_LABELS: (
        "the row has several labels where the taxonomy allows one; it does not count there",
        "Keep one label, or make the dimension `kind: multi`.",
    ),
    Trouble.EMPTY_ID: (
        "the id is empty; the row was given one",
        "Fill the id, or name another column.",
    ),
    Trouble.DUPLICATE_ID: (
        "the id was used by a row above; a number was added to it",
        "Give every row an id of its own.",
    ),
    Trouble.LABELLED_AGAIN: (
        "the message stands in a file before with another label; the one in this file counts",
        "Nothing, if it was labelled anew; else give different messages different ids.",
    ),
    Trouble.UNREADABLE_TIME: (
        "the time cannot be read; a split by time keeps the row in the training part",
        "Write dates like 2024-03-31 or 2024-03-31T12:00:00Z.",
    ),
    Trouble.EMPTY_GROUP: (
        "the group is empty; the row is a group of its own",
        "Fill the group column where rows belong together.",
    ),
}

_NOUNS = {Trouble.COLUMN_NAME: "column", Trouble.RENAMED_LABEL: "label"}

_LEFT_OUT = {
    Trouble.WRONG_CELL_COUNT,
    Trouble.NOT_AN_OBJECT,
    Trouble.EMPTY_TEXT,
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """
    One thing that is wrong with one row.

    `line` counts from 1, with the header; in a Parquet file it is the row's number. `about` says
    which column, label or id, and never quotes the text of a message.
    """

    line: int
    kind: Trouble
    about: str = ""

    @property
    def remedy(self) -> str:
        return self.kind.remedy

    def __str__(self) -> str:
        where = f"line {self.line}: {self.kind.meaning}"
        return f"{where} ({self.about})" if self.about else where


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """
    How often one kind of problem occurs, and the first lines where it does.

    In a folder of mails a line is the number of a mail, and `files` names every one of them.
    """

    kind: Trouble
    count: int
    lines: tuple[int, ...]
    about: str
    files: tuple[str, ...] = ()

    @property
    def remedy(self) -> str:
        return self.kind.remedy

    @property
    def how_many(self) -> str:
        """How often it occurs, as `1 row`."""
        return f"{self.count:,} {self.kind.noun}{'s' if self.count > 1 else ''}"

    @property
    def where(self) -> str:
        """Where to look, as `lines 3, 8`, or the names of files."""
        if self.files:
            return listing(self.files, limit=SHOWN_LINES)
        lines = ", ".join(str(line) for line in self.lines)
        more = ", …" if self.count > len(self.lines) else ""
        return f"{'lines' if len(self.lines) > 1 else 'line'} {lines}{more}"

    def __str__(self) -> str:
        about = f"; {self.about}" if self.about else ""
        return f"{self.how_many}: {self.kind.meaning} ({self.where}{about})."


def counted(
    problems: Iterable[RowProblem], files: Mapping[int, str] | None = None
) -> tuple[ProblemCount, ...]:
    """Count the problems by kind, most frequent first; `files` names those that lines stand for."""
    by_kind: dict[Trouble, list[RowProblem]] = {}
    for problem in problems:
        by_kind.setdefault(problem.kind, []).append(problem)
    counts = (_count(kind, found, files or {}) for kind, found in by_kind.items())
    return tuple(sorted(counts, key=lambda one: (-one.count, one.kind)))


def _count(kind: Trouble, found: list[RowProblem], files: Mapping[int, str]) -> ProblemCount:
    lines = tuple(dict.fromkeys(one.line for one in found))
    return ProblemCount(
        kind=kind,
        count=len(found),
        lines=lines[:SHOWN_LINES],
        about=found[0].about,
        files=tuple(files[line] for line in lines if line in files),
    )
