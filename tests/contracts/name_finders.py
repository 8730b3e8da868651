"""The contract of `sortyard.text.personal.names.NameFinder`, and one in memory."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sortyard.text.personal.entities import Entity, Span
from sortyard.text.personal.names import NameFinder


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Finds the words that it was given, wherever they stand."""

    known: Mapping[str, Entity]

    def find(self, text: str) -> Iterable[Span]:
        words = "|".join(map(re.escape, self.known))
        found = re.finditer(rf"(?<!\w)(?:{words})(?!\w)", text) if words else ()
        return [Span(one.start(), one.end(), self.known[one[0]]) for one in found]


def check_name_finder(finder: NameFinder, text: str) -> None:
    """Whatever the text: only names and places, within it, in order, apart, and the same again."""
    found = list(finder.find(text))

    places = [place for span in found for place in (span.start, span.end)]
    assert places == sorted(places)
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert all(span.entity.needs_a_model for span in found)
    assert list(finder.find(text)) == found
