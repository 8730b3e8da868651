"""The keys of the store, and those of the last look at it where it is away."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sortyard.app.access import facts_of
from sortyard.app.files import replacing
from sortyard.app.storing import OWNER_ONLY
from sortyard.domain.access import ApiKey, Scope
from sortyard.domain.errors import CannotWrite, StoreAway
from sortyard.storage.keys import Keys


class RememberedKeys:
    """
    A `KeyBook` that a server can start with although its database is away.

    It remembers the keys, which are hashes, in a file that only its owner reads. Where there is no
    such file yet, it cannot be known who may ask, and `all` raises `StoreAway`.
    """

    def __init__(self, keys: Keys, file: Path) -> None:
        self._keys = keys
        self._file = file
        self._written: tuple[ApiKey, ...] | None = None

    def all(self) -> tuple[ApiKey, ...]:
        """Give every key."""
        try:
            found = self._keys.all()
        except StoreAway:
            remembered = _read(self._file)
            if remembered is None:
                raise
            return remembered
        if found != self._written:
            with suppress(CannotWrite):  # as on a full disk, which shuts nobody out
                _write(self._file, found)
                self._written = found
        return found


def _write(file: Path, keys: tuple[ApiKey, ...]) -> None:
    with replacing(file) as draft:
        draft.chmod(OWNER_ONLY)
        draft.write_text(json.dumps([facts_of(key) | {"hash": key.hash} for key in keys]))


def _read(file: Path) -> tuple[ApiKey, ...] | None:
    try:
        return tuple(_parsed(facts) for facts in json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _parsed(facts: Mapping[str, Any]) -> ApiKey:
    moments = {
        name: None if facts[name] is None else datetime.fromisoformat(facts[name])
        for name in ("created", "expires", "revoked")
    }
    return ApiKey(**{**facts, **moments, "scopes": frozenset(map(Scope, facts["scopes"]))})
