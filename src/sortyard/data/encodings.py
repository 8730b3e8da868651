"""Bytes become text, whatever wrote them; nothing is refused and nothing is lost."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

_MARKS: Final = (  # the longer marks first: one of UTF-32 starts with one of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 1 << 16
_ESCAPED = re.compile(r"[\udc80-\udcff]+")  # bytes that are not UTF-8
_LETTERS = re.compile(r"[^\W\d_]|[\udc80-\udcff]")
# In a Western language one letter in ten has an accent; in Russian or Japanese most bytes are high.
_WESTERN_SHARE: Final = 0.3
_ENOUGH: Final = 40  # bytes; nobody can tell the script of a few
_NUL_SHARE: Final = 0.1  # of the bytes at even or odd places, in UTF-16 without a mark


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, its main encoding, and the lines (from 1) that were in another one."""

    text: str
    encoding: str
    repaired: tuple[int, ...] = ()


def decode(raw: bytes) -> Decoded:
    """
    Guess the encoding of a whole file, and of single lines that differ.

    The order: a byte order mark; UTF-16 by its zeros; UTF-8; a legacy encoding of a non-Latin
    script, where most letters are high bytes (guessed by charset-normalizer, where installed);
    else Windows-1252, for the lines that are not UTF-8.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _with_known(raw[len(mark) :], encoding)
    wide = _wide_encoding(raw[:_SAMPLE])
    if wide:
        return _with_known(raw, wide)
    try:
        return Decoded(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        at = error.start
    foreign = _foreign_encoding(raw[max(0, at - _SAMPLE) : at + _SAMPLE])
    return _with_known(raw, foreign) if foreign else _line_by_line(raw)


def _with_known(raw: bytes, encoding: str) -> Decoded:
    if encoding == "utf-8":
        return _line_by_line(raw)
    return Decoded(raw.decode(encoding, "replace"), encoding)


def _wide_encoding(sample: bytes) -> str | None:
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) / half > _NUL_SHARE and not sample[0::2].count(0):
        return "utf-16-le"
    if sample[0::2].count(0) / half > _NUL_SHARE and not sample[1::2].count(0):
        return "utf-16-be"
    return None


def _foreign_encoding(sample: bytes) -> str | None:
    text = sample.decode("utf-8", "surrogateescape")
    high = sum(map(len, _ESCAPED.findall(text)))
    if high < max(_ENOUGH, _WESTERN_SHARE * len(_LETTERS.findall(text))):
        return None
    try:
        from charset_normalizer import from_bytes  # noqa: PLC0415 -- of the extra `train`
    except ModuleNotFoundError:
        return None
    best = from_bytes(sample).best()
    return None if best is None or best.encoding in {"ascii", "utf_8"} else str(best.encoding)


def _line_by_line(raw: bytes) -> Decoded:
    text = raw.decode("utf-8", "surrogateescape")
    lines = text.split("\n")
    odd = [number for number, line in enumerate(lines) if _ESCAPED.search(line)]
    for number in odd:
        lines[number] = _ESCAPED.sub(_as_windows, lines[number])
    skipped = set(odd)
    others = (line for number, line in enumerate(lines) if number not in skipped)
    if not odd or any(not line.isascii() for line in others):
        return Decoded("\n".join(lines), "utf-8", tuple(number + 1 for number in odd))
    return Decoded("\n".join(lines), "cp1252")


def _as_windows(escaped: re.Match[str]) -> str:
    found = escaped[0].encode("utf-8", "surrogateescape")
    try:
        return found.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing in it
        return found.decode("latin-1")
