"""The words and sentences of a text, as the measures count them."""

import re
from dataclasses import dataclass
from typing import Final, Self

MOST: Final = 20_000  # characters that are looked at: a measure of the rest would be the same
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_END: Final = re.compile(r"[.!?\u2026\u3002\uff01\uff1f]+(?=\s|$)|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in small letters, and in how many sentences they stand."""

    words: tuple[str, ...]
    sentences: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Count; a text with a word has a sentence, even where nothing ends it."""
        seen = text[:MOST]
        words = tuple(word.lower() for word in _WORD.findall(seen))
        ends = sum(1 for part in _END.split(seen) if _WORD.search(part))
        return cls(words, ends)
