"""Characters that a computer broke are repaired, and those that people wrote are kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.text.normalise import RepairEncoding, Whitespace

LAW = settings(deadline=None)  # a busy machine breaks no law


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("schÃ¶n", "schön"),
        ("donâ€™t", "don't"),
        ("don\u2019t \u201cpanic\u201d \u2013 ok\u2026", 'don\'t "panic" - ok...'),
        ("e\u0301", "é"),
        ("zero\u200bwidth", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ufeffmark", "mark"),
        ("a\x00b\x1b[31mc", "abc"),
        ("ﬁle", "file"),
        ("\ud83d\ude00", "😀"),
        ("Größe, naïve, 你好, Привет, 😀", "Größe, naïve, 你好, Привет, 😀"),
    ],
)
def test_repairs(broken: str, repaired: str) -> None:
    assert RepairEncoding()(broken) == repaired


def test_a_family_of_joined_emoji_stays_together() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

    assert RepairEncoding()(family) == family


@LAW
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_ascii_is_never_touched(text: str) -> None:
    assert RepairEncoding()(text) == text


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  a \t b  ", "a b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a \n\n \n\n b", "a\n\nb"),
        ("a\u00a0\u2003b", "a b"),
        ("\n\n", ""),
    ],
)
def test_whitespace_is_tidied(text: str, tidy: str) -> None:
    assert Whitespace()(text) == tidy


@LAW
@given(st.text())
def test_tidying_loses_no_word(text: str) -> None:
    assert Whitespace()(text).split() == text.split()
