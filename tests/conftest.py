"""What every tier shares: a seeded generator, and the real data where it is at hand."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

# A machine that is busy is no fault of the code, so no example has a deadline.
settings.register_profile("sortyard", deadline=None)
settings.load_profile("sortyard")

BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets; a clone without it skips what needs it."""
    folder = Path(os.environ.get("SORTYARD_DATA", BESIDE_THE_CHECKOUT))
    if not folder.is_dir():
        pytest.skip(f"the public data sets are not here: {folder} does not exist")
    return folder
