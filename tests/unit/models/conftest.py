"""One tiny release for all tests of the models: it never changes, so it is trained once."""

from pathlib import Path

import pytest

from sortyard.models.classifier import Classifier
from tests.contracts.tiny_release import train_tiny, write_tiny


@pytest.fixture(scope="session")
def trained() -> Classifier:
    return train_tiny()


@pytest.fixture(scope="session")
def bundle(trained: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole bundle, to be copied before anybody breaks it."""
    folder = tmp_path_factory.mktemp("bundle") / "release"
    write_tiny(trained, folder)
    return folder
