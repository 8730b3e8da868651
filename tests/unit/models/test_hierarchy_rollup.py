"""A tree of labels sums chances upwards, and answers the parent where only that is sure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.domain.taxonomy import parent_of
from sortyard.models.calibration import softmax
from sortyard.models.hierarchy import LabelTree

LABELS = ("billing/refunds", "billing/invoices", "tech/app/login", "tech/app", "other")
TREE = LabelTree.of(LABELS)
probabilities = arrays(
    np.float64, st.tuples(st.integers(1, 5), st.just(5)), elements=st.floats(-5.0, 5.0)
).map(softmax)


def row(**chances: float) -> np.ndarray:
    named = {path.replace("/", "_"): index for index, path in enumerate(LABELS)}
    found = np.zeros((1, len(LABELS)))
    for name, chance in chances.items():
        found[0, named[name]] = chance
    return found


def test_labels_come_first_then_what_is_above_them() -> None:
    assert TREE.nodes == (*LABELS, "billing", "tech")


@given(probabilities)
def test_a_parent_is_at_least_as_likely_as_its_children(chances: np.ndarray) -> None:
    nodes = TREE.node_chances(chances)

    for index, path in enumerate(TREE.nodes):
        parent = parent_of(path)
        if parent is not None:
            assert (nodes[:, TREE.nodes.index(parent)] >= nodes[:, index] - 1e-12).all()


@given(probabilities)
def test_the_tops_of_the_tree_share_all_belief(chances: np.ndarray) -> None:
    tops = [index for index, path in enumerate(TREE.nodes) if parent_of(path) is None]

    np.testing.assert_allclose(TREE.node_chances(chances)[:, tops].sum(axis=1), 1.0)


def test_a_flat_tree_does_no_work() -> None:
    flat = LabelTree.of(["a", "b"])
    chances = np.array([[0.3, 0.7]])

    assert flat.is_flat
    assert flat.node_chances(chances) is chances


def test_an_unsure_leaf_gives_way_to_its_sure_parent() -> None:
    chances = row(billing_refunds=0.5, billing_invoices=0.4, other=0.1)

    rolled = TREE.roll_up(chances, {"billing": 0.85}, np.full(5, 0.8))

    assert TREE.nodes[rolled.nodes[0]] == "billing"
    assert rolled.confidence[0] == pytest.approx(0.9)


def test_a_sure_leaf_stands_for_itself() -> None:
    rolled = TREE.roll_up(row(billing_refunds=0.9, other=0.1), {"billing": 0.1}, np.full(5, 0.8))

    assert TREE.nodes[rolled.nodes[0]] == "billing/refunds"


def test_the_best_label_stays_where_nothing_is_sure() -> None:
    chances = row(billing_refunds=0.5, other=0.4, tech_app=0.1)

    rolled = TREE.roll_up(chances, {"billing": 0.85}, np.full(5, 0.8))

    assert TREE.nodes[rolled.nodes[0]] == "billing/refunds"
    assert rolled.confidence[0] == pytest.approx(0.5)


def test_the_nearest_sure_node_answers() -> None:
    """A step that is not sure is passed over on the way up."""
    chances = row(tech_app_login=0.6, tech_app=0.3, other=0.1)

    near = TREE.roll_up(chances, {"tech/app": 0.8, "tech": 0.8}, np.full(5, 0.99))
    far = TREE.roll_up(chances, {"tech": 0.8}, np.full(5, 0.99))

    assert TREE.nodes[near.nodes[0]] == "tech/app"
    assert TREE.nodes[far.nodes[0]] == "tech"


def test_a_label_with_children_is_as_sure_as_all_of_them() -> None:
    """To answer `tech/app` claims no more than that the truth is it or lies below it."""
    chances = row(tech_app=0.5, tech_app_login=0.4, other=0.1)

    rolled = TREE.roll_up(chances, {}, np.full(5, 0.5))

    assert TREE.nodes[rolled.nodes[0]] == "tech/app"
    assert rolled.confidence[0] == pytest.approx(0.9)


@given(probabilities, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_rolling_up_never_makes_an_answer_less_sure(
    chances: np.ndarray, sure: float, enough: float
) -> None:
    plain = TREE.roll_up(chances, {}, np.full(5, enough))
    rolled = TREE.roll_up(chances, dict.fromkeys(TREE.nodes, sure), np.full(5, enough))

    assert (rolled.confidence >= plain.confidence - 1e-12).all()


def test_climbing_ends_at_the_top() -> None:
    start = np.array([2, 4])

    assert [TREE.nodes[one] for one in TREE.steps_up(start, 0)] == ["tech/app/login", "other"]
    np.testing.assert_array_equal(TREE.steps_up(start, 3), [-1, -1])
