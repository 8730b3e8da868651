"""Web addresses: with a scheme, with `www.`, or by a domain that is surely one."""

import re
from typing import Final

from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finder import Found, PatternFinder, has

_REST: Final = r"[^\s<>\"'\0]"
_SENTENCE: Final = ".,;:!?*_"  # the punctuation of the sentence that an address stands in
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}

# Where a full stop lacks its blank ("my card.it was"), the name of a country is a word, so only
# domains of everybody's count, and those of a country with its own second level or with a path.
_COMMON: Final = "com|org|net|edu|gov|info|biz"
_SECOND: Final = "com?|org?|net|edu|ac|gov|gob|gouv"
_LABELS: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8}"


def _end(found: Found) -> int:
    """Leave out what belongs to the sentence, and brackets that were opened before."""
    words = found[0]
    unopened = {last: words.count(last) - words.count(first) for last, first in _PAIRS.items()}
    end = len(words)
    while end and (words[end - 1] in _SENTENCE or unopened.get(words[end - 1], 0) > 0):
        end -= 1
        if words[end] in unopened:
            unopened[words[end]] -= 1
    return found.start() + end if end else 0


URL: Final = PatternFinder(
    Entity.URL,
    re.compile(rf"(?<!\w)(?i:https?://|ftp://|www\.){_REST}++"),
    _end,
    lambda text: "://" in text or "www." in text.lower(),
)
DOMAIN: Final = PatternFinder(
    Entity.URL,
    re.compile(
        r"(?<![\w@.-])(?=[A-Za-z0-9-]++\.[A-Za-z0-9])"
        rf"{_LABELS}(?:(?i:{_COMMON}|(?:{_SECOND})\.[a-z]{{2}})(?![\w@-]|\.\w)"
        rf"|[a-z]{{2,24}}(?=/[^\s/]))(?:[/?#]{_REST}*+)?"
    ),
    _end,
    has(r"\.(?<=[A-Za-z0-9-]\.)[A-Za-z]{2}"),
)
