"""The repair of characters, first version."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from ftfy import TextFixerConfig, fix_text

from sortyard.text.floods import without_floods

MOST_MARKS: Final = 30  # on one letter, as in the Stream-Safe Text Format (Unicode Annex 15)

_TYPED = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2026": "..."}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-")
)
_INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff"))
_CONTROL = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f]")
_FIXES = TextFixerConfig(unescape_html=False, explain=False)


@dataclass(frozen=True, slots=True)
class RepairEncoding1:
    """
    Left directions, private characters and joiners where they were.

    Letters under more marks than any writing has are the one thing that is no longer as it was:
    to sort 200,000 of them took half a minute.
    """

    name: ClassVar[str] = "encoding"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return ()

    def __call__(self, text: str) -> str:
        if not text.isascii():
            plain = text.translate(_TYPED)
            text = plain if plain.isascii() else _repaired(text)
        return _CONTROL.sub("", text) if _CONTROL.search(text) else text


def _repaired(text: str) -> str:
    fixed = fix_text(without_floods(text, most=MOST_MARKS), _FIXES)
    return fixed.translate(_TYPED).translate(_INVISIBLE)
