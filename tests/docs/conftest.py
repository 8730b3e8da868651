"""What the code in the guide finds: an archive, and a release."""

import shutil
from pathlib import Path

import pytest

from tests.functional.conftest import archive, trained

__all__ = ["archive", "trained"]


@pytest.fixture
def desk(archive: Path, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a reader tries the guide."""
    shutil.copy(archive, tmp_path / "tickets.csv")
    champion = (trained / ".sortyard" / "champion").read_text().strip()
    shutil.copytree(trained / ".sortyard" / "releases" / champion, tmp_path / "path/or/release-id")
    monkeypatch.chdir(tmp_path)
    return tmp_path
