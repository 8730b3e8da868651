"""One tiny release for all tests of serving: it never changes, so it is trained once."""

import pytest

from sortyard.models.classifier import Classifier
from tests.contracts.tiny_release import train_tiny


@pytest.fixture(scope="session")
def trained() -> Classifier:
    return train_tiny().named("r1")
