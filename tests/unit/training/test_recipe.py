"""A recipe is valid or is not there."""

import json
from dataclasses import replace
from math import inf, nan

import pytest

from sortyard.domain.errors import InvalidSettings
from sortyard.training.recipe import EDGE, QUICK, RECIPES, Recipe, recipe_named
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.options import Tuning


@pytest.mark.parametrize(
    "change",
    [
        {"tolerance": -0.1},
        {"target_precision": 1.1},
        {"confirm_precision": nan},
        {"false_alarms": 2.0},
        {"test_share": 0.0},
        {"test_share": 1.0},
        {"test_share": nan},
        {"meaning_strength": 0.0},
        {"student_strength": -1.0},
        {"wording_strength": nan},
        {"folds": 1},
        {"grams_of_words": 0},
        {"most_examples": 0},
        {"precision": "int4"},
        {"encoder": 5},
        {"cascade": "no"},
        {"folds": 2.5},
        {"folds": True},
        {"seeds": nan},
        {"wording_strength": inf},
        {"layers": ("x",)},
        {"layers": (0,)},
        {"ensemble": True},
        {"ensemble": True, "tuning": Tuning(frozen_layers=0)},
        {"taught_by": Cross()},
        {"taught_by": Cross(), "tuning": Tuning()},
    ],
)
def test_a_setting_out_of_range_is_named(change: dict[str, object]) -> None:
    with pytest.raises(InvalidSettings) as refused:
        replace(QUICK, **change)
    assert next(iter(change)) in refused.value.problem


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidSettings) as refused:
        Recipe(name="wrong", folds=0, tolerance=9.0)
    assert "folds" in refused.value.problem
    assert "tolerance" in refused.value.problem


TAUGHT = replace(EDGE, tuning=Tuning(distillation=0.5), taught_by=Cross(most=3))


@pytest.mark.parametrize("recipe", [QUICK, EDGE, replace(QUICK, layers=(2, 4, 6)), TAUGHT])
def test_a_recipe_survives_being_stored(recipe: Recipe) -> None:
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


@pytest.mark.parametrize(
    ("part", "change"),
    [("tuning", {"batch": 32.5}), ("tuning", {"epochs": inf}), ("cross", {"most": "4"})],
)
def test_so_is_one_of_a_part(part: str, change: dict[str, object]) -> None:
    stored = RECIPES["full"].to_dict()
    with pytest.raises(InvalidSettings) as refused:
        Recipe.from_dict(stored | {part: stored[part] | change})
    assert next(iter(change)) in refused.value.problem


def test_an_unknown_setting_is_an_error_with_a_guess() -> None:
    with pytest.raises(InvalidSettings) as refused:
        Recipe.from_dict({"name": "x", "fold": 3})
    assert "folds" in refused.value.problem


def test_a_recipe_is_found_by_its_name() -> None:
    assert [recipe_named(name).name for name in RECIPES] == list(RECIPES)


def test_a_recipe_that_is_not_there_is_an_error_with_a_guess() -> None:
    with pytest.raises(InvalidSettings) as refused:
        recipe_named("quik")
    assert "quick" in refused.value.problem
