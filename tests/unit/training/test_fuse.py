"""How much each view counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from sortyard.domain.taxonomy import Kind
from sortyard.training import fuse
from sortyard.training.fuse import fit_fusion
from sortyard.training.truth import Truth

Scores = NDArray[np.float32]


def _views(rng: np.random.Generator, count: int, *, rows: int = 4_000, labels: int = 4) -> Scores:
    return rng.standard_normal((count, rows, labels)).astype(np.float32)


def _drawn(scores: Scores, rng: np.random.Generator, kind: Kind = Kind.SINGLE) -> Truth:
    """Draw labels as likely as the scores say they are."""
    if kind is Kind.MULTI:
        return Truth(kind, scores.shape[1], rng.random(scores.shape) < expit(scores - 1.0))
    best = (scores + rng.gumbel(size=scores.shape)).argmax(axis=1)
    return Truth(kind, scores.shape[1], best)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_mix_that_made_the_truth_is_found_again(rng: np.random.Generator, kind: Kind) -> None:
    views = _views(rng, 3)
    mix = (2.0, 0.7, 1.2)
    truth = _drawn(np.tensordot(np.array(mix, np.float32), views, axes=1), rng, kind)
    assert fit_fusion(list(views), truth) == pytest.approx(mix, rel=0.15)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_view_of_noise_counts_next_to_nothing(rng: np.random.Generator, kind: Kind) -> None:
    told, noise = _views(rng, 2)
    truth = _drawn(2.0 * told, rng, kind)
    assert fit_fusion([told, noise], truth)[1] < 0.1


def test_a_view_that_misleads_counts_nothing(rng: np.random.Generator) -> None:
    told, misled = _views(rng, 2)
    assert fit_fusion([told, misled], _drawn(told - misled, rng))[1] == 0.0


def test_views_that_all_mislead_count_the_same(rng: np.random.Generator) -> None:
    (told,) = _views(rng, 1)
    assert fit_fusion([-told, -2.0 * told], _drawn(3.0 * told, rng)) == (1.0, 1.0)


@given(st.integers(0, 10_000), st.integers(0, 12), st.integers(1, 4), st.sampled_from(Kind))
def test_no_weight_is_negative_or_endless(seed: int, rows: int, labels: int, kind: Kind) -> None:
    rng = np.random.default_rng(seed)
    views = 5.0 * _views(rng, 3, rows=rows, labels=labels)
    weights = fit_fusion(list(views), _drawn(views[0], rng, kind))
    assert all(0.0 <= weight < np.inf for weight in weights)
    assert any(weights)


@pytest.mark.parametrize("kind", list(Kind))
@given(seed=st.integers(0, 10_000))
def test_the_slopes_are_those_of_the_losses(kind: Kind, seed: int) -> None:
    rng = np.random.default_rng(seed)
    stack = _views(rng, 2, rows=10)
    truth = _drawn(stack[0], rng, kind)
    loss = fuse.single_loss if kind is Kind.SINGLE else fuse.multi_loss
    place = rng.uniform(0.1, 2.0, 2 if kind is Kind.SINGLE else 3)
    place = place.astype(np.float32).astype(np.float64)
    for axis, slope in enumerate(loss(place, stack, truth.held)[1]):
        step = np.eye(len(place))[axis] * 2.0**-7
        rise = loss(place + step, stack, truth.held)[0] - loss(place - step, stack, truth.held)[0]
        assert rise * 2.0**6 == pytest.approx(slope, abs=2e-3)


def test_nothing_held_out_leaves_all_views_equal() -> None:
    empty = np.empty((0, 3), dtype=np.float32)
    assert fit_fusion([empty, empty], Truth(Kind.SINGLE, 3, np.empty(0, np.intp))) == (1.0, 1.0)


def test_thousands_of_labels_are_weighed_on_fewer_rows(rng: np.random.Generator) -> None:
    """The whole of it would take 240 MB a copy; what is weighed takes 12."""
    views = np.broadcast_to(_views(rng, 2, rows=1, labels=3_000), (2, 20_000, 3_000))
    held = np.full(20_000, int(views[0, 0].argmax()))
    assert fit_fusion(list(views), Truth(Kind.SINGLE, 3_000, held))[0] > 0.0
