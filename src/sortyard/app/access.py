"""API keys of a workspace: made, listed, revoked and rotated, with every act in the audit log."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sortyard.app.deeds import record
from sortyard.app.storing import has_store, open_store
from sortyard.app.workspace import Workspace
from sortyard.domain.access import ApiKey, Scope
from sortyard.domain.errors import InvalidUsage
from sortyard.serving.access import hash_of
from sortyard.storage.keys import Keys

ID_BYTES = 6
NAME_LENGTH = 100  # characters
SECRET_BYTES = 32  # too many to guess, so that a plain hash of them is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a key opens, for how many days, and how often it may ask in a minute."""

    scopes: frozenset[Scope] = frozenset({Scope.CLASSIFY})
    days: int | None = None
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key, with the secret that is shown once and kept nowhere."""

    key: ApiKey
    secret: str


def create_key(workspace: Workspace, name: str, terms: Terms, *, at: datetime) -> Issued:
    """
    Make a key; `InvalidUsage` for a name that a live one has already, or that is no name.

    The store is made where there is none yet.
    """
    _check_name(name)
    with _keys(workspace) as keys:
        if any(key.name == name and key.is_live(at) for key in keys.all()):
            raise InvalidUsage(
                f"There is a key named {name!r} already.",
                "Choose another name, or `sortyard keys rotate` that one.",
            )
        ends = None if terms.days is None else at + timedelta(days=terms.days)
        issued = _issue(
            ApiKey(
                id=secrets.token_hex(ID_BYTES),
                name=name,
                hash="",
                scopes=terms.scopes,
                created=at,
                expires=ends,
                per_minute=terms.per_minute,
            )
        )
        keys.add(issued.key)
    _record(workspace, "create-key", issued.key, at=at)
    return issued


def keys_of(workspace: Workspace) -> tuple[ApiKey, ...]:
    """Give every key that was ever made, the newest first."""
    if not has_store(workspace):
        return ()
    with _keys(workspace) as keys:
        return tuple(reversed(keys.all()))


def revoke_keys(workspace: Workspace, name: str, *, at: datetime) -> tuple[ApiKey, ...]:
    """End the key with an id, or every live key with a name. Raises `InvalidUsage` for neither."""
    with _keys(workspace) as keys:
        found = _named(keys, name, at)
        for key in found:
            keys.revoke(key.id, at=at)
    for key in found:
        _record(workspace, "revoke-key", key, at=at)
    return tuple(replace(key, revoked=at) for key in found)


def rotate_key(workspace: Workspace, name: str, *, grace: timedelta, at: datetime) -> Issued:
    """
    Make a key that opens what another does, and end that one after a while.

    A name stands for its newest live key. Raises `InvalidUsage` where there is none.
    """
    with _keys(workspace) as keys:
        old = _named(keys, name, at)[-1]
        ends = None if old.expires is None else at + (old.expires - old.created)
        fresh = replace(old, id=secrets.token_hex(ID_BYTES), created=at, expires=ends)
        issued = _issue(fresh)
        keys.add(issued.key)
        keys.expire(old.id, at=min(at + grace, old.expires or at + grace))
    _record(workspace, "rotate-key", issued.key, at=at, before=old.id)
    return issued


def facts_of(key: ApiKey) -> dict[str, Any]:
    """Describe a key, without its hash, as scripts read it."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created": key.created.isoformat(),
        "expires": _moment(key.expires),
        "revoked": _moment(key.revoked),
        "per_minute": key.per_minute,
    }


def facts_of_issue(issued: Issued) -> dict[str, Any]:
    """Describe a new key with its secret, this once."""
    return facts_of(issued.key) | {"secret": issued.secret}


def _issue(key: ApiKey) -> Issued:
    """Give a key its secret: whoever sends it names the key first."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return Issued(replace(key, hash=hash_of(secret)), f"sy_{key.id}_{secret}")


def _check_name(name: str) -> None:
    """Refuse a name that nobody could read in a list, or give again."""
    if name != name.strip() or not name.isprintable() or not 1 <= len(name) <= NAME_LENGTH:
        raise InvalidUsage(
            "A key cannot have this name.",
            f"Give 1 to {NAME_LENGTH} characters that can be seen, such as `helpdesk`.",
        )


def _named(keys: Keys, name: str, at: datetime) -> list[ApiKey]:
    live = [key for key in keys.all() if key.is_live(at)]
    found = [key for key in live if key.id == name] or [key for key in live if key.name == name]
    if not found:
        raise InvalidUsage(
            f"No key that opens anything has the id or the name {name!r}.",
            "`sortyard keys list` shows them all.",
        )
    return found


def _record(workspace: Workspace, act: str, key: ApiKey, *, at: datetime, **facts: str) -> None:
    record(workspace, act, key.id, at=at, facts={"name": key.name, **facts})


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


@contextmanager
def _keys(workspace: Workspace) -> Iterator[Keys]:
    with open_store(workspace) as database:
        yield Keys(database)
