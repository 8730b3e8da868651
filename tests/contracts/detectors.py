"""What every language detector promises, and one for tests that knows some words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sortyard.text.language.detector import Chances, Detector

LEXICON: Mapping[str, str] = {
    "en": "the a my card was lost where is money please refund invoice for printer cannot in",
    "de": "die das mein meine karte verloren wo ist geld bitte rechnung für drucker ich habe",
    "fr": "le la ma carte perdue où est argent facture pour imprimante je ne peux pas bonjour",
}
ODD = ("", " ", "\x00", "\ud800 alone", "a" * 50_000, "\U0001f600" * 500, "1 2 3", "漢字")


@dataclass(frozen=True, slots=True)
class WordListDetector:
    """Counts the words of each language; without any it holds all of them equally likely."""

    name: str = "word lists"
    languages: frozenset[str] = field(default=frozenset(LEXICON))

    def chances(self, words: str) -> Chances:
        asked = words.casefold().split()
        found = {code: sum(w in known.split() for w in asked) for code, known in LEXICON.items()}
        total = sum(found.values())
        return {code: n / total if total else 1 / len(found) for code, n in found.items()}


def check_detector(detector: Detector) -> None:
    """Hold a detector against its contract."""
    assert detector.name
    assert {"en", "de", "fr"} <= detector.languages
    for text in (*ODD, *LEXICON.values()):
        chances = detector.chances(text)
        assert set(chances) <= detector.languages
        assert all(0.0 <= chance <= 1.0 for chance in chances.values())
        assert sum(chances.values()) <= 1.001
        assert detector.chances(text) == chances
    for code, words in LEXICON.items():
        chances = detector.chances(words)
        assert max(chances, key=lambda one: chances[one]) == code
