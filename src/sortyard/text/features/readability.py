"""
How hard a text is to read: LIX.

The words of a sentence, plus the share of long words in percent (Björnsson, "Läsbarhet", 1968). It
counts letters and no syllables, and so serves any language that is written with an alphabet
(Anderson, "Lix and Rix", Journal of Reading 26, 1983). Below 30 is very easy, above 60 very hard.
"""

from typing import Final

from sortyard.text.features.words import Words

LONG: Final = 6  # letters; a word with more of them is long


def lix(words: Words) -> float | None:
    """Give the index of a text; None where it has no word."""
    count = len(words.words)
    if not count:
        return None
    long = sum(len(word) > LONG for word in words.words)
    return count / words.sentences + 100.0 * long / count
