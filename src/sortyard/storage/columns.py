"""Values as they lie in the database, such that neither SQLite nor PostgreSQL refuses any."""

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

# PostgreSQL takes no NUL, and UTF-8 no half of a surrogate pair; DLE begins what stands for them.
_ODD: Final = re.compile("[\x00\x10\ud800-\udfff]")
_ESCAPED: Final = re.compile("\x10([0-9a-f]{4})")
DIGEST_BYTES: Final = 16
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))


class Words(TypeDecorator[str]):
    """Any text at all."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- the same everywhere
        return None if value is None else escaped(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- the same everywhere
        return None if value is None else unescaped(value)


class Json(TypeDecorator[Any]):
    """A JSON value, as a line of ASCII."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002 -- the same everywhere
        return _ENCODER.encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002 -- the same everywhere
        return None if value is None else json.loads(value)


class Moment(TypeDecorator[datetime]):
    """A moment with its zone, which comes back in UTC; SQLite knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        known = dialect.name == "postgresql"
        return value.astimezone(UTC) if known else value.replace(tzinfo=UTC)


def escaped(text: str) -> str:
    """Write the few characters that a database may refuse as others."""
    if _ODD.search(text) is None:
        return text
    return _ODD.sub(lambda found: f"\x10{ord(found[0]):04x}", text)


def unescaped(text: str) -> str:
    """Undo `escaped`."""
    if "\x10" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def digest(*parts: str) -> bytes:
    """Give a key of fixed width for texts of any length, which no index could hold."""
    words = "".join([f"{len(part)}:{part}" for part in parts])
    encoded = words.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(encoded, digest_size=DIGEST_BYTES).digest()
