"""Undo what computers did to the characters, and leave what people wrote."""

import re
from dataclasses import dataclass
from typing import ClassVar

from ftfy import TextFixerConfig, fix_text

# What a word processor types for a person; no wrong decoding consists of these alone.
_TYPED = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\u2026": "..."}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-")
)
_INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff"))
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

    Curly quotes and long dashes become plain ones, composed characters take one form (NFC), and
    control characters, zero-width spaces and halves of surrogate pairs go. The repair itself is
    ftfy's (Speer 2019, doi:10.5281/zenodo.2591652); plain ASCII never reaches it.
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
    return fix_text(text, _FIXES).translate(_TYPED).translate(_INVISIBLE)


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
