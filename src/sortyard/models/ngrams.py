"""
Word and character n-grams of many texts at once, as 64-bit hashes.

All texts become one array of code points. A prefix sum of a polynomial hash then gives the hash of
any stretch of it by one subtraction, so that n-grams of every order cost a few array operations and
no Python loop. Character n-grams stay inside a word with its surrounding blanks.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]

BLANK = 32
SHORTEST = 3
WORDS = re.compile(r"\w+|[^\w\s]")
# Vowels and tones that stand above, below or beside a letter are part of its word, as in Hindi,
# Thai, Arabic and Hebrew; so are accents of their own. All lie between these two code points.
FIRST_SIGN, LAST_SIGN = 0x300, 0x1AFF
SIGNS = "".join(
    sign
    for sign in map(chr, range(FIRST_SIGN, LAST_SIGN + 1))
    if unicodedata.category(sign) in {"Mn", "Mc"}
)
WORDS_OF_ANY_SCRIPT = re.compile(rf"\w[\w{SIGNS}]*|[^\w\s]")

_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 1 << 64)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MASK = (1 << 64) - 1


def words_of(text: str) -> list[str]:
    """Split a text into words and marks; plain text takes the quicker way to the same end."""
    return (WORDS if text.isascii() else WORDS_OF_ANY_SCRIPT).findall(text)


@dataclass(frozen=True, slots=True)
class Grams:
    """
    N-grams of some texts.

    `hashes` (grams,) and `rows` (grams,) say what was found in which text; `starts` and `ends`
    point into `line`, so that a gram can be read back.
    """

    line: str
    hashes: Hashes
    rows: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def text(self, index: int) -> str:
        """Read one gram back."""
        return self.line[self.starts[index] : self.ends[index]]


@dataclass(frozen=True, slots=True)
class NgramOrders:
    """
    Which n-grams are taken: up to `words` in a row, and characters within a word.

    A stretch of two characters can be nothing but the gap between two texts, so the shortest has
    three.
    """

    words: int = 2
    shortest: int = 3
    longest: int = 5

    def __post_init__(self) -> None:
        if not (self.words >= 1 and SHORTEST <= self.shortest <= self.longest):
            raise ValueError(f"{self} takes no n-grams that can be told apart")

    def find(self, texts: Sequence[str]) -> Grams:
        """List all n-grams of these texts; equal words give equal grams whatever their case."""
        lines = [" ".join(words_of(text.lower())) for text in texts]
        line = f" {'  '.join(lines)} "  # two blanks between texts: no word pair crosses them
        codes = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        row_of = np.repeat(np.arange(len(lines), dtype=np.int32), [len(one) + 2 for one in lines])
        is_blank = codes == BLANK
        spans = [*self._word_spans(is_blank, row_of), *self._character_spans(is_blank)]
        starts = np.concatenate([start for start, _ in spans])
        ends = np.concatenate([end for _, end in spans])
        return Grams(
            line=line,
            hashes=_hash_spans(codes, starts, ends),
            rows=row_of[starts],
            starts=starts,
            ends=ends,
        )

    def _word_spans(
        self, is_blank: NDArray[np.bool_], row_of: NDArray[np.int32]
    ) -> list[tuple[NDArray[np.int32], NDArray[np.int32]]]:
        edges = np.flatnonzero(is_blank[1:] != is_blank[:-1]).astype(np.int32) + 1
        starts, ends = edges[0::2], edges[1::2]
        spans = [(starts, ends)]
        for count in range(2, self.words + 1):
            first, last = starts[: 1 - count], ends[count - 1 :]
            together = row_of[first] == row_of[last - 1]
            spans.append((first[together], last[together]))
        return spans

    def _character_spans(
        self, is_blank: NDArray[np.bool_]
    ) -> list[tuple[NDArray[np.int32], NDArray[np.int32]]]:
        # A window qualifies when only its first and last place may be blank.
        blanks_before = np.concatenate(([0], np.cumsum(is_blank, dtype=np.int32)))
        spans = []
        for size in range(self.shortest, self.longest + 1):
            starts = np.arange(max(len(is_blank) - size + 1, 0), dtype=np.int32)
            inner = blanks_before[starts + size - 1] == blanks_before[starts + 1]
            starts = starts[inner]
            spans.append((starts, starts + np.int32(size)))
        return spans


def _hash_spans(
    codes: NDArray[np.uint32], starts: NDArray[np.int32], ends: NDArray[np.int32]
) -> Hashes:
    """Hash `codes[start:end]` for every pair, wherever the stretch lies."""
    powers, inverses = _powers(len(codes))
    mixed = (codes.astype(np.uint64) + np.uint64(1)) * _MIX
    mixed ^= mixed >> np.uint64(29)
    prefix = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(mixed * powers, out=prefix[1:])
    hashes: Hashes = (prefix[ends] - prefix[starts]) * inverses[starts]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    return hashes


def _powers(count: int) -> tuple[Hashes, Hashes]:
    powers = np.full(count, _BASE, dtype=np.uint64)
    inverses = np.full(count, _INVERSE & _MASK, dtype=np.uint64)
    powers[:1] = inverses[:1] = 1
    return np.cumprod(powers, dtype=np.uint64), np.cumprod(inverses, dtype=np.uint64)
