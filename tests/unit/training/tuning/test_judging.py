"""The macro F1 that tells when to stop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from sortyard.domain.taxonomy import Kind
from sortyard.training.truth import Truth

pytest.importorskip("torch", reason="needs the extra `tune`")

from sortyard.training.tuning.judging import macro_f1

seeds = st.integers(0, 1_000)


@given(seeds, st.integers(1, 12))
def test_it_is_that_of_the_best_label_of_every_row(seed: int, at_once: int) -> None:
    rng = np.random.default_rng(seed)
    truth = Truth(Kind.SINGLE, 4, rng.integers(4, size=12))
    scores = rng.normal(size=(12, 4)).astype(np.float32)
    parts = [np.arange(start, min(start + at_once, 12)) for start in range(0, 12, at_once)]
    found = macro_f1(((scores[part], truth.take(part)) for part in parts), truth)
    expected = f1_score(
        truth.held,
        scores.argmax(axis=1),
        labels=np.unique(truth.held),
        average="macro",
        zero_division=0,
    )

    assert found == pytest.approx(expected)


@given(seeds)
def test_several_labels_are_judged_at_the_best_cut(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = Truth(Kind.MULTI, 3, rng.random((10, 3)) < 0.4)
    right = np.where(truth.matrix, -1.0, -2.0).astype(np.float32)  # chances of 0.27 and 0.12

    assert macro_f1([(right, truth)], truth) == pytest.approx(float(truth.matrix.any()))
