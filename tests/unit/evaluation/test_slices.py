"""Slices show where a release works less well."""

import numpy as np
import pytest

from sortyard.evaluation.slices import bins_of, slice_columns


def columns(values, right, name="source"):
    rows = [{} if value is None else {name: value} for value in values]
    return slice_columns(rows, np.array(right), np.zeros(len(rows), dtype=bool))


def test_slices_come_worst_first_with_the_gap_between_the_ends():
    found = columns(["web"] * 40 + ["chat"] * 40, [True] * 40 + [True] * 20 + [False] * 20)

    (column,) = found
    assert [(one.value, one.accuracy) for one in column.slices] == [("chat", 0.5), ("web", 1.0)]
    assert column.gap == 0.5
    assert column.gap_interval.low > 0.25


def test_a_gap_between_alike_slices_may_be_chance():
    (column,) = columns(["web"] * 40 + ["chat"] * 40, [True, False] * 39 + [True, True])

    assert column.gap_interval.low < 0.0 < column.gap


def test_the_gap_interval_is_newcombes():
    """His example (56 of 70 against 48 of 80): 0.0524 to 0.3339 [Newcombe 1998, method 10]."""
    values = ["one"] * 70 + ["two"] * 80
    right = [True] * 56 + [False] * 14 + [True] * 48 + [False] * 32

    (column,) = columns(values, right)

    assert column.gap_interval.low == pytest.approx(0.0524, abs=5e-5)
    assert column.gap_interval.high == pytest.approx(0.3339, abs=5e-5)


def test_small_slices_are_counted_and_not_shown():
    (column,) = columns(["web"] * 40 + ["chat"] * 40 + ["fax"] * 3, [True] * 83)

    assert {one.value for one in column.slices} == {"web", "chat"}
    assert column.left_out == 3


def test_a_column_of_ids_is_no_way_to_cut():
    assert columns([f"id-{one}" for one in range(90)], [True] * 90) == ()


def test_a_missing_value_is_a_slice_of_its_own():
    (column,) = columns(["web"] * 40 + [None] * 40, [True] * 80)

    assert {one.value for one in column.slices} == {"web", "(missing)"}


def test_many_numbers_are_cut_at_their_quartiles():
    names = bins_of([float(one) for one in range(100)])

    assert sorted(set(names)) == [
        "24.75 to 49.5",
        "49.5 to 74.25",
        "over 74.25",
        "up to 24.75",
    ]
    assert {names.count(name) for name in names} == {25}


def test_a_few_numbers_are_taken_as_they_are():
    assert bins_of([1, 2, 2, None, True]) == ["1", "2", "2", "(missing)", "yes"]


def test_numbers_that_are_not_there_do_not_make_a_column_text():
    assert bins_of([*range(20), float("nan"), ""])[-2:] == ["(missing)", "(missing)"]


def test_the_spelling_of_values_changes_no_gap():
    one = columns(["web"] * 40 + ["chat"] * 40, [True] * 70 + [False] * 10)
    other = columns(["a"] * 40 + ["z"] * 40, [True] * 70 + [False] * 10)

    assert one[0].gap == other[0].gap
