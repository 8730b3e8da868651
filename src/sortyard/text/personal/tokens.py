"""
Tokens for values: the same value has the same token, and nobody without the key can tell more.

A plain hash of a telephone number is undone by trying all of them; with a key (HMAC, RFC 2104) that
takes the key. Twelve hexadecimal digits tell a million values apart but for a chance of 1 in 500.
"""

import base64
import hmac
import re
from dataclasses import dataclass, field
from typing import Final

from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.entities import Entity

DIGITS: Final = 12
KEY_BYTES: Final = 32
_PURPOSE: Final = b"sortyard personal data"
_BLANKS: Final = re.compile(r"[\W_]+")
_AS_WRITTEN: Final = {Entity.EMAIL, Entity.URL, Entity.IP}  # their signs matter


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes tokens under one key."""

    key: bytes = field(repr=False)

    def placeholder(self, entity: Entity, value: str) -> str:
        """Stand for a value, as `<EMAIL:3f9a01c2b4d5>`, however it was written."""
        words = f"{entity}\0{canonical(entity, value)}".encode("utf-8", "surrogatepass")
        own = hmac.digest(self.key, _PURPOSE, "sha256")  # or one key would serve two purposes
        return f"<{entity.name}:{hmac.digest(own, words, 'sha256').hex()[:DIGITS]}>"


def canonical(entity: Entity, value: str) -> str:
    """Write a value in the one way that all of its spellings share."""
    if entity in _AS_WRITTEN:
        return value.casefold()
    if entity is Entity.PHONE:
        return re.sub("[^0-9]", "", value).lstrip("0")
    return _BLANKS.sub("" if entity in _NUMBERS else " ", value).strip().casefold()


_NUMBERS: Final = {Entity.CARD, Entity.IBAN, Entity.NATIONAL_ID}


def read_key(words: str, source: str) -> bytes:
    """
    Read a key: base64 of 32 bytes, as `openssl rand -base64 32` makes one.

    Raises `InvalidSettings`, which never quotes it.
    """
    try:
        key = base64.b64decode(words.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise InvalidSettings(source, [f"the key is not {KEY_BYTES} bytes as base64"])
    return key
