"""The heat map shows the labels that are confused most, side by side."""

import numpy as np

from sortyard.evaluation.heat import heat_map
from sortyard.evaluation.measuring import measure
from tests.unit.evaluation.outcomes_for_tests import random_single, single


def heat(outcomes, **options):
    return heat_map(measure(outcomes, rng=np.random.default_rng(1), replicates=2), **options)


def test_the_diagonal_holds_the_hits_and_the_rest_the_errors():
    found = heat(single("aaab", "aabb"))

    place = {name: at for at, name in enumerate(found.labels)}
    assert found.rows[place["a"]][place["a"]] == 2
    assert found.rows[place["a"]][place["b"]] == 1
    assert found.rows[place["b"]][place["a"]] == 0
    assert found.shares[place["a"]][place["b"]] == 1 / 3


def test_of_many_labels_only_the_most_confused_are_shown(rng):
    labels = tuple(f"l{one:02}" for one in range(40))
    outcomes = random_single(rng, rows=400, labels=labels)

    found = heat(outcomes, most=6)

    assert len(found.labels) == 6


def test_confused_labels_stand_side_by_side():
    truth = ["a"] * 20 + ["b"] * 20 + ["c"] * 20 + ["d"] * 20
    answer = ["a"] * 15 + ["c"] * 5 + ["b"] * 16 + ["d"] * 4 + ["c"] * 20 + ["d"] * 20

    found = heat(single(truth, answer))

    order = found.labels
    assert abs(order.index("a") - order.index("c")) == 1
    assert abs(order.index("b") - order.index("d")) == 1


def test_without_an_error_there_is_no_map():
    assert heat(single("ab", "ab")) is None
