"""Keys are kept by their hashes, and what was revoked stays so."""

from datetime import timedelta

import pytest

from sortyard.domain.access import ApiKey, Scope
from sortyard.domain.errors import InvalidUsage
from sortyard.storage.database import Database
from sortyard.storage.keys import Keys
from tests.contracts.sinks import NOON

LATER = NOON + timedelta(hours=1)


def _key(name: str = "k1", **changes: object) -> ApiKey:
    facts = {
        "id": name,
        "name": "help desk",
        "hash": "ab" * 32,
        "scopes": frozenset({Scope.CLASSIFY, Scope.REVIEW}),
        "created": NOON,
        "per_minute": 600,
    }
    return ApiKey(**(facts | changes))  # type: ignore[arg-type]


def test_a_key_comes_back_as_it_was(database: Database) -> None:
    keys, key = Keys(database), _key(expires=LATER)
    keys.add(key)

    assert keys.find("k1") == key
    assert keys.find("k2") is None


def test_an_id_is_given_once(database: Database) -> None:
    keys = Keys(database)
    keys.add(_key())

    with pytest.raises(InvalidUsage, match="'k1'"):
        keys.add(_key(hash="cd" * 32))
    assert keys.all() == (_key(),)


def test_keys_are_listed_from_the_oldest(database: Database) -> None:
    keys = Keys(database)
    for number in (3, 1, 2):
        keys.add(_key(f"k{number}", created=NOON + timedelta(minutes=number)))

    assert [key.id for key in keys.all()] == ["k1", "k2", "k3"]


def test_a_key_is_revoked_once(database: Database) -> None:
    keys = Keys(database)
    keys.add(_key())

    assert [keys.revoke("k1", at=at) for at in (NOON, LATER)] == [True, False]
    assert keys.find("k1") == _key(revoked=NOON)
    assert not keys.revoke("k2", at=NOON)


def test_a_key_can_be_given_an_end(database: Database) -> None:
    """A rotated key lives on for a while, though never longer than it would have."""
    keys = Keys(database)
    keys.add(_key())

    assert [keys.expire("k1", at=at) for at in (LATER, LATER + timedelta(days=1))] == [True, False]
    assert keys.find("k1") == _key(expires=LATER)


@pytest.mark.parametrize(
    ("changes", "live"),
    [
        ({}, True),
        ({"expires": LATER}, True),
        ({"expires": NOON}, False),
        ({"revoked": NOON}, False),
        ({"expires": LATER, "revoked": NOON}, False),
    ],
)
def test_a_store_knows_whether_any_key_opens_anything(
    database: Database, changes: dict[str, object], *, live: bool
) -> None:
    keys = Keys(database)
    assert not keys.any_live(NOON)

    keys.add(_key(**changes))
    assert keys.any_live(NOON) is live is _key(**changes).is_live(NOON)
