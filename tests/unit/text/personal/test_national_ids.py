"""Numbers of states are told by their shape and their check; all here are published specimens."""

import pytest

from sortyard.text.personal.finding import find
from sortyard.text.personal.national_ids.finder import KINDS

SPECIMENS = [  # the words that lead up to it, the number, its kind
    ("", "AB 12 34 56 C", "National Insurance number"),
    ("NI number: ", "ab123456c", "National Insurance number"),
    ("", "86095742719", "Steuer-ID"),
    ("", "36 574 261 809", "Steuer-ID"),
    ("", "255081416802538", "NIR"),
    ("", "2 95 10 99 126 111 93", "NIR"),
    ("", "12345678Z", "DNI"),
    ("", "X1234567L", "NIE"),
    ("", "RSSMRA85T10A562S", "codice fiscale"),
    ("BSN: ", "111222333", "BSN"),
    ("", "85.07.30-033.28", "rijksregisternummer"),
    ("PESEL ", "44051401359", "PESEL"),
    ("", "811228-9874", "personnummer"),
    ("", "198112289874", "personnummer"),
    ("", "211062-5629", "CPR-nummer"),
    ("", "15108695088", "fødselsnummer"),
    ("", "131052-308T", "henkilötunnus"),
    ("", "756.9217.0769.85", "AHV-Nummer"),
    ("TC kimlik no ", "10000000146", "T.C. kimlik"),
    ("", "078-05-1120", "SSN"),
    ("my SSN is ", "078051120", "SSN"),
    ("SIN: ", "123 456 782", "SIN"),
    ("", "390.533.447-05", "CPF"),
    ("CPF ", "39053344705", "CPF"),
    ("", "BOXW310820HNERXN09", "CURP"),
    ("TFN ", "123 456 782", "tax file number"),
    ("", "8001015009087", "South African id"),
    ("", "2341 2341 2346", "Aadhaar"),
    ("aadhaar no ", "234123412346", "Aadhaar"),
    ("", "ACUPA7085R", "PAN"),
    ("", "11010519491231002X", "resident identity number"),
    ("", "900101-1234567", "resident registration number"),
    ("", "S1234567D", "NRIC"),
]
UNCHECKED = {
    "National Insurance number",
    "CPR-nummer",
    "SSN",
    "CURP",
    "PAN",
    "resident registration number",
}


@pytest.mark.parametrize(("words", "number", "name"), SPECIMENS)
def test_a_specimen_is_found(words: str, number: str, name: str) -> None:
    text = words + number

    (span,) = find(text)

    assert (span.entity.value, text[span.start : span.end]) == ("national_id", number)
    assert name in {kind.name for kind in KINDS if kind.end(text, span.start)}


@pytest.mark.parametrize(
    ("words", "number", "name"), [one for one in SPECIMENS if one[2] not in UNCHECKED]
)
def test_one_digit_that_is_wrong_shows(words: str, number: str, name: str) -> None:
    place = max(place for place, one in enumerate(number[:-1]) if one.isdigit())
    wrong = f"{number[:place]}{(int(number[place]) + 1) % 10}{number[place + 1 :]}"

    assert name not in {kind.name for kind in KINDS if kind.end(words + wrong, len(words))}


@pytest.mark.parametrize(
    "text",
    [
        "000-12-3456",  # no area
        "666-12-3456",
        "123-00-4567",
        "GB 12 34 56 C",  # a prefix that is never given out
        "the clock chip MC146818A",
        "311362-5629",  # no day
        "order 111222333",  # nine digits pass the check of a BSN one time in eleven
        "order 44051401359",
        "7849 2341 2341 2346",  # the end of something longer
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert [span for span in find(text) if span.entity == "national_id"] == []


@pytest.mark.parametrize(("words", "number"), [(words, number) for words, number, _ in SPECIMENS])
def test_a_pre_filter_lets_a_specimen_pass(words: str, number: str) -> None:
    text = f"({words}{number})"

    assert find(text) == find(text, filtered=False) != ()


def test_every_kind_has_a_specimen() -> None:
    assert {kind.name for kind in KINDS} == {name for _, _, name in SPECIMENS}
