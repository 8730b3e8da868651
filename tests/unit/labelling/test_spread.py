"""Messages that lie apart, and messages that stand for many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.labelling.spread import spread, typical


def _groups(rng: np.random.Generator, sizes: list[int]) -> tuple[NDArray, NDArray]:
    """Make texts that fall into groups far apart, and say which is of which."""
    centres = np.eye(len(sizes), 16)
    group = np.repeat(np.arange(len(sizes)), sizes)
    vectors = centres[group] + rng.normal(scale=0.05, size=(len(group), 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), group


def test_one_of_every_group_is_chosen(rng: np.random.Generator) -> None:
    vectors, group = _groups(rng, [5, 30, 8, 40])

    rows = spread(vectors, np.ones(len(vectors), dtype=np.float32), 4, rng=rng)

    assert sorted(group[rows]) == [0, 1, 2, 3]


def test_the_largest_groups_are_stood_for_first(rng: np.random.Generator) -> None:
    vectors, group = _groups(rng, [6, 30, 9, 40])
    nothing = np.zeros((0, 16), dtype=np.float32)

    first = typical(vectors, nothing, 4, rng=rng)

    assert sorted(group[first]) == [0, 1, 2, 3]


def test_what_is_known_is_not_asked_again(rng: np.random.Generator) -> None:
    vectors, group = _groups(rng, [10, 10, 10])
    known = vectors[[0, 10]]  # of the first two groups

    (row,) = typical(vectors, known, 1, rng=rng)

    assert group[row] == 2


@pytest.mark.parametrize("count", [10, 11, 500])
def test_there_are_never_more_than_there_are(rng: np.random.Generator, count: int) -> None:
    vectors, _ = _groups(rng, [6, 4])
    nothing = np.zeros((0, 16), dtype=np.float32)

    chosen = spread(vectors, np.ones(10, dtype=np.float32), count, rng=rng)

    assert (chosen.tolist(), typical(vectors, nothing, count, rng=rng).tolist()) == (
        list(range(10)),
        list(range(10)),
    )


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(1, 40),
    count=st.integers(1, 40),
    kinds=st.integers(1, 40),
    seed=st.integers(0, 99),
)
def test_no_row_is_chosen_twice_and_none_is_missing(
    rows: int, count: int, kinds: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(kinds, 4))[np.arange(rows) % kinds].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    weights = rng.random(rows).astype(np.float32)
    nothing = np.zeros((0, 4), dtype=np.float32)

    for chosen in (
        spread(vectors, weights, count, rng=rng),
        typical(vectors, nothing, count, rng=rng),
    ):
        assert len(set(chosen.tolist())) == len(chosen) == min(rows, count)
