"""
Languages by the byte n-grams of their words: py3langid, a naive Bayes model of 97 and more.

It was chosen over lingua, which tells short texts a little better, takes half a gigabyte for a
fifth of the languages, and four times as long; and over the small model of fastText, which is quick
and misses more of them (`python -m benchmarks.languages`). Lui & Baldwin 2012, "langid.py: An
Off-the-shelf Language Identification Tool".
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, Final

from sortyard.domain.errors import CannotWrite, MissingExtra
from sortyard.text.language.detector import Chances

EXTRA: Final = "language"
PURPOSE: Final = "tell languages apart"

# Some languages have several codes, or are written so alike that no short text tells them apart.
_SAME: Final = {
    "no": "nb",
    "nn": "nb",
    "bs": "hr",
    "sh": "hr",
    "sr": "hr",
    "ms": "id",
    "pcm": "en",
}
_NONE: Final = "zxx"  # words of no language at all


@dataclass(frozen=True, slots=True)
class NgramIdentifier:
    """The model, which takes some 90 MB and half a second, once it is asked for the first time."""

    name: str
    languages: frozenset[str]
    _rank: Callable[[str], list[tuple[str, float]]]

    def chances(self, words: str) -> Chances:
        found: dict[str, float] = {}
        for language, chance in self._rank(words):
            code = same_language(language)
            found[code] = found.get(code, 0.0) + float(chance)
        found.pop(_NONE, None)
        return found


@cache
def open_identifier() -> NgramIdentifier:
    """
    Load the model, once in a process.

    Raises MissingExtra where it is not installed, and CannotWrite where the temporary folder, into
    which its library unpacks it, is full or missing.
    """
    identifier = _identifier()
    codes = frozenset(same_language(code) for code in identifier.labels if code != _NONE)
    return NgramIdentifier(f"py3langid {version('py3langid')}", codes, identifier.rank)


def same_language(code: str) -> str:
    """Give the one code under which languages go that no short text tells apart."""
    return _SAME.get(code, code)


def _identifier() -> Any:  # noqa: ANN401 -- it has no types
    try:
        from py3langid.langid import (  # noqa: PLC0415 -- an extra, and slow to load
            MODEL_FILE,
            LanguageIdentifier,
        )
    except ModuleNotFoundError as error:
        raise MissingExtra(EXTRA, PURPOSE) from error
    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:
        if MODEL_FILE in str(error.filename):
            raise  # it is the installation that is broken
        raise _no_room(error) from error


def _no_room(error: OSError) -> CannotWrite:
    folder = tempfile.tempdir or "A temporary folder"
    refused = CannotWrite(folder, error.strerror or type(error).__name__)
    refused.remedy = (
        "The language model is unpacked there: free some space, or name another folder in the "
        "environment variable TMPDIR."
    )
    return refused
