"""Emoji have names where a workspace wants them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.emoji import NamedEmoji


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("so angry\U0001f621\U0001f621!", "so angry (pouting face) !"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 hi", "(man, woman, girl) hi"),
        ("\U0001f44d\U0001f3fd", "(thumbs up sign)"),
        ("I \u2764\ufe0f it", "I (heavy black heart) it"),
        ("to \U0001f1e9\U0001f1ea", "to (flag DE)"),
        ("\u65e5\u672c\u8a9e, na\u00efve", "\u65e5\u672c\u8a9e, na\u00efve"),
        ("plain :)", "plain :)"),
    ],
)
def test_emoji_are_named(text: str, named: str) -> None:
    assert NamedEmoji()(text) == named


@given(st.text(st.characters(min_codepoint=0x2600, max_codepoint=0x1FAFF)))
def test_twice_is_once(text: str) -> None:
    once = NamedEmoji()(text)

    assert NamedEmoji()(once) == once
