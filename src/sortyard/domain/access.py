"""Who may do what: API keys and their scopes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a key allows; `admin` allows everything."""

    CLASSIFY = "classify"
    REVIEW = "review"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """
    A key as it is kept: never the secret, only its hash.

    `id` is public: the part of the secret that comes first, and that logs may name. `per_minute`
    limits requests; None takes the server's limit. A key that was revoked or has expired allows
    nothing.
    """

    id: str
    name: str
    hash: (
        str  # SHA-256 of the secret, as hex: the secret is random, so that no slower one is needed
    )
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    per_minute: int | None = None

    def allows(self, scope: Scope, *, at: datetime) -> bool:
        """Tell whether the key opens a scope at a moment."""
        return self.is_live(at) and not self.scopes.isdisjoint({scope, Scope.ADMIN})

    def is_live(self, at: datetime) -> bool:
        """Tell whether the key opens anything at a moment."""
        ended = [moment for moment in (self.expires, self.revoked) if moment is not None]
        return all(at < moment for moment in ended)
