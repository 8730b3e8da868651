"""A `KeyBook` in memory, and keys to write into it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Self

from sortyard.domain.access import ApiKey, Scope
from sortyard.serving.access import hash_of

CREATED = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key with its secret, as its owner has it."""

    key: ApiKey
    secret: str

    @classmethod
    def of(cls, name: str, *scopes: Scope, per_minute: int | None = None) -> Self:
        secret = f"{name}-is-a-secret-of-some-length"
        key = ApiKey(
            id=name,
            name=name,
            hash=hash_of(secret),
            scopes=frozenset(scopes),
            created=CREATED,
            per_minute=per_minute,
        )
        return cls(key, secret)

    @property
    def authorization(self) -> str:
        return f"Bearer sy_{self.key.id}_{self.secret}"


@dataclass(slots=True)
class MemoryBook:
    """Every key that was ever made."""

    keys: list[ApiKey] = field(default_factory=list)

    def all(self) -> list[ApiKey]:
        return list(self.keys)

    def revoke(self, name: str) -> None:
        self.keys = [replace(key, revoked=CREATED) if key.id == name else key for key in self.keys]
