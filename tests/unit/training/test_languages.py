"""A release learns its languages from the rows that it learns from, and its report names them."""

import pytest

from sortyard.domain.languages import TO_A_PERSON, LanguageRoute
from sortyard.training.languages import (
    NO_TRANSLATOR,
    NOT_INSTALLED,
    NOT_LEARNT,
    NOT_WANTED,
    Tongues,
)
from tests.contracts.detectors import WordListDetector

ROWS = ["my card was lost", "where is my money", "refund the invoice please"] * 20
DETECTOR = WordListDetector()


def test_the_report_says_which_languages_there_are_and_who_reads_others() -> None:
    routes = {**TO_A_PERSON, "fr": LanguageRoute.TRANSLATE}

    taught = Tongues(detector=DETECTOR, routes=routes).learn(ROWS)

    assert taught.languages.gate.languages == ("en",)
    assert taught.languages.routes == routes
    (remark,) = taught.remarks
    assert remark == (
        "Languages of the archive: en (100 %). A message in another one goes to a person. "
        "One in fr is answered in translation."
    )


@pytest.mark.parametrize(
    ("route", "translates", "warns"),
    [
        (LanguageRoute.TRANSLATE, False, True),
        (LanguageRoute.TRANSLATE, True, False),
        (LanguageRoute.REVIEW, False, False),
    ],
)
def test_the_report_says_where_nothing_translates(
    route: LanguageRoute,
    translates: bool,  # noqa: FBT001 -- pytest gives it
    warns: bool,  # noqa: FBT001 -- as above
) -> None:
    routes = {**TO_A_PERSON, "fr": route}

    taught = Tongues(detector=DETECTOR, routes=routes, translates=translates).learn(ROWS)

    assert (NO_TRANSLATOR in taught.remarks) is warns


def test_without_the_extra_the_gate_is_off_and_the_report_says_so() -> None:
    taught = Tongues().learn(ROWS)

    assert not taught.languages.gate.is_on
    assert taught.remarks == (NOT_INSTALLED,)


def test_every_language_passes_where_the_settings_say_so() -> None:
    taught = Tongues(detector=DETECTOR, named=("any",)).learn(ROWS)

    assert not taught.languages.gate.is_on
    assert taught.remarks == (NOT_WANTED,)


def test_rows_that_tell_nothing_are_said_to() -> None:
    assert Tongues(detector=DETECTOR).learn(["x", "12"]).remarks == (NOT_LEARNT,)
