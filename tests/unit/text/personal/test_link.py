"""What the models read has placeholders, the same in training and in serving."""

import pytest
from hypothesis import given

from sortyard.domain.errors import InvalidSettings
from sortyard.text.markup import HtmlToText
from sortyard.text.normalise import RepairEncoding, Whitespace
from sortyard.text.personal.entities import Entity
from sortyard.text.personal.link import PersonalData
from sortyard.text.personal.policy import Policy
from sortyard.text.preparation import Preparation
from sortyard.text.window import Window
from tests.unit.text.personal.pieces import nasty


def test_every_kind_that_a_pattern_finds_is_redacted() -> None:
    assert PersonalData()("anna@example.org, 0170 1234567") == "<EMAIL>, <PHONE>"


def test_options_name_kinds() -> None:
    link = PersonalData.of(Policy.of(("keep", "email=drop", "card=redact"), "here"), "here")

    assert link == PersonalData(redact="card", drop="email")


def test_a_release_that_names_fewer_kinds_treats_no_more() -> None:
    """A kind that is added to the program is not added to a release that lacks it."""
    assert PersonalData(redact="email")("anna@example.org, 0170 1234567") == "<EMAIL>, 0170 1234567"


def test_a_policy_that_keeps_everything_is_idle() -> None:
    assert PersonalData.of(Policy.of(("keep",), "here"), "here").is_idle
    assert not PersonalData().is_idle


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("redact", "email=hash"), "email: `hash` has no place in what the models read"),
        (("name=redact",), "a release cannot rest on a model of language"),
    ],
)
def test_what_has_no_place_in_a_release_is_refused(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(InvalidSettings, match=why):
        PersonalData.of(Policy.of(words, "here"), "here")


@pytest.mark.parametrize(
    ("link", "why"),
    [
        (PersonalData(redact="emial"), "'emial' is no kind"),
        (PersonalData(redact="email", drop="email"), "'email' is named twice"),
        (PersonalData(redact="name"), "'name' is no kind"),
        (PersonalData(redact=7), "not 7"),  # type: ignore[arg-type] -- as JSON may have it
    ],
)
def test_options_that_make_no_sense_are_told(link: PersonalData, why: str) -> None:
    assert why in " ".join(link.problems())


CHAIN = Preparation(
    (RepairEncoding(), HtmlToText(), Whitespace(), PersonalData(), Window(head=60, tail=20))
)


@given(nasty)
def test_a_chain_with_it_prepares_once(text: str) -> None:
    once = CHAIN(text)

    assert CHAIN(once) == once


@pytest.mark.parametrize("entity", Entity)
def test_a_placeholder_survives_markup(entity: Entity) -> None:
    """Also where a text was redacted before it is read, and in HTML within escaped HTML."""
    placeholder = entity.placeholder

    assert HtmlToText()(f"<p>Write to {placeholder}, <b>please</b></p>").strip() == (
        f"Write to {placeholder}, please"
    )
    assert CHAIN(f"&lt;p&gt;Write to {placeholder}&lt;/p&gt;") == f"Write to {placeholder}"


def test_a_token_survives_markup() -> None:
    assert CHAIN("<p><EMAIL:0123456789ab></p>") == "<EMAIL:0123456789ab>"


def test_a_release_from_before_still_reads_what_it_read() -> None:
    """Its chain has no such link, and gets none when it is loaded."""
    links = [
        {"name": "encoding", "version": 1, "options": {}},
        {"name": "html", "version": 1, "options": {}},
        {"name": "whitespace", "version": 1, "options": {}},
        {"name": "window", "version": 1, "options": {"head": 2_000, "tail": 500}},
    ]

    assert Preparation.from_dict({"format": 1, "links": links})("anna@example.org") == (
        "anna@example.org"
    )


def test_a_new_release_reads_placeholders() -> None:
    chain = Preparation.default()

    assert chain("anna@example.org") == "<EMAIL>"
    assert Preparation.from_dict(chain.to_dict()) == chain
