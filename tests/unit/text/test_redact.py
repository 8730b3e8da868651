"""Personal data that a pattern can find becomes a placeholder, in a time that grows as the text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.text.redact import Redact

redact = Redact()

PIECES = (
    "anna@example.org",
    "+49 30 1234567",
    "0170/1234567",
    "(030) 123456",
    "DE89 3704 0044 0532 0130 00",
    "4111 1111 1111 1111",
    "192.168.0.1",
    "2001:db8::1",
    "https://example.org/a?b=c",
    "a",
    "0",
    "1",
    "12",
    " ",
    "+",
    "(",
    ")",
    ":",
    "::",
    ".",
    "-",
    "/",
    "@",
    "www.",
    "<",
    "é",
    "\u212a",  # the sign of Kelvin, which is a letter k to those who ignore case
    "\n",
)
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text()


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Write to anna.k+shop@mail.example.co.uk.", "Write to <EMAIL>."),
        ("mailto:anna@example.org?", "mailto:<EMAIL>?"),
        ("jürgen@müller.de", "<EMAIL>"),
        ("<anna@example.org>", "<<EMAIL>>"),
        ("See https://example.org/a?id=4#b, please.", "See <URL>, please."),
        ("(www.example.org/me)", "(<URL>)"),
        ("HTTP://EXAMPLE.ORG", "<URL>"),
        ("from 192.168.0.1.", "from <IP>."),
        ("from 2001:db8::8a2e:370:7334, now", "from <IP>, now"),
        ("at ::1", "at <IP>"),
        ("card 4111 1111 1111 1111.", "card <CARD>."),
        ("4111-1111-1111-1111", "<CARD>"),
        ("5500005555555559", "<CARD>"),
        ("3782 822463 10005", "<CARD>"),
        ("order 1234 4111 1111 1111 1111", "order 1234 <CARD>"),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFF", "IBAN <IBAN> BIC COBADEFF"),
        ("gb29nwbk60161331926819", "<IBAN>"),
        ("NO9386011117947", "<IBAN>"),
        ("call +49 (0)30 1234-567 today", "call <PHONE> today"),
        ("0170/1234567", "<PHONE>"),
        ("(030) 123 45 67", "<PHONE>"),
        ("(555) 123-4567", "<PHONE>"),
        ("555-123-4567", "<PHONE>"),
        ("0049301234567", "<PHONE>"),
        ("0170 1234567 0171 7654321", "<PHONE> <PHONE>"),
        ("05.12.2026 0170 1234567", "05.12.2026 <PHONE>"),
    ],
)
def test_what_is_personal_becomes_a_placeholder(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "My order 48213 of 2026-11-21 at 12:30:45 cost 1,234.50.",
        "on 01.02.2026 or 1/2/26",
        "version 2.0.1 and 10.4",
        "0.123456789 of it",
        "meet me @ noon, user@localhost",
        "4111 1111 1111 1112",  # the sum does not add up
        "DE88370400440532013000",  # nor does this one
        "999.1.1.1",
        "std::vector and Foo::Bar",
        "0x0123456789abc",
        "00:00",
        "#1234567",
        "",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text) == text


@given(texts)
def test_a_text_that_was_redacted_stays_as_it_is(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


@given(st.sampled_from(PIECES[:9]), st.sampled_from(["", "a b ", "\n", "("]))
def test_each_kind_is_found_beside_other_words(piece: str, before: str) -> None:
    assert piece not in redact(f"{before}{piece}, thanks")


@pytest.mark.parametrize(
    "piece",
    [
        *PIECES,
        "a@",
        "a@b.",
        "1 ",
        "0 ",
        "+1",
        "0170 1234567 ",
        "+4912345678",
        "DE89 ",
        "1234 ",
        "1.1.",
        "a:b:",
        "::1 ",
        "www.a ",
        "(1)",
        "0123456789" * 100 + " ",
    ],
)
def test_time_grows_as_the_text(piece: str) -> None:
    """A pattern that went back and forth would take minutes for these."""
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    redact(text)

    assert time.process_time() - began < 5.0
