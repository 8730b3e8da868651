"""Labels as numbers."""

import numpy as np

from sortyard.domain.taxonomy import Kind
from sortyard.training.truth import Truth

SINGLE = Truth.of([("b",), ("a",), ("b",)], ["a", "b", "c"], Kind.SINGLE)
MULTI = Truth.of([("a", "b"), (), ("b",)], ["a", "b", "c"], Kind.MULTI)


def test_a_label_is_numbered_by_its_place() -> None:
    assert SINGLE.single.tolist() == [1, 0, 1]


def test_supports_count_the_rows_of_every_label_also_of_none() -> None:
    assert SINGLE.supports().tolist() == MULTI.supports().tolist() == [1, 2, 0]


def test_rare_labels_weigh_as_much_as_frequent_ones_together() -> None:
    weights = SINGLE.balance()
    totals = weights * SINGLE.supports()
    assert totals.tolist() == [1.5, 1.5, 0.0]
    assert MULTI.balance()[1, :2].tolist() == [1.5, 0.75]
    assert MULTI.balance()[0, :2].tolist() == [0.75, 1.5]


def test_a_row_may_carry_several_labels_or_none() -> None:
    assert MULTI.as_sets() == [[0, 1], [], [1]]


def test_rows_are_taken_in_the_order_asked_for() -> None:
    assert MULTI.take(np.array([2, 0])).as_sets() == [[1], [0, 1]]


def test_a_row_is_within_labels_that_are_all_it_carries() -> None:
    only_b = np.array([False, True, False])
    assert SINGLE.within(only_b).tolist() == [True, False, True]
    assert MULTI.within(only_b).tolist() == [False, True, True]


def test_a_row_without_labels_is_told_from_the_others() -> None:
    assert SINGLE.unlabelled().tolist() == [False, False, False]
    assert MULTI.unlabelled().tolist() == [False, True, False]


def test_rows_of_one_label_each_can_be_added_also_of_labels_that_are_new() -> None:
    more = np.array([2, 3])
    assert [one.joined(more, 4).as_sets()[3:] for one in (SINGLE, MULTI)] == [[[2], [3]]] * 2


def test_rows_that_were_there_stay_as_they_are() -> None:
    more = np.array([3])
    assert MULTI.joined(more, 4).as_sets()[:3] == MULTI.as_sets()
