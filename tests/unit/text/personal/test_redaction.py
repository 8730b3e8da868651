"""Personal data goes as the policy says, and stays gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import Entity
from sortyard.text.personal.finding import find
from sortyard.text.personal.policy import Policy, Treatment
from sortyard.text.personal.redaction import Redactor
from sortyard.text.personal.tokens import Tokens
from tests.contracts.name_finders import KnownNames
from tests.unit.text.personal.pieces import nasty

TEXT = "I am Anna, write to anna@example.org or call 0170 1234567."
TOKENS = Tokens(bytes(32))

treatments = st.sampled_from([Treatment.REDACT, Treatment.DROP, Treatment.HASH])
patterned = st.sampled_from([entity for entity in Entity if not entity.needs_a_model])
policies = st.builds(
    Policy, st.sampled_from(Treatment), st.dictionaries(patterned, st.sampled_from(Treatment))
)


def redactor(*words: str, names: KnownNames | None = None) -> Redactor:
    return Redactor.of(Policy.of(words, "here"), TOKENS, names, source="here")


def test_a_placeholder_stands_in_its_place() -> None:
    assert redactor("redact")(TEXT) == "I am Anna, write to <EMAIL> or call <PHONE>."


def test_what_is_dropped_leaves_nothing() -> None:
    assert redactor("redact", "email=drop")(TEXT) == "I am Anna, write to  or call <PHONE>."


def test_what_stood_around_it_is_no_new_word() -> None:
    assert redactor("drop")("a:anna@example.org:b") == "a: :b"


def test_what_is_kept_stays() -> None:
    assert redactor("keep")(TEXT) == TEXT


def test_the_same_value_has_the_same_token() -> None:
    once, _, again = redactor("hash")("0170 1234567 and 0170/1234567").partition(" and ")

    assert once == again
    assert once.startswith("<PHONE:")


def test_names_are_found_where_somebody_knows_them() -> None:
    names = KnownNames({"Anna": Entity.NAME})

    redacted = redactor("redact", "name=redact", names=names)(TEXT)

    assert redacted == "I am <NAME>, write to <EMAIL> or call <PHONE>."


def test_a_name_within_something_else_is_not_cut_out_of_it() -> None:
    names = KnownNames({"anna": Entity.NAME})

    redacted = redactor("keep", "name=redact", names=names)("anna, anna@example.org")

    assert redacted == "<NAME>, anna@example.org"


def test_what_was_taken_out_is_counted() -> None:
    counts = redactor("redact", "phone=drop", "url=keep").redact(f"{TEXT} See example.org").counts

    assert counts == {Entity.EMAIL: 1, Entity.PHONE: 1}


@given(policies, nasty)
def test_never_raises_and_twice_is_once(policy: Policy, text: str) -> None:
    redact = Redactor(policy, TOKENS)

    once = redact(text)

    assert redact(once) == once


@given(nasty, treatments)
def test_nothing_that_can_be_found_is_left(text: str, treatment: Treatment) -> None:
    assert find(Redactor(Policy(treatment), TOKENS)(text)) == ()


def test_a_hash_takes_a_key() -> None:
    with pytest.raises(InvalidSettings, match="`hash` takes a key"):
        Redactor.of(Policy.of(("hash",), "here"), None, None, source="here")


def test_names_take_somebody_who_knows_them() -> None:
    with pytest.raises(InvalidSettings, match="found by a model of language"):
        Redactor.of(Policy.of(("name=redact",), "here"), None, None, source="here")
