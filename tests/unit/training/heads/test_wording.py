"""A support vector machine for each label, whatever labels a fold happens to hold."""

import numpy as np
import pytest
from scipy import sparse

from sortyard.domain.taxonomy import Kind
from sortyard.models.heads import Head
from sortyard.training.heads.wording import ABSENT, fit_wording_head
from sortyard.training.truth import Truth

LABELS = 4


def _grams(rng: np.random.Generator, held: np.ndarray) -> sparse.csr_matrix:
    """Rows whose first columns tell the label, among noise."""
    noise = 0.2 * (rng.random((len(held), LABELS + 6)) < 0.5)
    noise[np.arange(len(held)), held] = 1.0
    return sparse.csr_matrix(noise.astype(np.float32))


def _fit(grams: sparse.csr_matrix, truth: Truth, seed: int = 1) -> Head:
    return fit_wording_head(grams, truth, strength=1.0, seed=seed)


@pytest.mark.parametrize("present", [(0, 1, 2, 3), (0, 2, 3), (1, 3), (3, 0)])
def test_the_labels_that_are_there_are_told_apart(
    rng: np.random.Generator, present: tuple[int, ...]
) -> None:
    held = rng.permutation(np.repeat(present, 15)).astype(np.intp)
    grams = _grams(rng, held)
    scores = _fit(grams, Truth(Kind.SINGLE, LABELS, held)).scores(grams)
    assert (scores.argmax(axis=1) == held).all()


def test_a_label_that_a_fold_lacks_scores_the_far_side(rng: np.random.Generator) -> None:
    held = rng.permutation(np.repeat([0, 2, 3], 15)).astype(np.intp)
    grams = _grams(rng, held)
    assert (_fit(grams, Truth(Kind.SINGLE, LABELS, held)).scores(grams)[:, 1] == ABSENT).all()


def test_two_labels_mirror_each_other(rng: np.random.Generator) -> None:
    held = np.repeat([1, 3], 15).astype(np.intp)
    grams = _grams(rng, held)
    scores = _fit(grams, Truth(Kind.SINGLE, LABELS, held)).scores(grams)
    np.testing.assert_allclose(scores[:, 1], -scores[:, 3], atol=1e-6)


def test_one_label_wins_without_a_machine(rng: np.random.Generator) -> None:
    held = np.full(5, 2, dtype=np.intp)
    scores = _fit(_grams(rng, held), Truth(Kind.SINGLE, LABELS, held)).scores(_grams(rng, held))
    assert scores.tolist() == [[ABSENT, ABSENT, -ABSENT, ABSENT]] * 5


def test_columns_that_all_rows_or_none_hold_need_no_machine(rng: np.random.Generator) -> None:
    held = np.zeros((20, LABELS), dtype=np.bool_)
    held[:, 1] = True
    held[::2, 2] = True
    grams = _grams(rng, np.where(held[:, 2], 2, 0))
    scores = _fit(grams, Truth(Kind.MULTI, LABELS, held)).scores(grams)
    assert (scores[:, [0, 1, 3]] == [ABSENT, -ABSENT, ABSENT]).all()


def test_each_label_of_a_multi_dimension_has_its_own_machine(rng: np.random.Generator) -> None:
    marks = rng.random((80, LABELS)) < 0.5
    grams = sparse.csr_matrix(marks.astype(np.float32))
    scores = _fit(grams, Truth(Kind.MULTI, LABELS, marks)).scores(grams)
    np.testing.assert_array_equal(scores > 0.0, marks)


def test_a_seed_decides_every_weight(rng: np.random.Generator) -> None:
    held = rng.integers(LABELS, size=80)
    grams = _grams(rng, held)
    truth = Truth(Kind.SINGLE, LABELS, held)
    np.testing.assert_array_equal(_fit(grams, truth, 7).weights, _fit(grams, truth, 7).weights)


def test_rows_that_contradict_each_other_are_learnt_without_a_warning() -> None:
    grams = sparse.csr_matrix(np.ones((200, 30), dtype=np.float32))
    head = _fit(grams, Truth(Kind.SINGLE, 2, np.arange(200) % 2))
    assert np.isfinite(head.weights).all()


def test_balanced_machines_hear_a_rare_label_among_many_rows(rng: np.random.Generator) -> None:
    held = np.repeat([0, 1], [400, 8]).astype(np.intp)
    noise = rng.random((len(held), 6)) < 0.5
    noise[held == 1, 0] = True
    grams = sparse.csr_matrix(noise.astype(np.float32))
    truth = Truth(Kind.SINGLE, 2, held)
    plain, balanced = (
        fit_wording_head(grams, truth, strength=1.0, seed=1, balanced=one) for one in (False, True)
    )
    heard = [(one.scores(grams).argmax(axis=1)[held == 1] == 1).mean() for one in (plain, balanced)]
    assert heard[0] == 0.0
    assert heard[1] > 0.5
