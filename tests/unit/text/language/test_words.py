"""What counts as a word when it is about the language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.language.words import MOST, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My card, no. 12!", ["my", "card", "no"]),
        ("<EMAIL> called <PHONE_NUMBER> twice", ["called", "twice"]),
        ("see https://example.com/page or anna@example.com now", ["see", "or", "now"]),
        ("l'impôt d'été", ["l'impôt", "d'été"]),
        ("我的卡 丢了", ["我的卡", "丢了"]),
        ("12 34 :-) ...", []),
    ],
)
def test_only_words_count(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=2_000))
def test_there_are_never_too_many(text: str) -> None:
    assert len(words_of(text)) <= MOST


def test_a_long_text_takes_no_longer() -> None:
    assert len(words_of("word " * 1_000_000)) == MOST
