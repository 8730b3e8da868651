"""
Who may ask for what: the keys of callers, their scopes, and how often each may ask.

While no key exists, every caller on this machine may do everything and nobody else anything. From
the first key on everybody needs one, and that stays so when all keys are revoked.
"""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Protocol

from sortyard.domain.access import ApiKey, Scope
from sortyard.domain.errors import Forbidden, RateLimited, StoreAway, Unauthorised
from sortyard.serving.ports import Now, utc_now
from sortyard.serving.rates import Counter, Rates

EVERY = 2.5  # seconds between two looks at the keys, so that a revoked one is out within five
KEY = re.compile(r"sy_([0-9A-Za-z-]{4,64})_([0-9A-Za-z_-]{16,256})", re.ASCII)
SCHEME = "bearer "
LONGEST_HEADER = 512  # characters


class KeyBook(Protocol):
    """The keys that were ever made, with those that have ended."""

    def all(self) -> Iterable[ApiKey]:
        """Give every key. Raises StoreAway."""
        ...


@dataclass(frozen=True, slots=True)
class GivenKey:
    """A key as a caller sends it, `sy_ID_SECRET`, taken apart."""

    id: str
    secret: str

    @classmethod
    def parse(cls, authorization: str | None) -> "GivenKey | None":
        """Read an `Authorization` header; None for whatever is not `Bearer` and a key."""
        if authorization is None or len(authorization) > LONGEST_HEADER:
            return None
        scheme, given = authorization[: len(SCHEME)], authorization[len(SCHEME) :]
        found = KEY.fullmatch(given.strip(" ")) if scheme.lower() == SCHEME else None
        return None if found is None else cls(*found.groups())

    def opens(self, key: ApiKey) -> bool:
        """Tell whether this is that key, in the same time whether or not it is."""
        return hmac.compare_digest(hash_of(self.secret), key.hash)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in. `name` is the id of a key, which logs may name."""

    name: str
    scopes: frozenset[Scope]

    def need(self, scope: Scope) -> None:
        """Raise Forbidden unless the caller may do this."""
        if self.scopes.isdisjoint({scope, Scope.ADMIN}):
            raise Forbidden(scope.value)


LOCAL = Caller("local", frozenset(Scope))  # anybody on this machine, while there are no keys


class Gate:
    """
    Lets callers in.

    It holds all keys in memory, so that a caller with a wrong one costs no look into the store and
    an absent store stops nobody. Where a server has no store there is no book, and so no key. The
    `rates` count how often each key asks; by default it is this gate alone that counts.
    """

    def __init__(
        self,
        book: KeyBook | None = None,
        *,
        per_minute: int | None = None,
        now: Now = utc_now,
        clock: Callable[[], float] = time.monotonic,
        rates: Counter | None = None,
    ) -> None:
        self._book = book
        self._per_minute = per_minute
        self._now = now
        self._rates = Rates(clock) if rates is None else rates
        self._keys: dict[str, ApiKey] = {}
        self._guarded = False

    @property
    def guarded(self) -> bool:
        """Whether callers need a key: whether there ever was one, as far as is known."""
        return self._guarded

    def refresh(self) -> None:
        """Read the keys anew. Raises StoreAway, and then the ones known before stay."""
        if self._book is None:
            return
        self._keys = {key.id: key for key in self._book.all()}
        self._guarded = self._guarded or bool(self._keys)

    async def watch(self, every: float = EVERY) -> None:
        """Read the keys anew every few seconds, until cancelled."""
        while self._book is not None:
            await asyncio.sleep(every)
            try:
                await asyncio.to_thread(self.refresh)
            except StoreAway:
                continue  # who had a key a moment ago has it still

    def admit(self, authorization: str | None, *, local: bool) -> Caller:
        """
        Let a caller in who shows a key, or needs none.

        `local` says that the request was surely made on this machine, by a program of its user and
        not by a page in a browser. Raises Unauthorised and RateLimited.
        """
        if not self._guarded:
            if local:
                return LOCAL
            raise Unauthorised
        key = self._known(authorization)
        self._count(key)
        return Caller(key.id, key.scopes)

    def _known(self, authorization: str | None) -> ApiKey:
        given = GivenKey.parse(authorization)
        key = None if given is None else self._keys.get(given.id)
        if given is None or key is None or not given.opens(key) or not key.is_live(self._now()):
            raise Unauthorised
        return key

    def _count(self, key: ApiKey) -> None:
        allowed = key.per_minute or self._per_minute
        if not allowed:
            return
        wait = self._rates.take(key.id, allowed)
        if wait > 0:
            raise RateLimited(allowed, wait)


def hash_of(secret: str) -> str:
    """Give the form in which a secret is kept."""
    return hashlib.sha256(secret.encode("ascii", "replace")).hexdigest()


@lru_cache(maxsize=1_024)
def is_loopback(host: str | None) -> bool:
    """Tell whether an address or a host name means this very machine."""
    if host is None:
        return False
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def may_listen_on(host: str, gate: Gate) -> bool:
    """Tell whether a server may open an address: one that others reach only once keys exist."""
    return gate.guarded or is_loopback(host)
