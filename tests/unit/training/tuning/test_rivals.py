"""Rivals are siblings, near neighbours and labels that were confused."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from sortyard.training.tuning.rivals import MOST, NOBODY, Rivals, families_of

seeds = st.integers(0, 1_000)


def directions(count: int, seed: int) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@given(st.integers(1, 30), seeds)
def test_nobody_is_its_own_rival(count: int, seed: int) -> None:
    rivals = Rivals.of(directions(count, seed), np.arange(count))
    drawn = rivals.draw(np.arange(count), np.random.default_rng(seed))

    assert rivals.others.shape == (count, min(MOST, count - 1))
    assert (drawn != np.arange(count)).all()
    assert (drawn == NOBODY).all() == (count == 1)
    assert np.allclose(rivals.chances.sum(axis=1), float(count > 1))


@given(st.integers(2, 40), seeds)
def test_the_nearest_label_is_the_likeliest_rival(count: int, seed: int) -> None:
    near = directions(count, seed)
    cosines = near @ near.T - 2 * np.eye(count)
    rivals = Rivals.of(near, np.arange(count))
    likeliest = np.take_along_axis(
        rivals.others, rivals.chances.argmax(axis=1)[:, None], axis=1
    ).ravel()

    assert (likeliest == cosines.argmax(axis=1)).all()


def test_a_label_that_it_was_taken_for_comes_first() -> None:
    near = directions(12, 4)
    farthest = int((near @ near[0]).argmin())
    confusions = sparse.csr_array(([3.0], ([0], [farthest])), shape=(12, 12))
    rivals = Rivals.of(near, np.arange(12), confusions)

    assert rivals.others[0, rivals.chances[0].argmax()] == farthest


def test_only_labels_below_one_parent_are_siblings() -> None:
    families = families_of(("a/x", "b", "a/y", "c", "c/d/z", "c/d/w"))

    assert families[0] == families[2]
    assert families[4] == families[5]
    assert len(set(families.tolist())) == 4
