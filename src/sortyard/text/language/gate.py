"""
Whether a text is surely in another language than those that a release knows.

"ok thx" and a name are in no language, and nobody is to look at them for that. So it takes two
things before a text is called foreign: few of its words are words of the archive, and the detector
is sure. The first one also makes the second one cheap, for it is hardly ever asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from sortyard.text.language.detector import Detector
from sortyard.text.language.words import words_of

FAMILIAR: Final = 0.6  # share of known words from which nobody asks further
SURE: Final = 0.3  # lead of the foreign language over all known ones together
FEWEST_WORDS: Final = 2  # of letters that many languages share
_LATIN: Final = 0x250  # from here on letters tell more by themselves
_FEWEST_LETTERS: Final = 3  # of another script


@dataclass(frozen=True, slots=True)
class LanguageGate:
    """
    Knows some languages, and the words of an archive that is in them.

    Without a language or without a detector it is off, and nothing is foreign.
    """

    languages: tuple[str, ...] = ()
    words: frozenset[str] = field(default=frozenset(), repr=False)
    detector: Detector | None = field(default=None, compare=False)

    @property
    def is_on(self) -> bool:
        return bool(self.languages) and self.detector is not None

    def foreign(self, text: str) -> str | None:
        """Name the language of a text that is surely in none of the known ones, else None."""
        if not self.languages or self.detector is None:
            return None
        words = words_of(text)
        if not _is_enough(words) or _share(words, self.words) >= FAMILIAR:
            return None
        chances = self.detector.chances(" ".join(words))
        known = sum(chances.get(language, 0.0) for language in self.languages)
        others = {code: one for code, one in chances.items() if code not in self.languages}
        best = max(others, key=lambda code: others[code], default=None)
        return best if best is not None and others[best] - known >= SURE else None


def _is_enough(words: Sequence[str]) -> bool:
    """Tell whether there is enough to go by: two words, or some letters that are not Latin."""
    if len(words) >= FEWEST_WORDS:
        return True
    return sum(ord(letter) >= _LATIN for word in words for letter in word) >= _FEWEST_LETTERS


def _share(words: Sequence[str], known: Collection[str]) -> float:
    return sum(word in known for word in words) / len(words)


NO_GATE: Final = LanguageGate()
