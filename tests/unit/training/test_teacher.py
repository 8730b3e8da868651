"""What a teacher believes of rows that it did not see."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.training import out_of_fold
from sortyard.training.material import ALWAYS, Material
from sortyard.training.opinions import MOST_LABELS
from sortyard.training.recipe import Recipe
from sortyard.training.teacher import Teacher
from sortyard.training.truth import Truth
from sortyard.training.tuning.course import Subject
from tests.unit.training.archives import material_of

RECIPE = Recipe(name="tiny")


def _rows(rng: np.random.Generator, labels: NDArray[np.intp], *, labels_in_all: int) -> Material:
    """Rows of one label lie close together."""
    centres = rng.standard_normal((labels_in_all, 8))
    near = centres[labels] + 0.3 * rng.standard_normal((len(labels), 8))
    return material_of(near.astype(np.float32), [0] * len(labels))


def beliefs_of(material: Material, truth: Truth, *, seed: int = 1) -> NDArray[np.float32]:
    labels = tuple(f"l{number}" for number in range(truth.count))
    subject = Subject(
        name="team", rows=np.arange(len(truth)), truth=truth, labels=labels, cards=labels
    )
    (taught,) = Teacher(material=material, recipe=RECIPE, seed=seed).teach([subject])
    assert taught.beliefs is not None
    found: NDArray[np.float32] = taught.beliefs.toarray()
    return found


@settings(max_examples=10)  # each one fits heads
@given(st.integers(0, 10_000), st.integers(2, 30))
def test_beliefs_are_chances_of_the_likeliest_labels(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    truth = Truth(Kind.SINGLE, count, rng.integers(count, size=60))
    material = _rows(rng, truth.single, labels_in_all=count)
    believed = beliefs_of(material, truth, seed=seed)

    assert believed.shape == (60, count)
    assert (believed >= 0.0).all()
    np.testing.assert_allclose(believed.sum(axis=1), 1.0, atol=1e-5)
    assert (np.count_nonzero(believed, axis=1) <= MOST_LABELS).all()


def test_a_wrong_label_is_not_believed(rng: np.random.Generator) -> None:
    labels = np.repeat(np.arange(3), 20)
    material = _rows(rng, labels, labels_in_all=3)
    labels[4] = 2
    believed = beliefs_of(material, Truth(Kind.SINGLE, 3, labels))

    assert believed[4].argmax() == 0
    assert (believed[5:20].argmax(axis=1) == 0).all()


def test_each_label_of_several_is_a_belief_of_its_own(rng: np.random.Generator) -> None:
    labels = np.repeat(np.arange(3), 20)
    held = np.eye(3, dtype=np.bool_)[labels]
    held[:, 0] |= labels == 1
    material = _rows(rng, labels, labels_in_all=3)
    believed = beliefs_of(material, Truth(Kind.MULTI, 3, held))

    assert ((believed > 0.5) == held).mean() > 0.95
    assert believed.max() <= 1.0


def test_rows_that_were_not_held_out_believe_their_truth(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out_of_fold, "MOST_SCORES", 30)
    monkeypatch.setattr(out_of_fold, "FEWEST_ROWS", 10)
    labels = np.repeat(np.arange(3), 20)
    material = _rows(rng, labels, labels_in_all=3)
    believed = beliefs_of(material, Truth(Kind.SINGLE, 3, labels))

    certain = believed.max(axis=1) == 1.0
    assert certain.sum() >= 50
    assert (believed[certain].argmax(axis=1) == labels[certain]).all()


def test_a_card_believes_what_it_says(rng: np.random.Generator) -> None:
    """It is no message: every head learns from it, and none is asked about it."""
    labels = np.repeat(np.arange(3), 20)
    material = _rows(rng, labels, labels_in_all=3)
    material.folds[[3, 30]] = ALWAYS
    labels[3] = 2
    believed = beliefs_of(material, Truth(Kind.SINGLE, 3, labels))

    assert believed[3].tolist() == [0.0, 0.0, 1.0]
    assert believed[30].tolist() == [0.0, 1.0, 0.0]


def test_a_message_alone_believes_its_truth(rng: np.random.Generator) -> None:
    labels = np.array([0, 1, 1])
    material = _rows(rng, labels, labels_in_all=2)
    material.folds[1:] = ALWAYS
    believed = beliefs_of(material, Truth(Kind.SINGLE, 2, labels))

    assert believed.argmax(axis=1).tolist() == [0, 1, 1]
    assert believed.max(axis=1).tolist() == [1.0, 1.0, 1.0]
