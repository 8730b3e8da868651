"""Undo what computers did to the characters, and leave what people wrote."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final
from unicodedata import normalize

from ftfy import TextFixerConfig, fix_text

from sortyard.text.floods import without_floods

FORMS: Final = ("nfc", "nfkc")
MOST_MARKS: Final = 5  # on one letter; Vietnamese has two, Hebrew with its accents four

# What a word processor types for a person; no wrong decoding consists of these alone.
_TYPED = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2026": "..."}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-")
)
# What takes no room on a page: hyphens that may be, marks that say in which direction to read,
# fillers, tags, and the selectors of glyphs but for the one of emoji.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Joiners belong to emoji and to scripts from Hebrew on; between Latin letters they only hide.
_JOINER: Final = re.compile(
    "[\u200c\u200d]{2,}|(?<![\u0590-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\U0010ffff])"
)
_PRIVATE: Final = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]+")
# A terminal's colour codes, and characters that no keyboard makes.
_CONTROL = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f]")
# Entities are the business of the next link, which knows whether it reads HTML.
_FIXES = TextFixerConfig(unescape_html=False, explain=False)

_LONG_BLANKS = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\s*\n\s*\n\s*")
_LINE_EDGES = re.compile(r"[^\S\n]*\n[^\S\n]*")


@dataclass(frozen=True, slots=True)
class RepairEncoding:
    """
    Turns `schÃ¶n` back into `schön`, and drops what cannot be seen.

    Curly quotes and long dashes become plain ones, and composed characters take one form: `nfc`,
    or `nfkc`, which also makes plain letters of styled ones. Control characters, marks of reading
    direction, zero-width characters, private ones, halves of surrogate pairs and piles of marks on
    one letter go. The repair itself is ftfy's (Speer 2019, doi:10.5281/zenodo.2591652); plain
    ASCII never reaches it.
    """

    form: str = "nfc"

    name: ClassVar[str] = "encoding"
    version: ClassVar[int] = 2

    def problems(self) -> tuple[str, ...]:
        if self.form in FORMS:
            return ()
        return (f"encoding: form is one of {', '.join(FORMS)}, not {self.form!r}",)

    def __call__(self, text: str) -> str:
        if not text.isascii():
            plain = text.translate(_TYPED)
            text = plain if plain.isascii() else self._repaired(text)
        return _CONTROL.sub("", text) if _CONTROL.search(text) else text

    def _repaired(self, text: str) -> str:
        text = fix_text(without_floods(text, most=MOST_MARKS), _FIXES)
        if self.form == "nfkc":
            text = normalize("NFKC", text)
        text = _PRIVATE.sub(" ", _INVISIBLE.sub("", text.translate(_TYPED)))
        return _JOINER.sub("", text)


@dataclass(frozen=True, slots=True)
class Whitespace:
    """One space between words, at most one empty line between paragraphs, nothing at the ends."""

    name: ClassVar[str] = "whitespace"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return ()

    def __call__(self, text: str) -> str:
        if "\n" in text or "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            text = _LINE_EDGES.sub("\n", _LONG_BLANKS.sub(" ", text))
            return _MANY_LINES.sub("\n\n", text).strip()
        return " ".join(text.split())
