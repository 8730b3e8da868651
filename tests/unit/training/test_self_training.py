"""Unlabelled texts teach what they are likely to be, and what is far from everything nothing."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from sortyard.domain.ports import Silence
from sortyard.domain.taxonomy import Kind
from sortyard.training.guess_trial import hold_out_taught
from sortyard.training.material import ALWAYS, Look, Material
from sortyard.training.recipe import Recipe
from sortyard.training.self_training import fit_heads, near_enough
from sortyard.training.truth import Truth

RECIPE = Recipe(name="tiny", folds=3)
LABELS = 2
ARC = 2.6  # radians that the texts of a label spread over


def texts_of(label: int, places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Texts along the arc of a label: neighbours tell them, a straight line from one end hardly."""
    turn = np.pi * label
    arc = np.stack([np.cos(places + turn), np.sin(places + turn), 0.4 * np.cos(2 * places)], axis=1)
    found = arc + rng.normal(0.0, 0.03, arc.shape)
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def rows_of(vectors: np.ndarray, folds: np.ndarray) -> Material:
    return Material(
        texts=[f"text {row}" for row in range(len(vectors))],
        look=Look(static=vectors, encoded=vectors, sentences=vectors),
        wording=sparse.csr_matrix((len(vectors), 1), dtype=np.float32),
        folds=folds,
        reference=np.arange(len(vectors)),
    )


@pytest.fixture
def labelled(rng: np.random.Generator) -> tuple[Material, Truth]:
    """Nine rows of each label from the first third of its arc."""
    vectors = [texts_of(label, rng.uniform(0.0, ARC / 3, 9), rng) for label in range(LABELS)]
    truth = Truth(Kind.SINGLE, LABELS, np.repeat(np.arange(LABELS), 9))
    return rows_of(np.concatenate(vectors), np.tile(np.arange(3), 6)), truth


@pytest.fixture
def spare(rng: np.random.Generator) -> Material:
    vectors = [texts_of(label, rng.uniform(0.0, ARC, 150), rng) for label in range(LABELS)]
    return rows_of(np.concatenate(vectors), np.full(300, ALWAYS))


def right(material: Material, truth: Truth, rng: np.random.Generator) -> float:
    """Tell which share of new texts of the whole arcs the meaning head knows."""
    head = fit_heads(material, truth, RECIPE, 1).meaning
    assert head is not None
    found = []
    for label in range(LABELS):
        asked = texts_of(label, rng.uniform(0.0, ARC, 200), rng)
        found.append(head.scores(asked).argmax(axis=1) == label)
    return float(np.mean(found))


def test_unlabelled_texts_show_how_far_a_label_reaches(
    labelled: tuple[Material, Truth], spare: Material, rng: np.random.Generator
) -> None:
    material, truth = labelled
    bare = right(material, truth, rng)
    taught = right(replace(material, unlabelled=spare), truth, rng)
    assert taught >= bare + 0.02


def test_texts_far_from_everything_change_nothing(labelled: tuple[Material, Truth]) -> None:
    material, truth = labelled
    far = rows_of(
        np.tile(np.array([[0.0, 0.0, -1.0]], dtype=np.float32), (60, 1)), np.full(60, ALWAYS)
    )
    plain = fit_heads(material, truth, RECIPE, 1)
    taught = fit_heads(replace(material, unlabelled=far), truth, RECIPE, 1)
    asked = material.look.static
    assert (taught.student.scores(asked) == plain.student.scores(asked)).all()


def test_near_is_what_labelled_rows_are_to_each_other() -> None:
    rows = np.array([[1.0, 0.0], [0.8, 0.6], [0.6, 0.8]], dtype=np.float32)
    asked = np.array([[1.0, 0.0], [0.96, 0.28], [-1.0, 0.0]], dtype=np.float32)
    assert near_enough(asked @ rows.T, rows).tolist() == [True, True, False]


def test_the_same_texts_teach_the_same(labelled: tuple[Material, Truth], spare: Material) -> None:
    material, truth = labelled
    once, again = (
        fit_heads(replace(material, unlabelled=spare), truth, RECIPE, 1) for _ in range(2)
    )
    assert (once.student.weights == again.student.weights).all()


def test_no_row_without_a_label_is_held_out(
    labelled: tuple[Material, Truth], spare: Material
) -> None:
    material, truth = labelled
    with Silence().stage("Learning") as advance:
        _, held = hold_out_taught(
            replace(material, unlabelled=spare), truth, RECIPE, seed=1, advance=advance
        )
    assert held.rows.tolist() == list(range(18))


def test_without_held_out_rows_nothing_shows_that_guesses_help(
    labelled: tuple[Material, Truth], spare: Material
) -> None:
    material, truth = labelled
    alone = replace(material, folds=np.zeros(18, dtype=np.intp), unlabelled=spare)
    with Silence().stage("Learning") as advance:
        chosen, _ = hold_out_taught(alone, truth, RECIPE, seed=1, advance=advance)
    assert chosen.unlabelled is None
