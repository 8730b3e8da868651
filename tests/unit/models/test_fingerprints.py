"""A release knows the texts that it was trained on, and holds none of them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from sortyard.domain.errors import DamagedBundle
from sortyard.models.fingerprints import Fingerprints
from sortyard.models.manifest import FINGERPRINTS

LAW = settings(deadline=None)  # a busy machine breaks no law
WORDS = st.text("abcdefgh", min_size=1, max_size=8)


@LAW
@given(st.lists(WORDS), st.lists(WORDS))
def test_it_counts_what_was_there_and_nothing_else(known: list[str], asked: list[str]) -> None:
    made = Fingerprints.of(known, key=b"k")
    assert made.count(asked) == sum(one in known for one in asked)


def test_they_come_back_from_the_disk(tmp_path: Path) -> None:
    made = Fingerprints.of(["one", "two", "two"], key=b"\x00key\x00")
    made.write(tmp_path)
    found = Fingerprints.read(tmp_path)
    assert found is not None
    assert (found.key, found.marks.tolist()) == (made.key, made.marks.tolist())
    assert found.count(["two", "three"]) == 1


def test_no_text_is_in_the_file(tmp_path: Path) -> None:
    Fingerprints.of(["a most confidential matter"], key=b"k").write(tmp_path)
    assert b"confidential" not in (tmp_path / FINGERPRINTS).read_bytes()


def test_a_hundred_thousand_texts_take_less_than_a_megabyte(tmp_path: Path) -> None:
    Fingerprints.of(map(str, range(100_000)), key=b"k").write(tmp_path)
    assert (tmp_path / FINGERPRINTS).stat().st_size < 1_000_000


def test_of_very_many_texts_a_fair_sample_is_known() -> None:
    made = Fingerprints.of(map(str, range(2_000)), key=b"k", most=1_000)
    assert len(made.marks) == 1_000
    assert 400 < made.count([str(one) for one in range(1_000)]) < 600


def test_a_release_without_them_says_nothing(tmp_path: Path) -> None:
    assert Fingerprints.read(tmp_path) is None


MARKS = np.arange(3, dtype=np.uint64)
KEY = np.zeros(4, dtype=np.uint8)


@pytest.mark.parametrize(
    "arrays",
    [
        {"marks": MARKS},
        {"key": np.zeros(65, dtype=np.uint8), "marks": MARKS},
        {"key": KEY, "marks": MARKS.astype(np.float32)},
        {"key": KEY, "marks": MARKS.reshape(1, 3)},
    ],
)
def test_what_cannot_be_fingerprints_is_refused(
    tmp_path: Path, arrays: dict[str, np.ndarray]
) -> None:
    save_file(arrays, tmp_path / FINGERPRINTS)
    with pytest.raises(DamagedBundle):
        Fingerprints.read(tmp_path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FINGERPRINTS).write_bytes(b"no numbers")
    with pytest.raises(DamagedBundle):
        Fingerprints.read(tmp_path)
