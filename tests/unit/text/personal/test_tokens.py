"""A token stands for a value under a key, and tells nothing without it."""

import base64
import re

import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import PLACEHOLDER, Entity
from sortyard.text.personal.tokens import Tokens, read_key

KEY = bytes(range(32))
TOKENS = Tokens(KEY)


@pytest.mark.parametrize(
    ("entity", "one", "other"),
    [
        (Entity.EMAIL, "Anna@Example.org", "anna@example.org"),
        (Entity.CARD, "4111 1111 1111 1111", "4111-1111-1111-1111"),
        (Entity.IBAN, "DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
        (Entity.PHONE, "+49 (30) 1234567", "0049 30/1234567"),
        (Entity.NAME, "Anna  Müller", "anna müller"),
    ],
)
def test_spellings_of_one_value_share_a_token(entity: Entity, one: str, other: str) -> None:
    assert TOKENS.placeholder(entity, one) == TOKENS.placeholder(entity, other)


def test_other_values_kinds_and_keys_have_other_tokens() -> None:
    made = [
        TOKENS.placeholder(Entity.EMAIL, "anna@example.org"),
        TOKENS.placeholder(Entity.EMAIL, "ann@example.org"),
        TOKENS.placeholder(Entity.URL, "anna@example.org"),
        Tokens(KEY[::-1]).placeholder(Entity.EMAIL, "anna@example.org"),
    ]

    assert len(set(made)) == len(made)


@pytest.mark.parametrize("entity", Entity)
def test_a_token_is_a_placeholder(entity: Entity) -> None:
    assert PLACEHOLDER.fullmatch(TOKENS.placeholder(entity, "a value \ud83d"))


def test_a_token_shows_its_kind() -> None:
    assert re.fullmatch("<EMAIL:[0-9a-f]{12}>", TOKENS.placeholder(Entity.EMAIL, "a@b.org"))


def test_no_key_is_shown() -> None:
    assert repr(KEY)[2:-1] not in repr(TOKENS)


def test_a_key_is_read_as_it_is_made() -> None:
    assert read_key(f"{base64.b64encode(KEY).decode()}\n", "here") == KEY


@pytest.mark.parametrize("words", ["", "secret", "c2VjcmV0", "ключ"])
def test_a_key_that_is_none_is_refused_and_not_quoted(words: str) -> None:
    with pytest.raises(InvalidSettings, match="the key is not 32 bytes as base64") as refused:
        read_key(words, "here")

    assert not words or words not in str(refused.value)
