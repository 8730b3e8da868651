"""Every test that asks for a store runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sortyard.storage.database import Database
from tests.contracts.stores import KINDS, lent_store, lent_url


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store that has no tables yet."""
    with lent_url(request.param, tmp_path) as lent:
        yield lent


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty store."""
    with lent_store(request.param, tmp_path) as lent:
        yield lent


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Database]:
    """An empty store on PostgreSQL."""
    with lent_store("postgresql", tmp_path) as lent:
        yield lent


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An empty store in a file."""
    with lent_store("sqlite", tmp_path) as lent:
        yield lent
