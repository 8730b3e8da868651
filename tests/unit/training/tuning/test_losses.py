"""The losses keep their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.utils.class_weight import compute_class_weight

torch = pytest.importorskip("torch", reason="needs the extra `tune`")

from sortyard.training.tuning.losses import (  # noqa: E402 -- after the skip
    binary_loss,
    binary_weights,
    class_weights,
    distillation_loss,
    ranking_loss,
    softmax_loss,
)

functional = torch.nn.functional
seeds = st.integers(0, 2**31)
shares = st.floats(0.0, 0.9)
focuses = st.floats(0.0, 4.0)


def drawn(seed: int, *, rows: int = 6, labels: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    scores = torch.from_numpy(rng.normal(0.0, 3.0, (rows, labels)))
    return scores, torch.from_numpy(rng.integers(labels, size=rows))


def vectors(rng: np.random.Generator, rows: int) -> torch.Tensor:
    return functional.normalize(torch.from_numpy(rng.normal(size=(rows, 5))), dim=-1)


def as_matrix(values: NDArray[np.bool_]) -> torch.Tensor:
    return torch.from_numpy(values)


@given(seeds, shares)
def test_softmax_loss_is_smoothed_cross_entropy(seed: int, smoothing: float) -> None:
    scores, truth = drawn(seed)
    expected = functional.cross_entropy(scores, truth, label_smoothing=smoothing)

    torch.testing.assert_close(softmax_loss(scores, truth, smoothing=smoothing), expected)


@given(seeds, focuses, st.permutations(range(4)))
def test_the_order_of_labels_does_not_matter(seed: int, focus: float, order: list[int]) -> None:
    scores, truth = drawn(seed)
    weights = torch.arange(1.0, 5.0, dtype=scores.dtype)
    place = torch.tensor(order)
    moved = softmax_loss(
        scores[:, place], place.argsort()[truth], focus=focus, weights=weights[place]
    )

    torch.testing.assert_close(softmax_loss(scores, truth, focus=focus, weights=weights), moved)


@given(seeds, focuses)
def test_the_focal_loss_forgives_what_is_nearly_right(seed: int, focus: float) -> None:
    scores, truth = drawn(seed)
    held = functional.one_hot(truth, 4).bool()

    assert softmax_loss(scores, truth, focus=focus) <= softmax_loss(scores, truth) + 1e-9
    assert binary_loss(scores, held, focus=focus) <= binary_loss(scores, held) + 1e-9


@given(seeds)
def test_class_weights_are_those_that_are_called_balanced(seed: int) -> None:
    _, truth = drawn(seed, rows=20, labels=4)
    carried = np.unique(truth.numpy())
    found = class_weights(torch.bincount(truth, minlength=5).double())
    expected = np.zeros(5)
    expected[carried] = compute_class_weight("balanced", classes=carried, y=truth.numpy())

    assert found.numpy() == pytest.approx(expected)


@given(seeds)
def test_weighted_labels_weigh_alike(seed: int) -> None:
    """Repeating the rows of a label changes nothing."""
    scores, truth = drawn(seed)
    more = torch.cat([torch.arange(6), torch.where(truth == truth[0])[0].repeat(3)])
    before = class_weights(torch.bincount(truth, minlength=4).double())
    after = class_weights(torch.bincount(truth[more], minlength=4).double())

    torch.testing.assert_close(
        softmax_loss(scores, truth, weights=before),
        softmax_loss(scores[more], truth[more], weights=after),
    )


@given(seeds)
def test_binary_loss_is_a_sum_over_labels(seed: int) -> None:
    scores, truth = drawn(seed)
    held = functional.one_hot(truth, 4).bool()
    expected = functional.binary_cross_entropy_with_logits(scores, held.double(), reduction="sum")

    torch.testing.assert_close(binary_loss(scores, held), expected / 6)


def test_presence_and_absence_weigh_alike() -> None:
    supports, rows = torch.tensor([1.0, 5.0]), 10
    weights = binary_weights(supports, rows)

    assert (weights[0] * (rows - supports)).tolist() == pytest.approx([5.0, 5.0])
    assert (weights[1] * supports).tolist() == pytest.approx([5.0, 5.0])


@given(seeds)
def test_a_teacher_that_is_certain_teaches_the_truth(seed: int) -> None:
    scores, truth = drawn(seed)
    certain = functional.one_hot(truth, 4).to(scores)

    torch.testing.assert_close(
        distillation_loss(scores, certain, exclusive=True), softmax_loss(scores, truth)
    )
    torch.testing.assert_close(
        distillation_loss(scores, certain, exclusive=False), binary_loss(scores, certain > 0)
    )


@given(seed=seeds, exclusive=st.booleans())
def test_nothing_is_nearer_to_a_teacher_than_what_it_believes(
    seed: int, *, exclusive: bool
) -> None:
    taught, _ = drawn(seed)
    believed = taught.softmax(dim=-1) if exclusive else taught.sigmoid()
    other, _ = drawn(seed + 1)

    least = distillation_loss(taught, believed, exclusive=exclusive)
    assert least <= distillation_loss(other, believed, exclusive=exclusive) + 1e-9


@given(seeds)
def test_with_one_positive_ranking_is_cross_entropy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    queries, keys = vectors(rng, 4), vectors(rng, 4)
    found = ranking_loss(
        queries,
        keys,
        torch.eye(4, dtype=torch.bool),
        torch.zeros(4, 4, dtype=torch.bool),
        temperature=0.1,
    )

    torch.testing.assert_close(
        found, functional.cross_entropy(queries @ keys.t() / 0.1, torch.arange(4))
    )


@given(seeds, st.lists(st.integers(0, 2), min_size=2, max_size=7))
def test_rows_of_one_label_are_never_each_others_negatives(seed: int, labels: list[int]) -> None:
    """However near they come to each other, no other row has to give way."""
    rng = np.random.default_rng(seed)
    rows = vectors(rng, len(labels)).requires_grad_()
    truth = np.array(labels)
    same = as_matrix(truth[:, None] == truth)
    own = torch.eye(len(labels), dtype=torch.bool)
    scores = rows @ rows.detach().t()
    scores.retain_grad()
    loss = ranking_loss(scores, torch.eye(len(labels)).double(), same, own, temperature=0.2)
    loss.backward()

    assert bool((scores.grad[same] <= 0.0).all())
    assert bool((scores.grad[~same] >= 0.0).all())
    assert bool((scores.grad[own] == 0.0).all())


@given(seeds)
def test_a_weight_of_two_is_a_negative_that_is_there_twice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    queries, keys = vectors(rng, 3), vectors(rng, 3)
    positive, none = torch.eye(3, dtype=torch.bool), torch.zeros(3, 3, dtype=torch.bool)
    weights = torch.ones(3, 3, dtype=torch.float64)
    weights[:2, 2] = 2.0
    twice = torch.cat([keys, keys[2:]])
    again = torch.cat([positive, torch.zeros(3, 1, dtype=torch.bool)], dim=1)
    left_out = torch.zeros(3, 4, dtype=torch.bool)
    left_out[2, 3] = True

    torch.testing.assert_close(
        ranking_loss(queries, keys, positive, none, temperature=0.5, weights=weights),
        ranking_loss(queries, twice, again, left_out, temperature=0.5),
    )


def test_what_teaches_nothing_moves_nothing() -> None:
    """No positive, no negative, or no row at all: the loss is 0, and so is its slope."""
    rng = np.random.default_rng(3)
    for same in (np.zeros((3, 3)), np.ones((3, 3)), np.zeros((0, 0))):
        rows = vectors(rng, len(same)).requires_grad_()
        own = torch.eye(len(same), dtype=torch.bool)
        loss = ranking_loss(rows, rows, as_matrix(same.astype(np.bool_)), own, temperature=0.05)
        loss.backward()

        assert loss.item() == 0.0
        assert rows.grad.abs().sum().item() == 0.0


def test_a_batch_without_rows_costs_nothing() -> None:
    scores = torch.zeros(0, 3)

    assert softmax_loss(scores, torch.zeros(0, dtype=torch.long)).item() == 0.0
    assert binary_loss(scores, torch.zeros(0, 3)).item() == 0.0
