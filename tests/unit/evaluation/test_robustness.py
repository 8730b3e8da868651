"""Disturbed texts stay texts, and the same seed disturbs alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import NotEnoughData
from sortyard.evaluation.robustness import (
    DISTURBANCES,
    Robustness,
    lower_case,
    shouting,
    truncation,
    typos,
)
from tests.unit.evaluation.outcomes_for_tests import seeds

LONG = "my card was charged twice for this month and nobody answers " * 20


@given(st.text(), seeds, st.sampled_from(sorted(DISTURBANCES)))
def test_any_text_can_be_disturbed_and_the_seed_decides_how(text, seed, name):
    one, other = (DISTURBANCES[name](text, np.random.default_rng(seed)) for _ in range(2))

    assert one == other


def test_typos_change_about_as_many_letters_as_asked(rng):
    changed = typos(LONG, rng, rate=0.05)

    assert changed != LONG
    assert abs(len(changed) - len(LONG)) < 0.05 * len(LONG)


def test_no_typos_leave_the_text_alone(rng):
    assert typos(LONG, rng, rate=0.0) == LONG


def test_typos_spare_digits_and_marks(rng):
    assert typos("12:30, 4.50!", rng, rate=1.0) == "12:30, 4.50!"


def test_case_is_changed_throughout(rng):
    assert shouting("My card", rng) == "MY CARD"
    assert lower_case("My CARD", rng) == "my card"


def test_truncation_keeps_half_of_the_words_and_at_least_three(rng):
    assert truncation("a b c d e f g h", rng) == "a b c d"
    assert truncation("a b c d", rng) == "a b c"


def test_the_drop_is_what_was_lost():
    found = Robustness.of("typos", truth="abcd", before="abcc", after="abbb")

    assert (found.accuracy_before, found.accuracy_after) == (0.75, 0.5)
    assert found.drop == 0.25
    assert found.changed == 0.5


def test_nothing_to_disturb_is_too_little():
    with pytest.raises(NotEnoughData, match="measure the robustness"):
        Robustness.of("typos", truth=(), before=(), after=())
