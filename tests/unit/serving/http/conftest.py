"""One front for all tests that leave it as it is."""

from collections.abc import Iterator

import pytest

from sortyard.models.classifier import Classifier
from tests.contracts.http_fronts import Front, open_front
from tests.contracts.loops import Loop


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def front(loop: Loop, trained: Classifier) -> Iterator[Front]:
    with open_front(loop, trained) as front:
        yield front
