"""E-mail addresses."""

import re
from typing import Final

from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import Found, PatternFinder

_LOCAL: Final = r"[\w.!#$%&*+^~-]"  # what stands before the @; quoted ones are nobody's
_LABEL: Final = re.compile(r"\.(?=[^\W\d_])[\w-]+")


def _end(found: Found) -> int:
    """Take the domain up to its last label that begins with a letter: `lib@2.1` has none."""
    end = 0
    for label in _LABEL.finditer(found[0], found[0].index("@")):
        end = found.start() + label.end()
    return end


EMAIL: Final = PatternFinder(
    Entity.EMAIL,
    re.compile(rf"(?<!{_LOCAL}){_LOCAL}++@[\w-]++(?:\.[\w-]++)++"),
    _end,
    lambda text: "@" in text,
)
