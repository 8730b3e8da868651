"""Which rows the benchmark of rare labels draws, and which labels it calls rare."""

from collections import Counter

import numpy as np

from benchmarks.imbalance import MOST, RATIO, of_the_rarest, remedies, unbalanced
from benchmarks.orders import joined
from sortyard.evaluation.intervals import Interval
from sortyard.evaluation.measures import LabelMeasures

LABELS = [f"label {number % 20}" for number in range(20 * 150)]


def _label(name: str, f1: float) -> LabelMeasures:
    anywhere = Interval(0.0, 1.0)
    return LabelMeasures(
        label=name,
        rows=5,
        answers=5,
        hits=5,
        precision=f1,
        recall=f1,
        f1=f1,
        precision_interval=anywhere,
        recall_interval=anywhere,
        f1_interval=anywhere,
    )


def test_the_most_frequent_label_has_thirty_times_the_rows_of_the_rarest() -> None:
    kept = unbalanced(LABELS, np.random.default_rng(1))
    counts = sorted(Counter(LABELS[place] for place in kept).values())
    assert (counts[0], counts[-1]) == (MOST / RATIO, MOST)
    ratios = np.array(counts[1:]) / counts[:-1]
    np.testing.assert_allclose(ratios, RATIO ** (1 / 19), rtol=0.15)


def test_no_row_is_drawn_twice_and_they_keep_their_order() -> None:
    kept = unbalanced(LABELS, np.random.default_rng(1))
    assert kept == sorted(set(kept))


def test_the_same_seed_draws_the_same_rows_and_another_other_ones() -> None:
    one, same, other = (unbalanced(LABELS, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == same != other


def test_a_label_with_few_rows_keeps_all_of_them() -> None:
    kept = unbalanced(["a"] * 3 + ["b"] * 200, np.random.default_rng(0))
    assert Counter("a" if place < 3 else "b" for place in kept)["a"] <= 3


def test_the_rarest_fifth_is_chosen_by_training_rows() -> None:
    labels = [_label(name, f1) for name, f1 in zip("abcde", (0.5, 0.6, 0.7, 0.8, 0.9), strict=True)]
    assert of_the_rarest(labels, {"a": 9, "b": 9, "c": 1, "d": 9, "e": 9}) == 0.7


def test_every_recipe_is_tried_without_a_remedy_and_each_remedy_differs() -> None:
    for recipes in remedies().values():
        assert next(iter(recipes)) == "none"
        assert len({repr(one) for one in recipes.values()}) == len(recipes)


def test_new_lines_take_the_places_of_those_with_the_same_names() -> None:
    before = [["a", "x", "1"], ["b", "x", "2"]]
    assert joined(before, [["b", "x", "3"], ["c", "x", "4"]], key=2) == [
        ["a", "x", "1"],
        ["b", "x", "3"],
        ["c", "x", "4"],
    ]
