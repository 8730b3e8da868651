"""The real detector keeps the contract, and tells the languages of short requests."""

import csv
from pathlib import Path

import pytest

from sortyard.text.language.gate import LanguageGate
from sortyard.text.language.identifier import NgramIdentifier, open_identifier, same_language
from tests.contracts.detectors import check_detector

pytest.importorskip("py3langid", reason="the extra `language` is not installed here")

SENTENCES = Path(__file__).with_name("sentences.csv")  # our own: requests in 27 languages
NOBODY_IS_SURE = (
    *("ok thx", "hi", "no", "danke", "Müller", "Anna Kowalska", "refund", "asap pls", "SAP VPN"),
    *("xdfgh qwrt", "<EMAIL> <PHONE>", "invoice 2231", "Outlook crash", "lol", "Hallo"),
)


@pytest.fixture(scope="module")
def detector() -> NgramIdentifier:
    return open_identifier()


@pytest.fixture(scope="module")
def sentences() -> list[dict[str, str]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_keeps_the_contract(detector: NgramIdentifier) -> None:
    check_detector(detector)


def test_it_is_loaded_once(detector: NgramIdentifier) -> None:
    assert open_identifier() is detector


def test_requests_in_other_languages_are_noticed(
    detector: NgramIdentifier, sentences: list[dict[str, str]]
) -> None:
    """Without a word of an archive to go by, which would only make it easier."""
    gate = LanguageGate(("en",), frozenset(), detector)

    noticed = sum(gate.foreign(one["text"]) is not None for one in sentences)
    right = sum(gate.foreign(one["text"]) == same_language(one["language"]) for one in sentences)

    assert noticed >= 0.98 * len(sentences)
    assert right >= 0.95 * len(sentences)


@pytest.mark.parametrize("text", NOBODY_IS_SURE)
def test_what_is_in_no_language_is_not_thrown_out(detector: NgramIdentifier, text: str) -> None:
    assert LanguageGate(("en",), frozenset(), detector).foreign(text) is None


@pytest.mark.parametrize(("code", "known"), [("nn", "nb"), ("ms", "id"), ("bs", "hr")])
def test_languages_that_nobody_can_tell_apart_are_one(code: str, known: str) -> None:
    assert same_language(code) == known
