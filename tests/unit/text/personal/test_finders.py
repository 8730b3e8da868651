"""Each finder finds what is of its kind, to the letter, and leaves what only looks like it."""

import pytest

from sortyard.text.personal.finding import find


def found(text: str) -> list[tuple[str, str]]:
    return [(span.entity.value, text[span.start : span.end]) for span in find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Write to anna.k+shop@mail.example.co.uk.", "email", "anna.k+shop@mail.example.co.uk"),
        ("mailto:anna@example.org?", "email", "anna@example.org"),
        ("jürgen@müller.de", "email", "jürgen@müller.de"),
        ("<anna@example.org>", "email", "anna@example.org"),
        ("from=anna@example.org;", "email", "anna@example.org"),
        ("See https://example.org/a?id=4#b, please.", "url", "https://example.org/a?id=4#b"),
        ("(www.example.org/me)", "url", "www.example.org/me"),
        ("HTTP://EXAMPLE.ORG", "url", "HTTP://EXAMPLE.ORG"),
        ("https://example.org/A_(b) is", "url", "https://example.org/A_(b)"),
        ("my site is anna-mueller.com!", "url", "anna-mueller.com"),
        ("shop.example.co.uk sold it", "url", "shop.example.co.uk"),
        ("see example.de/contact for it", "url", "example.de/contact"),
        ("from 192.168.0.1.", "ip", "192.168.0.1"),
        ("from 2001:db8::8a2e:370:7334, now", "ip", "2001:db8::8a2e:370:7334"),
        ("at ::1", "ip", "::1"),
        ("at ::ffff:192.168.0.1 it", "ip", "::ffff:192.168.0.1"),
        ("card 4111 1111 1111 1111.", "card", "4111 1111 1111 1111"),
        ("4111-1111-1111-1111", "card", "4111-1111-1111-1111"),
        ("5500005555555559", "card", "5500005555555559"),
        ("3782 822463 10005", "card", "3782 822463 10005"),
        ("order 1234 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("my card is 676222165679", "card", "676222165679"),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC", "iban", "DE89 3704 0044 0532 0130 00"),
        ("gb29nwbk60161331926819", "iban", "gb29nwbk60161331926819"),
        ("NO93-8601-1117-947", "iban", "NO93-8601-1117-947"),
        ("call +49 (0)30 1234-567 today", "phone", "+49 (0)30 1234-567"),
        ("0170/1234567", "phone", "0170/1234567"),
        ("(030) 123 45 67", "phone", "(030) 123 45 67"),
        ("(555) 123-4567", "phone", "(555) 123-4567"),
        ("555-123-4567", "phone", "555-123-4567"),
        ("0049301234567", "phone", "0049301234567"),
        ("05.12.2026 0170 1234567", "phone", "0170 1234567"),
        ("01.84.17.61.18", "phone", "01.84.17.61.18"),
        ("555-123-4567x890", "phone", "555-123-4567x890"),
        ("+1-555-123-0190 mobile", "phone", "+1-555-123-0190"),
        ("1-800-555-0199 is free", "phone", "1-800-555-0199"),
        ("1 (800) 555-0199", "phone", "1 (800) 555-0199"),
        ("555.123.4567 x-3252", "phone", "555.123.4567 x-3252"),
        ("phone: 467 3395", "phone", "467 3395"),
        ("Call me back on 467 3395", "phone", "467 3395"),
        ("Meine Handynummer ist 1511234567", "phone", "1511234567"),
        ("28-64-66-98 (office)", "phone", "28-64-66-98"),
        ("I live at 12 Elm Street, Apt. 4", "postal_address", "12 Elm Street, Apt. 4"),
        ("Lindenstraße 5a, 10969 Berlin", "postal_address", "Lindenstraße 5a, 10969 Berlin"),
        ("au 12, rue de la Paix", "postal_address", "12, rue de la Paix"),
        ("Via Garibaldi 7", "postal_address", "Via Garibaldi 7"),
        ("to P.O. Box 1234", "postal_address", "P.O. Box 1234"),
        ("near SW1A 2AA", "postal_address", "SW1A 2AA"),
    ],
)
def test_one_thing_is_found_to_the_letter(text: str, kind: str, words: str) -> None:
    assert found(text) == [(kind, words)]


def test_two_numbers_side_by_side_are_two() -> None:
    assert found("0170 1234567 0171 7654321") == [
        ("phone", "0170 1234567"),
        ("phone", "0171 7654321"),
    ]


@pytest.mark.parametrize("number", ["(030) 123456", "0170/1234567", "+49 30 1234567"])
def test_many_numbers_in_a_row_are_all_found(number: str) -> None:
    assert found(f"{number} " * 50) == [("phone", number)] * 50


@pytest.mark.parametrize(
    "text",
    [
        "My order 48213 of 2026-11-21 at 12:30:45 cost 1,234.50.",
        "on 01.02.2026 or 1/2/26, last used 04222018",
        "version 2.0.1.4 and 10.4, firmware: 1.2.3.4",
        "0.123456789 of it",
        "meet me @ noon, user@localhost, left-pad@1.3.0",
        "4111 1111 1111 1112",  # the sum does not add up
        "parcel 676222165679",  # it does here, by chance
        "DE88370400440532013000",  # it does not here
        "999.1.1.1",
        "std::vector and Foo::Bar",
        "0x0123456789abc",
        "#1234567, order number 4673395, call me about 4673395",
        "0 1 2 3 4 5 6 7 8 9 10",
        "40       0       0   105021440   157,014   8   172",  # a table
        "<1993Apr6.064720.6920>",
        "ISBN 0-937175-83-8, ISBN: 0-13-982992-X",
        "a 500 GB Hard Drive",
        "my card.it was lost.so I wrote to you.me too",
        "node.js, readme.md, e.g.this",
        "the 5 on Main Street, 3 days on the road, 24 Stunden",
        "<EMAIL> or <PHONE:0123456789ab>",
        "",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert found(text) == []


def test_a_placeholder_is_no_word_that_leads_up_to_a_number() -> None:
    assert found("<PHONE> 467 3395") == []
