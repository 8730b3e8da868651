"""Finds the numbers of every country in one pass, and leaves the checks to each."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import ALONE, ENDED, has
from sortyard.text.personal.national_ids.elsewhere import ELSEWHERE
from sortyard.text.personal.national_ids.europe import EUROPEAN
from sortyard.text.personal.national_ids.kind import GAP, NationalId

KINDS: Final = (*EUROPEAN, *ELSEWHERE)

_DIGIT_SOON: Final = "(?=[A-Za-z]{0,6}[ -]?[0-9])"
_NEXT: Final = "[^0-9]?[0-9]"
# Nine digits with at most one sign between two of them; or six and a letter; or eight, a sign and a
# letter; or, in India, five letters and four digits.
_digits_close_together = has(
    f"[0-9](?:(?:{_NEXT}){{5}}(?:[A-Za-z]| [A-D]{ENDED}|(?:{_NEXT}){{2}}(?:[ -][A-Z]|{_NEXT}))"
    "|[0-9]{3}(?<=[A-Z]{5}[0-9]{4}))"
)


@dataclass(frozen=True, slots=True)
class NationalIdFinder:
    """Looks at every place where a number may begin, and asks each kind whether it is one."""

    kinds: Sequence[NationalId]
    beginning: re.Pattern[str]
    may_find: Callable[[str], bool]

    @classmethod
    def of(cls, kinds: Sequence[NationalId]) -> Self:
        """Join the shapes of all kinds."""
        shapes = [one.shape.replace(GAP, f"{GAP}{n}") for n, one in enumerate(kinds)]
        any_shape = "|".join(f"(?:{shape}){ENDED}" for shape in shapes)
        return cls(
            kinds, re.compile(f"{ALONE}{_DIGIT_SOON}(?={any_shape})"), _digits_close_together
        )

    @property
    def entity(self) -> Entity:
        return Entity.NATIONAL_ID

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        start = 0
        while found := self.beginning.search(text, start):
            start = found.start()
            end = max(kind.end(text, start) for kind in self.kinds)
            if end:
                yield start, end
            start = end or start + 1


NATIONAL_ID: Final = NationalIdFinder.of(KINDS)
