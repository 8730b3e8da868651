"""Scores from heads that did not see the row, and which rows those could know."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.taxonomy import Kind
from sortyard.training import out_of_fold
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews, hold_out
from sortyard.training.recipe import Recipe
from sortyard.training.self_training import fit_heads
from sortyard.training.truth import Truth
from tests.unit.training.archives import material_of

RECIPE = Recipe(name="tiny")


def _nothing(_steps: int) -> None:
    """Tell nobody."""


def _held_out(material: Material, truth: Truth) -> HeldOutViews:
    return hold_out(material, truth, RECIPE, seed=1, advance=_nothing)


def _material(rng: np.random.Generator, folds: list[int]) -> Material:
    return material_of(rng.standard_normal((len(folds), 5)).astype(np.float32), folds)


def test_a_row_is_scored_by_heads_of_the_other_folds(rng: np.random.Generator) -> None:
    material = _material(rng, [0, 1, 2] * 8)
    truth = Truth(Kind.SINGLE, 3, rng.integers(3, size=24))
    held = _held_out(material, truth)
    inside, outside = np.flatnonzero(material.folds != 1), np.flatnonzero(material.folds == 1)
    heads = fit_heads(material.take(inside), truth.take(inside), RECIPE, 1)
    np.testing.assert_allclose(
        held.student[outside], heads.student.scores(material.look.static[outside]), atol=1e-5
    )
    np.testing.assert_allclose(
        held.wording[outside], heads.wording.scores(material.wording[outside]), atol=1e-5
    )


@settings(max_examples=30)  # each one fits heads
@given(st.integers(0, 10_000), st.sampled_from(Kind))
def test_a_row_is_fair_where_another_fold_has_each_of_its_labels(seed: int, kind: Kind) -> None:
    rng = np.random.default_rng(seed)
    folds = rng.integers(3, size=9)
    folds[:2] = [0, 1]
    if kind is Kind.SINGLE:
        truth = Truth(kind, 4, rng.integers(4, size=9))
    else:
        truth = Truth(kind, 4, rng.random((9, 4)) < 0.2)
    carried = truth.as_sets()
    expected = [
        all(
            any(folds[other] != folds[row] and label in carried[other] for other in range(9))
            for label in carried[row]
        )
        for row in range(9)
    ]
    assert _held_out(_material(rng, folds.tolist()), truth).fair.tolist() == expected


def test_rows_of_one_fold_are_not_held_out(rng: np.random.Generator) -> None:
    held = _held_out(_material(rng, [1] * 4), Truth(Kind.SINGLE, 2, np.array([0, 1, 0, 1])))
    assert (len(held.rows), held.student.shape, held.fair.shape) == (0, (0, 2), (0,))


def test_memory_is_bounded_by_holding_out_a_spread_of_the_rows(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = _material(rng, [0, 1, 2] * 20)
    truth = Truth(Kind.SINGLE, 3, rng.integers(3, size=60))
    whole = _held_out(material, truth)
    monkeypatch.setattr(out_of_fold, "MOST_SCORES", 60)
    monkeypatch.setattr(out_of_fold, "FEWEST_ROWS", 10)
    held = _held_out(material, truth)
    assert (len(held.rows), held.rows[0], held.rows[-1]) == (20, 0, 59)
    np.testing.assert_allclose(held.student, whole.student[held.rows], atol=1e-5)
    np.testing.assert_allclose(held.neighbours, whole.neighbours[held.rows], atol=1e-6)


def test_every_fold_is_a_step(rng: np.random.Generator) -> None:
    steps: list[int] = []
    truth = Truth(Kind.SINGLE, 2, np.array([0, 1, 0, 1, 0, 1]))
    material = _material(rng, [0, 0, 4, 4, 2, 2])
    hold_out(material, truth, RECIPE, seed=1, advance=steps.append)
    assert steps == [1, 1, 1]
