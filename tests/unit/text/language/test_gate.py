"""Only what is surely in another language is called foreign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.language.gate import NO_GATE, LanguageGate
from tests.contracts.detectors import LEXICON, WordListDetector, check_detector

DETECTOR = WordListDetector()
ENGLISH = LanguageGate(("en",), frozenset(LEXICON["en"].split()), DETECTOR)


def test_the_detector_for_tests_keeps_the_contract() -> None:
    check_detector(DETECTOR)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wo ist mein Geld?", "de"),
        ("la carte est perdue", "fr"),
        ("where is my money", None),
        ("please refund my karte", None),  # most of its words are known
        ("Karte", None),  # one word may be a name
        ("Anna Kowalska", None),  # nobody is sure
        ("12 34", None),
        ("", None),
    ],
)
def test_what_is_surely_in_another_language_is_foreign(text: str, language: str | None) -> None:
    assert ENGLISH.foreign(text) == language


def test_a_language_that_is_known_is_not_foreign() -> None:
    both = LanguageGate(("en", "de"), ENGLISH.words, DETECTOR)

    assert both.foreign("Wo ist mein Geld?") is None
    assert both.foreign("la carte est perdue") == "fr"


def test_a_mixture_of_known_and_unknown_passes() -> None:
    assert ENGLISH.foreign("money invoice card karte rechnung geld verloren") is None


@pytest.mark.parametrize(
    "gate", [NO_GATE, LanguageGate(("en",)), LanguageGate((), detector=DETECTOR)]
)
def test_without_languages_or_a_detector_nothing_is_foreign(gate: LanguageGate) -> None:
    assert not gate.is_on
    assert gate.foreign("Wo ist mein Geld?") is None


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_it_never_raises(text: str) -> None:
    assert ENGLISH.foreign(text) in {None, "de", "fr"}
