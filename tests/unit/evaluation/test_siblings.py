"""Siblings have one parent; in a flat dimension, labels of like words stand in for them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.evaluation.hierarchy import tree_scores
from sortyard.evaluation.metrics import Confusion
from sortyard.evaluation.siblings import sibling_confusion, siblings_by_words, siblings_in_tree

PATHS = ["a/x", "a/y", "b/x", "b/y", "c"]
CARDS = ["card arrival", "card linking", "exchange rate", "exchange charge", "terminate account"]


@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(PATHS)), min_size=1))
def test_in_a_tree_it_is_the_figure_of_the_report(pairs: list[tuple[str, str]]) -> None:
    confusion = Confusion.of([one for one, _ in pairs], [two for _, two in pairs], known=PATHS)
    found = sibling_confusion(confusion, PATHS, siblings_in_tree(PATHS))
    assert found == pytest.approx(tree_scores(confusion).sibling_confusion)


def test_without_a_tree_labels_of_like_words_stand_in() -> None:
    near = siblings_by_words(CARDS, nearest=1)
    assert [np.flatnonzero(row).tolist() for row in near] == [[1], [0], [3], [2], []]


def test_all_that_are_as_near_as_the_last_belong() -> None:
    near = siblings_by_words(["card lost", "card stolen", "card eaten"], nearest=1)
    assert near.sum(axis=1).tolist() == [2, 2, 2]


@given(st.permutations(range(len(CARDS))), st.integers(1, 6))
def test_the_order_of_labels_changes_nothing(order: list[int], nearest: int) -> None:
    near = siblings_by_words(CARDS, nearest=nearest)
    moved = siblings_by_words([CARDS[place] for place in order], nearest=nearest)
    np.testing.assert_array_equal(moved, near[np.ix_(order, order)])


@pytest.mark.parametrize("cards", [[], ["alone"], ["", " "], ["one", "other"]])
def test_labels_that_share_no_word_have_none(cards: list[str]) -> None:
    assert not siblings_by_words(cards).any()


def test_only_answers_of_siblings_count() -> None:
    confusion = Confusion.of(
        ["card arrival"] * 4, ["card linking", "exchange rate", "card arrival", "unknown"]
    )
    assert sibling_confusion(confusion, CARDS, siblings_by_words(CARDS)) == 0.25


def test_nothing_answered_is_no_figure() -> None:
    assert np.isnan(sibling_confusion(Confusion.of([], []), CARDS, siblings_by_words(CARDS)))
