"""A near miss in the tree is not a far one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.evaluation.hierarchy import Distance, distance, tree_scores
from sortyard.evaluation.metrics import Confusion

LABELS = ["a/x", "a/y", "b/x", "b/y/1", "b/y/2", "c"]
pairs = st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1)


@pytest.mark.parametrize(
    ("answer", "truth", "expected"),
    [
        ("a/x", "a/x", Distance.RIGHT),
        ("a", "a/x", Distance.RIGHT),
        ("a/y", "a/x", Distance.SIBLING),
        ("b/x", "b/y/1", Distance.BRANCH),
        ("b/y/1", "b/y", Distance.BRANCH),
        ("c", "a/x", Distance.FAR),
        ("b/x", "a/x", Distance.FAR),
    ],
)
def test_an_answer_has_a_distance_from_the_truth(answer, truth, expected):
    assert distance(answer, truth) is expected


def test_scores_of_augmented_sets_are_as_in_the_paper():
    """Truth {b, b/y, b/y/1} against answer {b, b/x}: one label in common."""
    found = tree_scores(Confusion.of(["b/y/1"], ["b/x"]))

    assert found.precision == pytest.approx(1 / 2)
    assert found.recall == pytest.approx(1 / 3)
    assert found.f1 == pytest.approx(2 / 5)


def test_accuracy_at_each_depth_counts_only_labels_that_reach_it():
    found = tree_scores(Confusion.of(["a/x", "b/y/1", "c"], ["a/y", "b/y/2", "c"]))

    assert found.accuracy_at_depth == {1: 1.0, 2: 0.5, 3: 0.0}


def test_sibling_confusion_is_a_share_of_all_answers_and_of_errors():
    found = tree_scores(Confusion.of(["a/x", "a/x", "a/x", "c"], ["a/x", "a/y", "c", "c"]))

    assert found.sibling_confusion == 0.25
    assert found.sibling_share_of_errors == 0.5


def test_a_flat_taxonomy_has_no_siblings_to_confuse():
    found = tree_scores(Confusion.of(["a", "b"], ["b", "b"]))

    assert np.isnan(found.sibling_confusion)
    assert found.f1 == 0.5


@given(pairs)
def test_hierarchical_f1_is_never_below_plain_accuracy(pairs):
    """Every right answer shares all its labels; a wrong one may share some."""
    truth, answer = zip(*pairs, strict=True)

    found = tree_scores(Confusion.of(truth, answer))

    exact = [t == a for t, a in pairs]
    assert 0.0 <= found.f1 <= 1.0
    assert (found.f1 == 1.0) == all(exact)


@given(pairs)
def test_swapping_truth_and_answer_swaps_precision_and_recall(pairs):
    truth, answer = zip(*pairs, strict=True)

    one = tree_scores(Confusion.of(truth, answer))
    other = tree_scores(Confusion.of(answer, truth))

    assert (one.precision, one.recall) == (other.recall, other.precision)
