"""The sentences add up, and say few where there are few."""

from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.measures import Fates
from sortyard.evaluation.measuring import measure
from sortyard.evaluation.plain_words import in_plain_words, scaled, shares_that_add_up
from tests.unit.evaluation.outcomes_for_tests import single

counts = st.lists(st.integers(0, 10_000), min_size=1, max_size=8).filter(any)


NAMES = ("auto_right", "auto_near", "auto_branch", "auto_far", "confirm", "review")


def made(fates):
    return Fates(**dict(zip(NAMES, fates, strict=True)))


def words(*, flat=False, kind=Kind.SINGLE, **fates):
    found = made([fates.get(name, 0) for name in NAMES])
    measures = measure(single(["a"], ["a"]), rng=np.random.default_rng(1), replicates=2)
    return in_plain_words(
        replace(measures, fates=found, is_flat=flat, kind=kind, rows=max(found.rows, 100))
    )


@given(counts, st.sampled_from([100, 1_000]))
def test_scaled_counts_add_up_and_none_is_off_by_one(counts, total):
    found = shares_that_add_up(counts, total)

    assert sum(found) == total
    for count, scaled_count in zip(counts, found, strict=True):
        assert abs(scaled_count - count * total / sum(counts)) < 1.0


@given(st.lists(st.integers(0, 500), min_size=6, max_size=6).filter(any))
def test_the_fates_of_a_hundred_messages_are_a_hundred(fates):
    assert sum(astuple(scaled(made(fates)))) == 100


def test_it_reads_as_the_design_says():
    assert words(auto_right=810, auto_near=10, auto_far=10, confirm=110, review=60) == (
        "Of 100 messages, 83 are routed without a person, of which 81 rightly; 17 go to a person "
        "(11 to confirm a suggestion, 6 to decide). Of the 2 routed wrongly: 1 to a sibling of the "
        "right label and 1 badly wrong."
    )


def test_a_single_wrong_one_is_spoken_of_as_one():
    assert words(auto_right=80, auto_near=1, review=19).endswith(
        "The wrong one goes to a sibling of the right label."
    )


def test_rare_errors_are_told_in_a_thousand():
    assert words(auto_right=940, auto_near=3, auto_far=2, review=55).endswith(
        "Of 1,000 messages, 5 are routed wrongly: 3 to a sibling of the right label and "
        "2 badly wrong."
    )


def test_a_flat_taxonomy_has_no_siblings_to_speak_of():
    assert words(flat=True, auto_right=80, auto_far=20) == (
        "Of 100 messages, 100 are routed without a person, of which 80 rightly; "
        "none goes to a person."
    )


def test_sets_are_partly_or_not_at_all_right():
    assert words(kind=Kind.MULTI, auto_right=80, auto_near=15, auto_far=5).endswith(
        "Of the 20 routed wrongly: 15 with part of the right labels and "
        "5 with none of the right labels."
    )


@pytest.mark.parametrize(
    ("fates", "expected"),
    [
        ({"review": 10}, "none is routed without a person; 100 go to a person to decide."),
        ({"auto_right": 1, "review": 999}, "fewer than 1 is routed without a person"),
        ({"auto_right": 99, "confirm": 1}, "all of them rightly; 1 goes to a person to confirm"),
        ({"auto_right": 999, "review": 1}, "fewer than 1 goes to a person"),
        ({"auto_right": 997, "auto_far": 3}, "nearly all of them rightly"),
        ({"auto_right": 1, "review": 99}, "1 is routed without a person, and rightly"),
    ],
)
def test_edges_are_said_in_words(fates, expected):
    assert expected in words(**fates)


def test_a_small_test_says_that_it_is_small():
    measures = measure(single(["a"], ["a"]), rng=np.random.default_rng(1), replicates=2)

    assert in_plain_words(measures).endswith("Measured on 1 message only.")
