"""What a text looks like before it is prepared: its markup, its marks and its lines."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from sortyard.text.features.words import MOST

_HTML: Final = re.compile(
    r"<(?:/?(?:p|div|a|b|i|span|font|table|td|li|body|html)|br)[\s/>]", re.IGNORECASE
)
_MARKDOWN: Final = re.compile(r"^#{1,6} \S|^(?:```|~~~)|\*\*\S|\]\(https?:", re.MULTILINE)
_CODE: Final = re.compile(
    r"^(?:```|~~~)|^Traceback |^\s{1,8}at [\w.$<>]+\(|[;{}][ \t]*$", re.MULTILINE
)
_QUOTE: Final = re.compile(r"^[ \t]{0,3}>", re.MULTILINE)
_LIST: Final = re.compile(r"^[ \t]{0,8}(?:[-*•]|\d{1,3}[.)])[ \t]+\S", re.MULTILINE)
_LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
_ITEMS = 2  # make a list
_LETTERS = 10  # fewer capitals shout at nobody


def _is_shouted(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return len(letters) >= _LETTERS and 2 * capitals > len(letters)


def _has(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.search(text) is not None


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "html": _has(_HTML),
    "markdown": _has(_MARKDOWN),
    "code": _has(_CODE),
    "quote": _has(_QUOTE),
    "list": lambda text: len(_LIST.findall(text)) >= _ITEMS,
    "link": _has(_LINK),
    "capitals": _is_shouted,
    "exclamation": lambda text: "!" in text,
    "question": lambda text: "?" in text,
    "lines": lambda text: "\n" in text.strip(),
}
FORMATS: Final = tuple(_CHECKS)


def formats(text: str) -> tuple[str, ...]:
    """Name what the beginning of a text as it came in has of FORMATS."""
    seen = text[:MOST]
    return tuple(name for name, holds in _CHECKS.items() if holds(seen))
