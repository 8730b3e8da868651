"""Characters that a computer broke are repaired, and those that people wrote are kept."""

# ruff: noqa: RUF001 -- other scripts are what it is about
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.text.former.encoding import RepairEncoding1
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


@pytest.mark.parametrize(
    ("seen", "left"),
    [
        ("pay\u202elap", "paylap"),
        ("\u2066inv\u2069oice\u200f", "invoice"),
        ("se\u200dcret", "secret"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("tag\U000e0041\U000e0042ged", "tagged"),
        ("sel\ufe01ected", "selected"),
        ("icon \ue00a here", "icon   here"),
        ("h\u0337\u0328\u0328\u031b\u033a\u0356ello", "hello"),
        ("Tiếng Việt שָׁלוֹם", "Tiếng Việt שָׁלוֹם"),
    ],
)
def test_what_nobody_sees_goes_and_what_a_script_needs_stays(seen: str, left: str) -> None:
    assert RepairEncoding()(seen) == left


def test_styled_letters_become_plain_ones_by_choice() -> None:
    styled = "\U0001d407\U0001d41e\U0001d425\U0001d425\U0001d428 \u2460"

    assert RepairEncoding()(styled) == styled
    assert RepairEncoding(form="nfkc")(styled) == "Hello 1"


def test_another_normal_form_is_a_problem() -> None:
    (problem,) = RepairEncoding(form="nfd").problems()

    assert problem == "encoding: form is one of nfc, nfkc, not 'nfd'"


def test_a_flood_of_marks_takes_no_time() -> None:
    """To sort the marks of one letter takes quadratic time, so a pile of them is not sorted."""
    flood = "a" + "\u0301\u0316" * 150_000
    started = time.process_time()

    assert RepairEncoding()(flood) == "a"
    assert RepairEncoding1()(flood) == "a"
    assert time.process_time() - started < 2.0


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
