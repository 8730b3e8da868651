"""Which recipe pays within a budget: the laws of the choice, and what is said of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.training.budget.choosing import (
    Estimate,
    Size,
    Timing,
    an_epoch_of,
    choose,
    in_order,
    learnt_by,
    seconds_for,
)
from sortyard.training.recipe import EDGE, QUICK, RECIPES, STANDARD, Recipe
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.masked_options import Masking
from sortyard.training.tuning.options import Tuning

MANY = Size(rows=8_000, tests=2_000, rows_a_label=100.0)
FEW = Size(rows=385, tests=96, rows_a_label=5.0)
FULL = replace(STANDARD, name="full", pretraining=Masking(), cross=Cross())
USUAL = (EDGE, STANDARD, QUICK)
ALL = (*(one for one in RECIPES.values() if one.name != "full"), FULL)
STEPS = {an_epoch_of(options) for one in ALL for options, _ in learnt_by(one, MANY)}
seconds = st.floats(1e-6, 10.0)


@st.composite
def timings(draw: st.DrawFn) -> Timing:
    return Timing(
        row=draw(seconds),
        read=draw(seconds),
        head=draw(seconds),
        learn={step: draw(seconds) for step in STEPS},
    )


def timed(read: float = 0.004, learn: float = 0.02) -> Timing:
    return Timing(row=0.0005, read=read, head=0.0005, learn=dict.fromkeys(STEPS, learn))


def estimates(size: Size, timing: Timing, recipes: tuple[Recipe, ...] = ALL) -> list[Estimate]:
    return [
        Estimate(recipe=one, seconds=seconds_for(one, size, timing))
        for one in in_order(recipes, size)
    ]


@given(
    timing=timings(),
    rows=st.integers(8, 10**6),
    each=st.sampled_from([5.0, 50.0]),
    budgets=st.tuples(st.floats(0.01, 1e7), st.floats(0.01, 1e7)),
    missing=st.sets(st.sampled_from(["full", "standard"])),
)
def test_a_larger_budget_never_picks_a_cheaper_recipe(
    timing: Timing, rows: int, each: float, budgets: tuple[float, float], missing: set[str]
) -> None:
    size = Size(rows=rows, tests=rows // 4, rows_a_label=each)
    known = [
        replace(one, missing="PyTorch" if one.recipe.name in missing else "")
        for one in estimates(size, timing)
    ]
    small, large = (choose(known, budget, size) for budget in sorted(budgets))

    assert large.seconds >= small.seconds
    assert not {small.recipe.name, large.recipe.name} & missing


@given(timing=timings(), budget=st.floats(0.01, 1e7))
def test_what_is_chosen_fits_wherever_anything_does(timing: Timing, budget: float) -> None:
    known = estimates(MANY, timing)
    chosen = choose(known, budget, MANY)

    assert chosen.seconds <= max(budget, min(one.seconds for one in known))


@given(timing=timings(), more=st.integers(1, 10**6))
def test_more_rows_take_longer(timing: Timing, more: int) -> None:
    larger = replace(MANY, rows=MANY.rows + more)
    for recipe in ALL:
        assert seconds_for(recipe, larger, timing) > seconds_for(recipe, MANY, timing)


def test_a_shorter_course_is_tried_before_the_next_recipe() -> None:
    whole = seconds_for(STANDARD, MANY, timed())
    chosen = choose(estimates(MANY, timed(), USUAL), whole, MANY)

    assert chosen.recipe.name == "standard"
    assert chosen.recipe.tuning is not None
    assert chosen.recipe.tuning.epochs == 2.0
    assert "`standard (2 epochs)` was chosen" in chosen.remarks[0]
    assert any("Not the whole of `standard`: no time" in one for one in chosen.remarks)


def test_with_few_rows_a_label_time_alone_tunes_nothing() -> None:
    chosen = choose(estimates(FEW, timed(), USUAL), 1e6, FEW)

    assert chosen.recipe == QUICK
    assert any("`standard`, though there is time" in one for one in chosen.remarks)


def test_it_says_why_each_of_the_others_was_not_chosen() -> None:
    known = estimates(MANY, timed())
    known[0] = replace(known[0], missing="PyTorch is not installed")
    chosen = choose(known, seconds_for(QUICK, MANY, timed()) * 1.5, MANY)

    assert chosen.recipe == QUICK
    assert [one.split(":")[0] for one in chosen.remarks[1:]] == [
        "Not `full`",
        "Not `standard`",
        "Not `edge`",
    ]


def test_a_recipe_of_which_only_the_least_is_known_is_never_taken() -> None:
    """Not even where nothing fits, and that least is less than the whole of the others."""
    known = [
        replace(one, seconds=10.0, at_least=True) if one.recipe.tuning is not None else one
        for one in estimates(MANY, timed(), USUAL)
    ]

    assert choose(known, 1.0, MANY).recipe == EDGE


def test_what_a_probe_spent_is_gone() -> None:
    known = estimates(MANY, timed())
    budget = seconds_for(QUICK, MANY, timed()) * 1.3

    assert choose(known, budget, MANY).recipe == QUICK
    assert choose(known, budget, MANY, spent=budget / 2).recipe == EDGE


def test_a_tuning_out_of_fold_learns_from_every_row_as_often_as_there_are_folds() -> None:
    assert STANDARD.tuning is not None
    learnt = dict(learnt_by(STANDARD, MANY))

    assert learnt == {STANDARD.tuning: STANDARD.tuning.epochs * MANY.rows * STANDARD.folds}


def test_a_teacher_takes_as_long_as_its_cross_encoders() -> None:
    """Two of them for every fold and for the encoder that serves, whatever else is learnt."""
    reader = Cross(lists=1_000, judged=3_000)
    taught = replace(STANDARD, tuning=Tuning(distillation=0.5), taught_by=reader)
    learnt = dict(learnt_by(taught, MANY))

    assert learnt[reader] == (STANDARD.folds + 1) * (2 * 1_000 + 1_000)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda one: one.name)
def test_every_recipe_that_there_is_can_be_estimated(recipe: Recipe) -> None:
    known = {an_epoch_of(options): 0.02 for options, _ in learnt_by(recipe, MANY)}

    assert seconds_for(recipe, MANY, replace(timed(), learn=known)) > 0
