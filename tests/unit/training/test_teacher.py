"""What a teacher believes of rows that it did not see."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.training import out_of_fold
from sortyard.training.material import Material
from sortyard.training.recipe import Recipe
from sortyard.training.teacher import MOST_LABELS, beliefs_of
from sortyard.training.truth import Truth
from tests.unit.training.archives import material_of

RECIPE = Recipe(name="tiny")


def _rows(rng: np.random.Generator, labels: NDArray[np.intp], *, labels_in_all: int) -> Material:
    """Rows of one label lie close together."""
    centres = rng.standard_normal((labels_in_all, 8))
    near = centres[labels] + 0.3 * rng.standard_normal((len(labels), 8))
    return material_of(near.astype(np.float32), [0] * len(labels))


@settings(max_examples=10)  # each one fits heads
@given(st.integers(0, 10_000), st.integers(2, 30))
def test_beliefs_are_chances_of_the_likeliest_labels(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    truth = Truth(Kind.SINGLE, count, rng.integers(count, size=60))
    believed = beliefs_of(
        _rows(rng, truth.single, labels_in_all=count), truth, RECIPE, seed=seed
    ).toarray()

    assert believed.shape == (60, count)
    assert (believed >= 0.0).all()
    np.testing.assert_allclose(believed.sum(axis=1), 1.0, atol=1e-5)
    assert (np.count_nonzero(believed, axis=1) <= MOST_LABELS).all()


def test_a_wrong_label_is_not_believed(rng: np.random.Generator) -> None:
    labels = np.repeat(np.arange(3), 20)
    material = _rows(rng, labels, labels_in_all=3)
    labels[4] = 2
    believed = beliefs_of(material, Truth(Kind.SINGLE, 3, labels), RECIPE, seed=1).toarray()

    assert believed[4].argmax() == 0
    assert (believed[5:20].argmax(axis=1) == 0).all()


def test_each_label_of_several_is_a_belief_of_its_own(rng: np.random.Generator) -> None:
    labels = np.repeat(np.arange(3), 20)
    held = np.eye(3, dtype=np.bool_)[labels]
    held[:, 0] |= labels == 1
    material = _rows(rng, labels, labels_in_all=3)
    believed = beliefs_of(material, Truth(Kind.MULTI, 3, held), RECIPE, seed=1).toarray()

    assert ((believed > 0.5) == held).mean() > 0.95
    assert believed.max() <= 1.0


def test_rows_that_were_not_held_out_believe_their_truth(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_fold, "MOST_SCORES", 30)
    monkeypatch.setattr(out_of_fold, "FEWEST_ROWS", 10)
    labels = np.repeat(np.arange(3), 20)
    material = _rows(rng, labels, labels_in_all=3)
    believed = beliefs_of(material, Truth(Kind.SINGLE, 3, labels), RECIPE, seed=1).toarray()

    certain = believed.max(axis=1) == 1.0
    assert certain.sum() >= 50
    assert (believed[certain].argmax(axis=1) == labels[certain]).all()
