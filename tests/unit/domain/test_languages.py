"""Who reads a message in another language is written in a few words."""

import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.domain.languages import (
    TO_A_PERSON,
    USUAL,
    LanguageRoute,
    check_languages,
    read_routes,
)


def test_a_person_reads_what_nothing_is_written_for() -> None:
    assert read_routes([], source="here") == TO_A_PERSON


def test_one_language_may_go_elsewhere() -> None:
    routes = read_routes(["review", "fr=translate", "nl = model"], source="here")

    assert routes == {
        USUAL: LanguageRoute.REVIEW,
        "fr": LanguageRoute.TRANSLATE,
        "nl": LanguageRoute.MODEL,
    }


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("revue", "'revue' is none of model, translate, review \\(Did you mean 'review'"),
        ("fr=spam", "'spam' is none of"),
        ("French=model", "'French' is no code of a language"),
    ],
)
def test_a_wrong_route_is_refused(entry: str, problem: str) -> None:
    with pytest.raises(InvalidSettings, match=problem):
        read_routes([entry], source="here")


def test_codes_are_read_in_any_case() -> None:
    assert check_languages(["EN", " de", "any"], source="here") == ("en", "de", "any")


def test_a_name_is_no_code() -> None:
    with pytest.raises(InvalidSettings, match="'english' is no code of a language"):
        check_languages(["english"], source="here")
