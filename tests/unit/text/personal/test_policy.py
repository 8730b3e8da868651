"""A policy is read from settings, and says what to do with every kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import PATTERNED, Entity
from sortyard.text.personal.policy import Policy, Treatment


def test_without_a_word_everything_that_a_pattern_finds_is_redacted() -> None:
    assert Policy.of((), "here").those(Treatment.REDACT) == PATTERNED


def test_names_are_kept_unless_they_are_named() -> None:
    policy = Policy.of(("redact", "name=drop"), "here")

    assert policy.treatment(Entity.NAME) is Treatment.DROP
    assert policy.treatment(Entity.PLACE) is Treatment.KEEP
    assert policy.needs_a_model


def test_a_kind_may_have_a_treatment_of_its_own() -> None:
    policy = Policy.of(("keep", "card=redact", "email = hash"), "here")

    assert policy.those(Treatment.REDACT) == (Entity.CARD,)
    assert policy.those(Treatment.HASH) == (Entity.EMAIL,)
    assert policy.hashes
    assert not policy.needs_a_model


@given(st.dictionaries(st.sampled_from(Entity), st.sampled_from(Treatment)))
def test_what_is_written_is_what_is_done(named: dict[Entity, Treatment]) -> None:
    policy = Policy.of([f"{entity}={treatment}" for entity, treatment in named.items()], "here")

    assert {entity: policy.treatment(entity) for entity in named} == named


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["mask"], "'mask' is none of redact, drop, hash, keep"),
        (["redcat"], "Did you mean 'redact'"),
        (["emial=keep"], "Did you mean 'email'"),
        (["email=gone"], "'email' can be redact, drop, hash, keep, not 'gone'"),
        (["redact", "keep"], "both for every kind"),
        ([""], "'' is none of"),
    ],
)
def test_a_word_that_means_nothing_is_refused(words: list[str], why: str) -> None:
    with pytest.raises(InvalidSettings, match=why):
        Policy.of(words, "here")


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(InvalidSettings) as refused:
        Policy.of(["mask", "emial=keep"], "here")

    assert len(refused.value.problems) == 2
