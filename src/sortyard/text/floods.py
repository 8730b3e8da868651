"""Marks that are piled on letters until nobody can read them, or sort them in time."""

import re
from itertools import groupby
from typing import Final
from unicodedata import category

# Whatever is no letter, digit, blank or ASCII, many times in a row; most of it is no mark.
_CROWD: Final = re.compile(r"[^\w\s\x00-\x7f]{6,}")


def without_floods(text: str, *, most: int) -> str:
    """
    Take the marks off every letter that has more than so many.

    Normal forms sort the marks of a letter, which takes quadratic time in their number.
    """
    if text.isascii():
        return text
    return _CROWD.sub(lambda crowd: _thinned(crowd[0], most), text)


def _thinned(crowd: str, most: int) -> str:
    kept = []
    for is_mark, run in groupby(crowd, key=_is_mark):
        several = "".join(run)
        if not is_mark or len(several) <= most:
            kept.append(several)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    return category(character).startswith("M")
