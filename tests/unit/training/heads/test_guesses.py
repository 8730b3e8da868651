"""A guess that is certain and counts whole is a row."""

import numpy as np
import pytest
from scipy import sparse

from sortyard.domain.taxonomy import Kind
from sortyard.training.heads.axes import Axes
from sortyard.training.heads.guesses import Guesses
from sortyard.training.heads.meaning import fit_meaning_head
from sortyard.training.heads.wording import fit_wording_head
from sortyard.training.truth import Truth


@pytest.fixture
def vectors(rng: np.random.Generator) -> np.ndarray:
    centres = np.eye(6)[:3]
    return (np.repeat(centres, 10, axis=0) + rng.normal(0.0, 0.3, (30, 6))).astype(np.float32)


TRUTH = Truth(Kind.SINGLE, 3, np.repeat(np.arange(3), 10))
KNOWN = np.arange(0, 30, 2)
REST = np.arange(1, 30, 2)


def certain(rows: np.ndarray) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[TRUTH.single[rows]]


def test_a_certain_guess_teaches_like_a_row(vectors: np.ndarray) -> None:
    axes = Axes.of(vectors)
    every = fit_meaning_head(vectors, TRUTH, strength=10.0, axes=axes, tolerance=1e-9)
    guessed = fit_meaning_head(
        vectors[KNOWN],
        TRUTH.take(KNOWN),
        strength=10.0,
        axes=axes,
        tolerance=1e-9,
        guesses=Guesses(vectors[REST], certain(REST)),
    )
    assert guessed.scores(vectors) == pytest.approx(every.scores(vectors), abs=0.05)


def test_a_guess_that_counts_nothing_teaches_nothing(vectors: np.ndarray) -> None:
    axes = Axes.of(vectors)
    plain = fit_meaning_head(vectors[KNOWN], TRUTH.take(KNOWN), strength=10.0, axes=axes)
    guessed = fit_meaning_head(
        vectors[KNOWN],
        TRUTH.take(KNOWN),
        strength=10.0,
        axes=axes,
        guesses=Guesses(vectors[REST], np.zeros((15, 3), dtype=np.float32)),
    )
    assert guessed.scores(vectors) == pytest.approx(plain.scores(vectors), abs=1e-4)


def test_the_slope_of_a_guess_is_the_slope_of_its_loss(rng: np.random.Generator) -> None:
    shares = rng.random((4, 3)).astype(np.float32)
    guesses = Guesses(np.zeros((4, 1), dtype=np.float32), shares)
    scores = rng.normal(size=(4, 3)).astype(np.float32)
    _, slope = guesses.loss(scores.copy(), slice(0, 4))
    step = 1e-2
    for row, label in [(0, 0), (1, 2), (3, 1)]:
        more, less = scores.copy(), scores.copy()
        more[row, label] += step
        less[row, label] -= step
        risen = guesses.loss(more, slice(0, 4))[0] - guesses.loss(less, slice(0, 4))[0]
        assert slope[row, label] == pytest.approx(risen / (2 * step), abs=1e-3)


def test_rows_of_words_that_count_whole_are_rows(vectors: np.ndarray) -> None:
    grams = sparse.csr_matrix(np.abs(vectors))
    plain = fit_wording_head(grams, TRUTH, strength=1.0, seed=1)
    counted = fit_wording_head(grams, TRUTH, strength=1.0, seed=1, counts=np.ones(30))
    assert counted.scores(grams) == pytest.approx(plain.scores(grams))
