"""What makes mails large and says nothing: pictures written as text, style sheets, scripts."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

LONG: Final = 100_000  # characters; below that there is room for all of it
UNSEEN: Final = ("head", "script", "style", "template", "noscript", "svg", "title")

_OPENING: Final = re.compile(rf"<(?:!--|({'|'.join(UNSEEN)})(?=[\s>]))", re.IGNORECASE)
_INLINE_FILE: Final = re.compile(r"data:[\w/+.;=-]{0,99};base64,[A-Za-z0-9+/=]+")
_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Ballast:
    """
    Makes long texts lighter by what no reader sees, so that a window keeps words instead of it.

    A short text is left to the links that know better what it is.
    """

    name: ClassVar[str] = "ballast"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return ()

    def __call__(self, text: str) -> str:
        if len(text) < LONG:
            return text
        return without_files(without_unseen(text) if "<" in text else text)


def without_files(text: str) -> str:
    """Cut out files that are written into a link as text."""
    return _INLINE_FILE.sub("", text) if ";base64," in text else text


def without_unseen(html: str) -> str:
    """Cut out comments, scripts and styles; what never closes is left to the parser."""
    lower = html.lower() if html.isascii() else ascii_lower(html)
    kept: list[str] = []
    start = 0
    while opening := _OPENING.search(html, start):
        closing = f"</{opening[1].lower()}" if opening[1] else "-->"
        end = lower.find(closing, opening.end())
        if end < 0:
            break
        kept.append(html[start : opening.start()])
        start = lower.find(">", end) + 1 or len(html)
    return "".join((*kept, html[start:]))


def ascii_lower(text: str) -> str:
    """Lower ASCII letters only, as `str.lower` may change the length of a text."""
    return text.translate(_LOWER)
