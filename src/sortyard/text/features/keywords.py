"""Which of the user's keywords a text has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words and phrases under names; they are found as whole words, whatever their case."""

    patterns: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, Sequence[str]]) -> Self:
        return cls({name: _pattern(phrases) for name, phrases in table.items()})

    def find(self, text: str) -> tuple[str, ...]:
        """Name the keywords of which the text has a word or phrase."""
        return tuple(name for name, pattern in self.patterns.items() if pattern.search(text))


def _pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    written = (r"\s+".join(map(re.escape, phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)
