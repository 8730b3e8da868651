"""A workspace with a small trained release, made once a session."""

import json
import shutil
from pathlib import Path
from random import Random

import pytest

import sortyard as library
from tests.functional.tickets import write_tickets
from tests.unit.cli.conftest import Ended, Sortyard, sortyard

__all__ = ["Ended", "Sortyard", "sortyard"]  # the fixture is shared, and so are its types

TICKETS = 240


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    return write_tickets(folder / "tickets.csv", count=TICKETS, random=Random(4))


@pytest.fixture(scope="session")
def trained(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose release nobody may change."""
    folder = tmp_path_factory.mktemp("trained") / "support"
    library.train(archive, workspace=folder, recipe="quick")
    return folder


@pytest.fixture
def workspace(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained workspace, to do with as one likes."""
    return Path(shutil.copytree(trained, tmp_path / "support"))


@pytest.fixture
def release(workspace: Path) -> str:
    return (workspace / ".sortyard" / "champion").read_text().strip()


def objects(out: str) -> list[dict[str, object]]:
    """Read one JSON object a line."""
    return [json.loads(line) for line in out.splitlines()]
