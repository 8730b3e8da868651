"""What a column looks like from outside: its name, and the shape of its cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final, Self

from sortyard.data.cells import Cell, as_number, as_text, as_time, is_empty

_ROWS_READ: Final = 20_000  # spread over the file; enough for any share below
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """
    Figures of one column.

    `filled`, `numbers`, `times` and `lists` are shares of cells between 0 and 1, the last three of
    those that are filled; `chars` and `words` are means over filled cells, or entries of lists.
    """

    column: str
    name: tuple[str, ...]
    rows: int
    filled: float
    distinct: int
    chars: float
    words: float
    numbers: float
    times: float
    lists: float

    @classmethod
    def of(cls, column: str, cells: Sequence[Cell]) -> Self:
        """Look at a column, at no more than some ten thousand rows spread over it."""
        sample = cells[:: max(1, len(cells) // _ROWS_READ)]
        filled = [cell for cell in sample if not is_empty(cell)]
        texts = [
            text
            for cell in filled
            for text in (cell if isinstance(cell, tuple) else (as_text(cell),))
        ]
        count = max(len(filled), 1)
        dated = filled[:: max(1, len(filled) // _DATES_READ)]
        return cls(
            column=column,
            name=words_of(column),
            rows=len(sample),
            filled=len(filled) / max(len(sample), 1),
            distinct=len(set(texts)),
            chars=sum(map(len, texts)) / max(len(texts), 1),
            words=sum(text.count(" ") + 1 for text in texts) / max(len(texts), 1),
            numbers=sum(as_number(cell) is not None for cell in filled) / count,
            times=sum(not isnan(as_time(cell)) for cell in dated) / max(len(dated), 1),
            lists=sum(isinstance(cell, tuple) for cell in filled) / count,
        )

    @property
    def distinct_share(self) -> float:
        """How many of the filled cells differ, between 0 and 1."""
        return self.distinct / max(self.rows * self.filled, 1.0)

    def is_named(self, words: frozenset[str]) -> bool:
        """Whether the column's name has one of these words, in singular or plural."""
        return any(_singular(word) in words for word in self.name)

    @property
    def noun(self) -> str:
        """The last word of the name: of `ticket_type` it is `type`."""
        return _singular(self.name[-1]) if self.name else ""


_DATES_READ: Final = 500


def words_of(column: str) -> tuple[str, ...]:
    """Split a column's name: `Sub-product`, `subProduct` and `SUB_PRODUCT2` are `sub product`."""
    return tuple(word.lower() for word in _WORD.findall(column))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word
