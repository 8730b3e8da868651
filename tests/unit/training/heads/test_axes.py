"""The directions in which vectors differ."""

import numpy as np
import pytest

from sortyard.domain.taxonomy import Kind
from sortyard.training.heads import axes
from sortyard.training.heads.axes import Axes
from sortyard.training.heads.meaning import fit_meaning_head
from sortyard.training.truth import Truth

WIDTH = 40


@pytest.mark.parametrize("rows", [2, 7, 30])
def test_few_vectors_have_no_more_axes_than_they_differ_in(
    rng: np.random.Generator, rows: int
) -> None:
    vectors = rng.normal(size=(rows, WIDTH)).astype(np.float32)

    found = Axes.of(vectors)

    along = (vectors - found.centre) @ found.directions
    assert along.shape == (rows, rows - 1)
    np.testing.assert_allclose(
        along @ found.directions.T, vectors - found.centre, atol=1e-5
    )  # nothing of them is lost


def test_there_are_never_more_than_the_most(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(axes, "MOST", 5)
    vectors = rng.normal(size=(30, WIDTH)).astype(np.float32)

    assert Axes.of(vectors).directions.shape == (WIDTH, 5)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_head_on_these_axes_is_the_one_on_all(rng: np.random.Generator, kind: Kind) -> None:
    vectors = rng.normal(size=(20, WIDTH)).astype(np.float32)
    held = np.arange(20) % 3 if kind is Kind.SINGLE else rng.random((20, 3)) < 0.4
    truth = Truth(kind, 3, held)
    variances, directions = np.linalg.eigh(np.cov(vectors.T, bias=True))
    every = Axes(vectors.mean(axis=0), directions, np.maximum(variances, 0.0))

    few = fit_meaning_head(vectors, truth, strength=10.0, tolerance=1e-9)
    many = fit_meaning_head(vectors, truth, strength=10.0, tolerance=1e-9, axes=every)

    fresh = rng.normal(size=(50, WIDTH)).astype(np.float32)
    np.testing.assert_allclose(few.scores(fresh), many.scores(fresh), atol=0.02)
