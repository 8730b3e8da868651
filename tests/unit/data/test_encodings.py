"""Bytes become text whatever wrote them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.data.encodings import decode

LAW = settings(deadline=None)  # a busy machine breaks no law


@LAW
@given(st.binary())
def test_no_bytes_are_refused(raw: bytes) -> None:
    text = decode(raw).text

    assert text.encode("utf-8").decode("utf-8") == text  # a lone surrogate would raise


@LAW
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    # A mark at the start is no letter, and zeros at every second place are another encoding.
    assert decode(f"x y {text}".encode()).text == f"x y {text}" or "\x00" in text


@LAW
@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=40))
def test_a_line_in_windows_1252_among_utf_8_is_reported(text: str) -> None:
    raw = "Straße\n".encode() + f"na\u00efve {text}\n".encode("cp1252")

    assert decode(raw).repaired == (2,)


def test_a_line_in_two_encodings_keeps_both() -> None:
    assert decode("Köln, ".encode() + "Zürich\n".encode("cp1252")).text == "Köln, Zürich\n"


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_bytes_that_windows_1252_does_not_know_are_kept(byte: int) -> None:
    assert decode(b"caf\xe9 " + bytes([byte])).text == f"café {chr(byte)}"


def test_a_japanese_legacy_encoding() -> None:
    pytest.importorskip("charset_normalizer", reason="guessing needs the extra `train`")
    text = "お問い合わせありがとうございます。カードが届きません。\n" * 5

    assert decode(text.encode("shift_jis")).text == text


def test_one_zero_byte_does_not_make_it_utf_16() -> None:
    assert decode(b"text,label\nnul \x00 here,a\n").encoding == "utf-8"
