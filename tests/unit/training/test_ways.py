"""A label tree is learnt choice by choice, and held-out rows say whether that pays."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidSettings
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.models.classifier import Classifier
from sortyard.models.descent import Descent, Way
from sortyard.training.branch_heads import fit_branch_heads, hold_out_branches
from sortyard.training.branches import branches, fit_scales
from sortyard.training.fuse import fit_fusion
from sortyard.training.out_of_fold import hold_out
from sortyard.training.recipe import Recipe
from sortyard.training.self_training import fit_heads
from sortyard.training.truth import Truth
from sortyard.training.ways import plan
from tests.contracts.tiny_release import RECIPE as TINY
from tests.contracts.tiny_release import TAXONOMY, tiny_dataset, train_tiny
from tests.unit.training.archives import material_of

RECIPE = Recipe(name="tiny")
TREE = ("a/x", "a/y", "b/x", "b/y", "c")
TEXTS = list(tiny_dataset(30, seed=31).texts)


def _nothing(_steps: int) -> None:
    """Tell nobody."""


def _rows(rng: np.random.Generator, count: int, *, noise: float = 1.0):
    """Vectors that lie near those of their label, in three folds."""
    truth = Truth(Kind.SINGLE, len(TREE), rng.integers(len(TREE), size=count))
    centres = rng.standard_normal((len(TREE), 8))
    vectors = centres[truth.single] + noise * rng.standard_normal((count, 8))
    return material_of(vectors.astype(np.float32), [0, 1, 2] * (count // 3)), truth


def test_every_row_makes_all_the_choices_on_its_way(rng: np.random.Generator) -> None:
    _, truth = _rows(rng, 60)
    top, first, second = branches(Descent.of(TREE), truth)
    assert len(top.rows) == 60
    np.testing.assert_array_equal(first.rows, np.flatnonzero(truth.single < 2))
    np.testing.assert_array_equal(second.truth.single, truth.single[second.rows] - 2)


def test_a_tree_of_one_level_has_the_heads_of_its_labels(rng: np.random.Generator) -> None:
    material, truth = _rows(rng, 60)
    flat = fit_heads(material, truth, RECIPE, 1)
    tree = fit_branch_heads(material, truth, Descent.of(list("vwxyz")), RECIPE, 1)
    np.testing.assert_allclose(tree.student.weights, flat.student.weights, atol=1e-6)
    np.testing.assert_allclose(tree.wording.weights, flat.wording.weights, atol=1e-6)


def test_a_choice_is_learnt_from_the_rows_that_come_by(rng: np.random.Generator) -> None:
    material, truth = _rows(rng, 60)
    tree = Descent.of(TREE)
    heads = fit_branch_heads(material, truth, tree, RECIPE, 1)
    below = np.flatnonzero(truth.single < 2)
    own = fit_heads(material.take(below), Truth(Kind.SINGLE, 2, truth.single[below]), RECIPE, 1)
    columns = [tree.columns.index("a/x"), tree.columns.index("a/y")]
    np.testing.assert_allclose(heads.student.weights[:, columns], own.student.weights, atol=1e-6)


def test_nodes_are_scored_by_heads_of_the_other_folds(rng: np.random.Generator) -> None:
    material, truth = _rows(rng, 60)
    tree = Descent.of(TREE)
    held = hold_out(material, truth, RECIPE, seed=1, advance=_nothing)
    down = hold_out_branches(material, truth, tree, held, RECIPE, seed=1)
    inside, outside = np.flatnonzero(material.folds != 1), np.flatnonzero(material.folds == 1)
    heads = fit_branch_heads(material.take(inside), truth.take(inside), tree, RECIPE, 1)
    np.testing.assert_allclose(
        down.student[outside], heads.student.scores(material.look.static[outside]), atol=1e-5
    )


@settings(deadline=None, max_examples=20)
@given(st.floats(0.3, 3.0), st.integers(0, 100))
def test_a_choice_that_is_too_sure_or_not_sure_enough_is_scaled_back(
    wrong: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    tree = Descent.of(["a/x", "a/y"])
    scores = random.normal(size=(4_000, 3)).astype(np.float32)
    odds = 1.0 / (1.0 + np.exp(scores[:, 1] - scores[:, 2]))
    truth = Truth(Kind.SINGLE, 2, (random.random(4_000) < odds).astype(np.intp))
    _, scale = fit_scales(scores / np.float32(wrong), truth, tree)
    assert scale == pytest.approx(wrong, rel=0.25)


def test_a_choice_that_nobody_made_is_trusted_like_the_others() -> None:
    tree = Descent.of(TREE)
    none = Truth(Kind.SINGLE, len(TREE), np.empty(0, dtype=np.intp))
    scales = fit_scales(np.empty((0, len(tree.columns)), dtype=np.float32), none, tree)
    assert scales.tolist() == [1.0, 1.0, 1.0]


def test_views_of_nodes_are_weighed_like_those_of_labels(rng: np.random.Generator) -> None:
    truth = Truth(Kind.SINGLE, 5, rng.integers(5, size=300))
    good = rng.standard_normal((300, 5)).astype(np.float32)
    good[np.arange(300), truth.single] += 2.0
    bad = rng.standard_normal((300, 5)).astype(np.float32)
    flat = fit_fusion([good, bad], truth)
    assert fit_fusion([good, bad], truth, Descent.of(list("vwxyz"))) == pytest.approx(
        flat, abs=0.02
    )
    assert flat[0] > 5 * flat[1]


def _planned(rng: np.random.Generator, labels: tuple[str, ...], **facts: object):
    material, truth = _rows(rng, 90)
    held = hold_out(material, truth, RECIPE, seed=1, advance=_nothing)
    recipe = replace(RECIPE, **facts)  # type: ignore[arg-type]
    return plan(labels, material, truth, held, recipe, seed=1)


def test_labels_that_are_no_tree_are_answered_flat(rng: np.random.Generator) -> None:
    found = _planned(rng, tuple("vwxyz"))
    assert (found.way, found.descent, found.figures) == (Way.FLAT, None, {})


def test_all_three_ways_stand_side_by_side(rng: np.random.Generator) -> None:
    found = _planned(rng, TREE)
    assert list(found.figures) == list(Way)
    least = min(one["log_loss"] for one in found.figures.values())
    assert found.figures[found.way]["log_loss"] <= found.figures["flat"]["log_loss"]
    assert least > 0.0
    for one in found.figures.values():
        assert 0.0 <= one["accuracy"] <= one["top_accuracy"] <= 1.0


@pytest.mark.parametrize("way", Way)
def test_a_recipe_may_have_chosen(rng: np.random.Generator, way: Way) -> None:
    found = _planned(rng, TREE, tree=way.value)
    assert found.way is way
    assert (found.descent is None) is (way is Way.FLAT)


def test_a_recipe_knows_no_other_way() -> None:
    with pytest.raises(InvalidSettings, match="flat, conditional, per-parent"):
        Recipe(name="tiny", tree="sideways")


def _renamed(classifier: Classifier) -> Classifier:
    """Train on the same rows, whose tree has other names."""
    names = {"hardware": "z things", "software": "A", "printer": "q", "laptop": "p"}
    dataset = tiny_dataset()

    def renamed(path: str) -> str:
        return "/".join(names.get(part, part) for part in path.split("/"))

    def relabelled(label: Label) -> Label:
        children = tuple(map(relabelled, label.children))
        return replace(label, name=names.get(label.name, label.name), children=children)

    examples = tuple(
        replace(
            one,
            labels={
                name: tuple(map(renamed, paths)) if name == "topic" else paths
                for name, paths in one.labels.items()
            },
        )
        for one in dataset.examples
    )
    dimensions: tuple[Dimension, ...] = tuple(
        replace(one, labels=tuple(map(relabelled, one.labels))) if one.name == "topic" else one
        for one in TAXONOMY.dimensions
    )
    assert classifier.model_of("topic").way is Way.PER_PARENT
    return train_tiny(
        replace(dataset, examples=examples),
        Taxonomy(dimensions=dimensions),
        replace(TINY, tree="per-parent"),
    )


def test_other_names_give_the_same_answers() -> None:
    one = train_tiny(recipe=replace(TINY, tree="per-parent"))
    other = _renamed(one)
    np.testing.assert_allclose(
        one.judge(TEXTS)["topic"].probabilities,
        other.judge(TEXTS)["topic"].probabilities,
        atol=1e-5,
    )
