"""A policy is learnt from held-out answers, and honours what the taxonomy demands."""

import numpy as np
import pytest

from sortyard.domain.policy import Basis
from sortyard.domain.predictions import Reason, Route
from sortyard.domain.taxonomy import Dimension, Kind, Label
from sortyard.evaluation.policies import fit_policy, fit_set_policy

FLAT = Dimension(name="team", labels=(Label(name="billing"), Label(name="tech")))
TREE = Dimension(
    name="topic",
    labels=(
        Label(name="billing", children=(Label(name="refunds"), Label(name="invoices"))),
        Label(name="tech"),
    ),
)
LEAVES = ("billing/refunds", "billing/invoices", "tech")


def sure_of(answered: np.ndarray, labels: int, confidence: float = 0.9) -> np.ndarray:
    """Probabilities that put one confidence on each answer."""
    chances = np.full((len(answered), labels), (1.0 - confidence) / (labels - 1))
    chances[np.arange(len(answered)), answered] = confidence
    return chances


def test_a_proven_label_is_answered_alone() -> None:
    answered = np.arange(200) % 2

    policy = fit_policy(
        FLAT, FLAT.paths, sure_of(answered, 2), [FLAT.paths[one] for one in answered]
    )

    assert policy.route("billing", 0.95).route is Route.AUTO
    assert policy.evidence["billing"].basis is Basis.OWN
    assert policy.evidence["billing"].right == 100


def test_a_label_that_was_never_answered_is_never_alone() -> None:
    answered = np.zeros(200, dtype=int)

    policy = fit_policy(FLAT, FLAT.paths, sure_of(answered, 2), ["billing"] * 200)

    assert policy.route("tech", 1.0).route is Route.CONFIRM
    assert policy.evidence["tech"].basis is Basis.UNSEEN


def test_nothing_is_promised_without_rows() -> None:
    policy = fit_policy(FLAT, FLAT.paths, np.zeros((0, 2)), [])

    assert policy.fallback.auto is None
    assert policy.route("billing", 1.0).reason is Reason.NO_EVIDENCE


def test_a_costly_label_has_more_to_prove() -> None:
    """A hundred faultless rows prove 0.95, not the 0.975 that twice the cost asks for."""
    costly = Dimension(
        name="team", labels=(Label(name="billing"), Label(name="tech", error_cost=2.0))
    )
    answered = np.arange(200) % 2

    policy = fit_policy(
        costly, costly.paths, sure_of(answered, 2), [costly.paths[one] for one in answered]
    )

    assert policy.route("billing", 0.9).route is Route.AUTO
    assert policy.route("tech", 0.9).route is Route.CONFIRM
    assert policy.evidence["tech"].target == pytest.approx(0.975)


def test_a_true_label_that_the_model_lacks_counts_as_wrong() -> None:
    answered = np.zeros(100, dtype=int)

    policy = fit_policy(FLAT, FLAT.paths, sure_of(answered, 2), ["elsewhere"] * 100)

    assert policy.route("billing", 1.0).route is Route.CONFIRM


def test_a_parent_learns_from_the_rows_that_its_leaves_leave_open(
    rng: np.random.Generator,
) -> None:
    """Refunds and invoices are told apart by a coin; that it is billing is certain."""
    chances = np.tile([0.5, 0.45, 0.05], (300, 1))
    truth = [LEAVES[one] for one in rng.integers(0, 2, 300)]

    policy = fit_policy(TREE, LEAVES, chances, truth)

    assert policy.roll_up["billing"] == pytest.approx(0.95)
    assert policy.route("billing/refunds", 0.5).route is Route.REVIEW
    assert policy.route_rolled_up("billing", 0.96).route is Route.AUTO


def test_a_flat_dimension_has_nothing_to_roll_up() -> None:
    answered = np.arange(200) % 2
    truth = [FLAT.paths[one] for one in answered]

    assert not fit_policy(FLAT, FLAT.paths, sure_of(answered, 2, 0.6), truth).roll_up


def test_an_answer_above_the_truth_is_right() -> None:
    """A model may give `billing` itself; for a message of billing/refunds that is no mistake."""
    labels = ("billing", "billing/refunds", "tech")
    answered = np.zeros(100, dtype=int)

    policy = fit_policy(TREE, labels, sure_of(answered, 3), ["billing/refunds"] * 100)

    assert policy.evidence["billing"].right == 100


def test_sets_of_labels_are_judged_as_wholes() -> None:
    flags = Dimension(name="flags", kind=Kind.MULTI, labels=FLAT.labels)

    policy = fit_set_policy(flags, np.full(100, 0.8), np.ones(100, dtype=bool))

    assert policy.route_set((), 0.8).route is Route.AUTO
    assert policy.route_set((), 0.75).route is Route.CONFIRM


def test_a_policy_does_not_depend_on_the_order_of_labels(rng: np.random.Generator) -> None:
    answered = rng.integers(0, 2, 400)
    chances = sure_of(answered, 2) + rng.normal(size=(400, 1)) * np.array([[0.01, -0.01]])
    truth = [FLAT.paths[one] for one in np.where(rng.random(400) < 0.97, answered, 1 - answered)]

    straight = fit_policy(FLAT, FLAT.paths, chances, truth)
    turned = fit_policy(FLAT, FLAT.paths[::-1], chances[:, ::-1], truth)

    assert straight == turned
