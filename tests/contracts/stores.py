"""Stores for tests: a new SQLite file, or a schema of our own on a real PostgreSQL."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.schema import CreateSchema, DropSchema

from sortyard.domain.errors import StoreAway
from sortyard.storage.database import Database
from sortyard.storage.migrating import migrate

KINDS = ("sqlite", "postgresql")
POSTGRES = os.environ.get("SORTYARD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def lent_url(kind: str, folder: Path) -> Iterator[str]:
    """Lend the URL of an empty store of one kind, which is gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store.db'}"
        return
    name = f"sortyard_test_{secrets.token_hex(8)}"
    server = Database.open(POSTGRES)
    try:
        with server.writing() as connection:
            connection.execute(CreateSchema(name))
    except StoreAway as away:
        pytest.skip(f"there is no PostgreSQL to test with: {away.problem}")
    try:
        yield f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}options=-csearch_path%3D{name}"
    finally:
        with server.writing() as connection:
            connection.execute(DropSchema(name, cascade=True))
        server.close()


@contextmanager
def lent_store(kind: str, folder: Path) -> Iterator[Database]:
    """Lend a store of one kind, with all of its tables; only its audit log has an entry."""
    with lent_url(kind, folder) as url:
        database = Database.open(url)
        try:
            migrate(database, by="root", at=datetime.now(UTC))
            yield database
        finally:
            database.close()
