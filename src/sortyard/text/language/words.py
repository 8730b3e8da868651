"""The words of a text as far as its language goes: letters, nothing else."""

import re
from typing import Final

MOST: Final = 60  # words; whoever has not shown the language by then mixes several

# A placeholder such as `<EMAIL>`, an address, or a word.
_PIECE: Final = re.compile(
    r"<[A-Z_]{2,30}>|(?:https?://|www\.)\S+|\S+@\S+|([^\W\d_]+(?:['\u2019-][^\W\d_]+)*)"
)
_LOOKED_AT: Final = 1_000  # characters


def words_of(text: str) -> list[str]:
    """Give the first words in lower case, without figures, addresses and placeholders."""
    found = [word for word in _PIECE.findall(text[:_LOOKED_AT]) if word]
    return [word.casefold() for word in found[:MOST]]
