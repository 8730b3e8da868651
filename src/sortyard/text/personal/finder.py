"""
What finds personal data in a text, and the usual way to do it: a pattern with a check.

Patterns take time in proportion to the text: they start where a word starts, never go back over
what they have taken, and read no further than the longest thing of their kind.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from sortyard.text.personal.entities import Entity

FILLER: Final = "\0"  # stands for what was found already; no pattern takes it
ALONE: Final = r"(?<![0-9A-Za-z])"  # nothing of a word before it
ENDED: Final = r"(?![0-9A-Za-z])"  # nor after it

Found: TypeAlias = re.Match[str]


class Finder(Protocol):
    """Finds things of one kind."""

    @property
    def entity(self) -> Entity: ...

    def may_find(self, text: str) -> bool:
        """Tell at next to no cost that there is nothing; never wrong about that."""
        ...

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give the start and the end of each, in the order of the text, none over another."""
        ...


@dataclass(frozen=True, slots=True)
class PatternFinder:
    """
    Finds what a pattern matches and a check accepts.

    `end` says where the thing really ends, and 0 where it only looked like one. `may_find` is the
    pre-filter.
    """

    entity: Entity
    pattern: re.Pattern[str]
    end: Callable[[Found], int]
    may_find: Callable[[str], bool]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        start = 0
        while found := self.pattern.search(text, start):
            end = self.end(found)
            if end:
                yield found.start(), end
            start = end or found.start() + 1


def has(pattern: str) -> Callable[[str], bool]:
    """Make the pre-filter that looks for a pattern; one that begins with a character is quick."""
    searched = re.compile(pattern)
    return lambda text: searched.search(text) is not None


# No telephone, card or account number has fewer digits, or more between two of them.
long_number = has("[0-9](?:[^0-9]{0,3}[0-9]){6}")
