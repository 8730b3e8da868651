"""Emoji as words, for models that were never shown the pictures."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final
from unicodedata import name as name_of

EMOJI: Final = ("keep", "name")

_FLAG: Final = "[\U0001f1e6-\U0001f1ff]"
_PICTURE: Final = (
    "[\u231a\u231b\u23e9-\u23f3\u25fd\u25fe\u2600-\u27bf\u2b50\u2b55\U0001f004\U0001f0cf"
    "\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f251\U0001f300-\U0001f3fa"
    "\U0001f400-\U0001faff]"
)
_DRESS: Final = "[\ufe0f\U0001f3fb-\U0001f3ff\u20e3]*"  # colours of skin, and how it is drawn
_EMOJI: Final = re.compile(
    f" ?(?:({_FLAG}{_FLAG})|({_PICTURE}{_DRESS}(?:\u200d{_PICTURE}{_DRESS})*)\\2*) ?"
)
_PARTS: Final = re.compile(_PICTURE)
_FIRST_FLAG: Final = 0x1F1E6


@dataclass(frozen=True, slots=True)
class NamedEmoji:
    """Writes the name of every emoji in its place, in brackets; of a row of the same one, once."""

    name: ClassVar[str] = "emoji"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return ()

    def __call__(self, text: str) -> str:
        return text if text.isascii() else _EMOJI.sub(_named, text).strip(" ")


def _named(emoji: re.Match[str]) -> str:
    flag: str | None = emoji[1]
    if flag:
        letters = "".join(chr(ord("A") + ord(one) - _FIRST_FLAG) for one in flag)
        return f" (flag {letters}) "
    names = (name_of(part, "").lower() for part in _PARTS.findall(emoji[2]))
    words = ", ".join(dict.fromkeys(filter(None, names)))
    whole: str = emoji[0]
    return f" ({words}) " if words else whole
