"""What a message says under each feature that was declared: values, a number, or nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Final, TypeAlias

from sortyard.data.cells import Cell, as_number, as_text, as_time, is_empty
from sortyard.domain.features import NOTHING_DECLARED, ColumnKind, Declaration, Measure
from sortyard.domain.messages import Message
from sortyard.text.features.formality import formality
from sortyard.text.features.formats import FORMATS, formats
from sortyard.text.features.keywords import Keywords
from sortyard.text.features.readability import lix
from sortyard.text.features.words import Words

Fact: TypeAlias = tuple[str, ...] | float | None
"""The values that a message has under a feature, its number, or None where it says nothing."""
Facts: TypeAlias = tuple[Fact, ...]

USUAL: Final = 0.95  # of the training messages: what so many say, a message should say
LONGEST: Final = 200  # characters of a value; what differs behind them is no category
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_DAY: Final = 3  # 1970 began on a Thursday
HOUR, DAY = 3_600, 86_400  # seconds
TRUTHS: Final = frozenset({"true", "false"})


@dataclass(frozen=True, slots=True)
class Heading:
    """
    One feature: its name, what stands between that and a value, and the values known beforehand.

    `values` is None where they are learnt, `column` where it is none of the metadata.
    """

    name: str
    mark: str = "="
    values: tuple[str, ...] | None = None
    is_number: bool = False
    column: str | None = None


@dataclass(frozen=True, slots=True)
class FactReader:
    """Reads messages by a declaration; whatever their metadata hold, nothing is raised."""

    declared: Declaration = NOTHING_DECLARED
    _keywords: Keywords = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keywords", Keywords.of(self.declared.keywords))

    def headings(self) -> tuple[Heading, ...]:
        """List the features, in the order of what `read` gives."""
        found = [one for column in self.declared.metadata.items() for one in _headings(*column)]
        for measure in self.declared.measures:
            is_format = measure is Measure.FORMAT
            found.append(
                Heading("format", ":", FORMATS) if is_format else Heading(measure, is_number=True)
            )
        if self.declared.keywords:
            found.append(Heading("keyword", ":", tuple(self.declared.keywords)))
        return tuple(found)

    def read(self, message: Message, text: str) -> Facts:
        """Read a message; `text` is what preparation left of it for the models."""
        return (
            *self._of_metadata(message.metadata),
            *self._of_measures(message.whole, text),
            *((self._keywords.find(text),) if self.declared.keywords else ()),
        )

    def _of_metadata(self, metadata: Mapping[str, object]) -> Iterator[Fact]:
        for column, kind in self.declared.metadata.items():
            cell = _cell(metadata.get(column))
            match kind:
                case ColumnKind.TIME:
                    yield from _time(cell)
                case ColumnKind.NUMBER:
                    yield _number(cell)
                case ColumnKind.LIST:
                    parts = () if cell is None else as_text(cell).split(",")
                    yield tuple(dict.fromkeys(_value(part) for part in parts if part.strip()))
                case ColumnKind.CATEGORY:
                    yield () if cell is None else (_value(cell),)

    def _of_measures(self, raw: str, text: str) -> Iterator[Fact]:
        words = Words.of(text) if self.declared.measures else Words((), 0)
        for measure in self.declared.measures:
            match measure:
                case Measure.FORMAT:
                    yield formats(raw)
                case Measure.LENGTH:
                    yield float(len(text))
                case Measure.READABILITY:
                    yield lix(words)
                case Measure.FORMALITY:
                    yield formality(text, words)


def usual_columns(headings: Sequence[Heading], facts: Sequence[Facts]) -> tuple[str, ...]:
    """Find the columns of the metadata in which nearly every message says something."""
    columns = [heading.column for heading in headings]
    said: Counter[str | None] = Counter()
    for row in facts:
        said.update({one for one, fact in zip(columns, row, strict=True) if fact not in {(), None}})
    known = dict.fromkeys(column for column in columns if column is not None)
    return tuple(one for one in known if said[one] >= USUAL * len(facts) > 0)


def _headings(column: str, kind: ColumnKind) -> Iterator[Heading]:
    if kind is ColumnKind.TIME:
        yield Heading(f"{column} weekday", values=DAYS, column=column)
        yield Heading(f"{column} hour", is_number=True, column=column)
    else:
        yield Heading(column, is_number=kind is ColumnKind.NUMBER, column=column)


def _cell(value: object) -> Cell:
    """Take what can stand in a cell, and its beginning where it is long; None for all else."""
    if isinstance(value, str):
        value = value[:LONGEST]
    elif isinstance(value, tuple | list):
        value = ", ".join(one for one in value if isinstance(one, str))[:LONGEST]
    elif isinstance(value, float):
        value = value if isfinite(value) else None
    elif not isinstance(value, int) or abs(value) >= 1 << 63:
        return None
    return None if is_empty(value) else value


def _value(cell: Cell) -> str:
    """Write a value in one way, whether a file has it as a number or truth, or as text."""
    if isinstance(cell, bool):
        return str(cell).lower()
    number = as_number(cell)
    words = as_text(cell if number is None else number).strip()
    return words.lower() if words.lower() in TRUTHS else words


def _number(cell: Cell) -> float | None:
    number = as_number(int(cell) if isinstance(cell, bool) else cell)
    return None if number is None or not isfinite(number) else float(number)


def _time(cell: Cell) -> tuple[Fact, Fact]:
    """Tell the weekday and the hour, both UTC; a date alone has no hour."""
    seconds = as_time(cell)
    if not isfinite(seconds):
        return (), None
    has_hour = not isinstance(cell, str) or ":" in cell or as_number(cell) is not None
    day = DAYS[int(seconds // DAY + FIRST_DAY) % len(DAYS)]
    return (day,), float(seconds % DAY // HOUR) if has_hour else None
