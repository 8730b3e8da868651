"""A linear head, dense and sparse, and as it is stored."""

import numpy as np
from scipy import sparse

from sortyard.models.heads import Head


def head(rng: np.random.Generator) -> Head:
    numbers = rng.standard_normal((5, 3)).astype(np.float32)
    return Head(numbers, rng.standard_normal(3).astype(np.float32))


def test_a_score_is_the_weighted_sum_and_a_bias(rng: np.random.Generator) -> None:
    one, features = head(rng), rng.standard_normal((4, 5)).astype(np.float32)
    expected = features.astype(np.float64) @ one.weights + one.biases
    np.testing.assert_allclose(one.scores(features), expected, rtol=1e-4, atol=1e-5)


def test_sparse_features_score_as_dense_ones_do(rng: np.random.Generator) -> None:
    one, features = head(rng), rng.standard_normal((4, 5)).astype(np.float32)
    found = one.scores(sparse.csr_matrix(features))
    np.testing.assert_allclose(found, one.scores(features), rtol=1e-4, atol=1e-5)


def test_scoring_changes_no_bias(rng: np.random.Generator) -> None:
    one = head(rng)
    before = one.biases.copy()
    one.scores(np.zeros((2, 5), dtype=np.float32))
    np.testing.assert_array_equal(one.biases, before)


def test_what_is_stored_is_what_was_measured(rng: np.random.Generator) -> None:
    measured = head(rng).as_stored()
    back = Head.from_arrays(measured.arrays("one"), "one")
    np.testing.assert_array_equal(back.weights, measured.weights)
    np.testing.assert_array_equal(back.biases, measured.biases)


def test_no_texts_give_no_rows(rng: np.random.Generator) -> None:
    assert head(rng).scores(np.empty((0, 5), dtype=np.float32)).shape == (0, 3)
