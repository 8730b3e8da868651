"""The words of a text as far as its language goes: letters, nothing else."""

import re
from typing import Final

MOST: Final = 60  # words; whoever has not shown the language by then mixes several

_LOOKED_AT: Final = 800  # characters
_LETTERS: Final = r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*"
_WORD: Final = re.compile(_LETTERS)
# A placeholder such as `<EMAIL>`, an address, or a word.
_PIECE: Final = re.compile(rf"<[a-z_]{{2,30}}>|(?:https?://|www\.)\S+|\S+@\S+|({_LETTERS})")
_NO_WORDS: Final = ("<", "@", "://", "www.")


def words_of(text: str) -> list[str]:
    """Give the first words in lower case, without figures, addresses and placeholders."""
    start = text[:_LOOKED_AT].casefold()
    if not any(mark in start for mark in _NO_WORDS):
        return _WORD.findall(start)[:MOST]
    return [word for word in _PIECE.findall(start) if word][:MOST]
