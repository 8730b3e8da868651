"""
How formal a text is: the share of its words that no mark of familiar writing stands on.

The marks are those that told formality best without a tagger in Pavlick and Tetreault, "An
Empirical Analysis of Formality in Online Communication", TACL 4 (2016): contractions, pronouns of
the first and second person, greetings and words of chats, and repeated or exclaiming punctuation.
The words are English; of other languages only the punctuation counts.
"""

import re
from typing import Final

from sortyard.text.features.words import MOST, Words

_CONTRACTED: Final = re.compile(r".['\u2019](?:t|s|m|d|re|ve|ll)")
_EXCITED: Final = re.compile(r"!+|\?{2,}|\.{3,}|\u2026|[:;]-?[)(DP]")
_FAMILIAR: Final = frozenset(
    {
        "i",
        "me",
        "my",
        "mine",
        "myself",
        "we",
        "us",
        "our",
        "ours",
        "you",
        "your",
        "yours",
        "u",
        "ur",
    }
    | {"hi", "hey", "hello", "hiya", "yo", "thanks", "thx", "ty", "cheers", "bye", "pls", "plz"}
    | {"ok", "okay", "yeah", "yep", "yup", "nope", "nah", "wow", "oh", "lol", "omg", "btw", "asap"}
    | {"gonna", "wanna", "gotta", "kinda", "dunno", "cuz", "stuff", "guys", "im", "dont", "cant"}
)


def formality(text: str, words: Words) -> float | None:
    """Give the formality of a text, from 0 to 100; None where it has no word."""
    count = len(words.words)
    if not count:
        return None
    marks = sum(
        word in _FAMILIAR or _CONTRACTED.search(word) is not None for word in words.words
    ) + len(_EXCITED.findall(text[:MOST]))
    return 100.0 * max(0.0, 1.0 - marks / count)
