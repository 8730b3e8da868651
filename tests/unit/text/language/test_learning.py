"""The languages of an archive are those in which enough of its rows are."""

from sortyard.text.language.learning import learn_languages
from tests.contracts.detectors import WordListDetector

DETECTOR = WordListDetector()
ENGLISH = ["my card was lost", "where is my money", "refund the invoice please"]
GERMAN = ["wo ist mein geld", "ich habe die karte verloren"]


def test_a_language_with_enough_rows_is_known() -> None:
    learnt = learn_languages(ENGLISH * 40 + GERMAN * 15, DETECTOR)

    assert learnt.gate.languages == ("en", "de")
    assert learnt.gate.foreign("wo ist mein geld") is None


def test_a_few_rows_of_another_one_do_not_make_it_known() -> None:
    learnt = learn_languages(ENGLISH * 40 + GERMAN * 5, DETECTOR)

    assert learnt.gate.languages == ("en",)
    assert 0.0 < learnt.shares["de"] < 0.1


def test_a_small_archive_knows_the_language_of_most_of_its_rows() -> None:
    assert learn_languages([*ENGLISH, GERMAN[0]], DETECTOR).gate.languages == ("en",)


def test_rows_that_tell_nothing_leave_the_gate_off() -> None:
    assert not learn_languages(["printer", "12 34", "ok"] * 50, DETECTOR).gate.is_on


def test_named_languages_are_taken_as_they_are() -> None:
    assert learn_languages(GERMAN * 50, DETECTOR, named=("en",)).gate.languages == ("en",)


def test_a_word_of_a_single_row_is_not_learnt() -> None:
    learnt = learn_languages([*ENGLISH * 20, "my card was kaputt"], DETECTOR)

    assert "card" in learnt.gate.words
    assert "kaputt" not in learnt.gate.words


def test_no_rows_teach_nothing() -> None:
    assert not learn_languages([], DETECTOR).gate.is_on
