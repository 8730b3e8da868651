"""What is measured of a text, on texts whose measures can be counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.features.formality import formality
from sortyard.text.features.formats import FORMATS, formats
from sortyard.text.features.keywords import Keywords
from sortyard.text.features.readability import lix
from sortyard.text.features.words import MOST, Words


def test_words_and_sentences_are_counted() -> None:
    found = Words.of("Dear team, my card isn't here. Where is it?\n\nThanks")

    assert (len(found.words), found.sentences) == (10, 3)


def test_lix_is_words_a_sentence_and_the_share_of_long_words() -> None:
    words = Words.of("The committee postponed every decision. Nobody knew why.")

    assert lix(words) == 8 / 2 + 100 * 3 / 8


@pytest.mark.parametrize("text", ["", "12 34", "!!!"])
def test_without_a_word_there_is_nothing_to_measure(text: str) -> None:
    words = Words.of(text)

    assert (lix(words), formality(text, words)) == (None, None)


def test_a_letter_is_more_formal_than_a_chat() -> None:
    letter, chat = "The invoice of March has not been settled.", "hey, can't you fix my stuff??"

    assert formality(letter, Words.of(letter)) == 100.0
    assert (formality(chat, Words.of(chat)) or 0.0) < 50.0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<p>Dear team</p>", "html"),
        ("# Steps\nopen it", "markdown"),
        ("Traceback (most recent call last):", "code"),
        ("fine\n> and you?", "quote"),
        ("- one\n- two", "list"),
        ("see https://example.org", "link"),
        ("WHERE IS MY MONEY", "capitals"),
        ("now!", "exclamation"),
        ("now?", "question"),
        ("one\ntwo", "lines"),
    ],
)
def test_a_format_is_told_by_its_marks(text: str, name: str) -> None:
    assert name in formats(text)
    assert name not in formats("a plain sentence")


def test_every_format_is_named() -> None:
    assert set(formats("#")) <= set(FORMATS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I want a REFUND.", ("money",)),
        ("money\n  back please", ("money",)),
        ("refundable", ()),
        ("a c++ error, and my money back", ("money", "code")),
    ],
)
def test_keywords_are_whole_words_in_any_case(text: str, found: tuple[str, ...]) -> None:
    table = {"money": ("refund", "money back"), "code": ("c++",)}

    assert Keywords.of(table).find(text) == found


@given(st.text())
def test_any_text_is_measured(text: str) -> None:
    words = Words.of(text)
    index, share = lix(words), formality(text, words)

    assert (index is None) == (share is None) == (not words.words)
    assert share is None or 0.0 <= share <= 100.0
    assert set(formats(text)) <= set(FORMATS)


def test_of_a_long_text_the_beginning_is_measured() -> None:
    assert Words.of("word " * MOST) == Words.of(("word " * MOST)[:MOST])
