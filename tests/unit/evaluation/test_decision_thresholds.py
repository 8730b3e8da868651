"""Labels of a `multi` dimension are answered from a threshold that few rows cannot bend."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.domain.errors import NotEnoughData
from sortyard.evaluation.decision_thresholds import best_cut, decision_thresholds

scored = st.integers(1, 30).flatmap(
    lambda rows: st.tuples(
        arrays(np.float64, rows, elements=st.integers(1, 99).map(lambda one: one / 100)),
        arrays(np.bool_, rows),
    )
)


def f1(answered: np.ndarray, held: np.ndarray) -> float:
    return float(2 * (answered & held).sum() / max((answered.sum() + held.sum()), 1))


@given(scored)
def test_no_other_threshold_has_a_better_f1(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    probabilities, held = drawn

    cut = best_cut(probabilities, held)

    assert (cut is None) == (not held.any())
    if cut is not None:
        best = max(f1(probabilities >= other, held) for other in np.linspace(0.0, 1.0, 201))
        assert f1(probabilities >= cut, held) == pytest.approx(best)


def drawn_rows(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    probabilities = rng.beta(0.3, 1.5, size=(rows, 4))
    return probabilities, rng.random((rows, 4)) < probabilities, np.arange(rows) % 5


def test_every_label_gets_a_threshold_between_0_and_1(rng: np.random.Generator) -> None:
    found = decision_thresholds(*drawn_rows(rng, 300)[:2], folds=np.arange(300) % 5)

    assert found.values.shape == (4,)
    assert ((found.values > 0.0) & (found.values < 1.0)).all()


def test_labels_of_one_kind_share_a_threshold(rng: np.random.Generator) -> None:
    probabilities, truth, folds = drawn_rows(rng, 300)

    found = decision_thresholds(probabilities, truth, folds=folds)

    assert found.held_out_f1[found.chosen] == max(found.held_out_f1.values())
    assert np.ptp(found.values) < 0.1


def test_a_label_that_needs_its_own_threshold_gets_it(rng: np.random.Generator) -> None:
    """Probabilities of one label that are far too low."""
    probabilities, truth, folds = drawn_rows(rng, 4_000)
    probabilities[:, 2] /= 20.0

    found = decision_thresholds(probabilities, truth, folds=folds)

    assert found.chosen != "shared"
    assert found.values[2] < found.values[0] / 3.0


def test_three_positives_decide_little(rng: np.random.Generator) -> None:
    probabilities, truth, folds = drawn_rows(rng, 1_000)
    truth[:, 3] = False
    truth[:3, 3] = True
    probabilities[:, 3] = np.where(truth[:, 3], 1e-4, 1e-5)

    found = decision_thresholds(probabilities, truth, folds=folds)

    assert found.values[3] > 0.1


def test_a_label_without_positives_takes_the_shared_threshold(rng: np.random.Generator) -> None:
    probabilities, truth, folds = drawn_rows(rng, 300)
    truth[:, 1] = False

    found = decision_thresholds(probabilities, truth, folds=folds)

    assert found.values[1] == pytest.approx(best_cut(probabilities.ravel(), truth.ravel()))


def test_no_positives_at_all_are_refused(rng: np.random.Generator) -> None:
    with pytest.raises(NotEnoughData, match="decision thresholds"):
        decision_thresholds(rng.random((5, 2)), np.zeros((5, 2), dtype=bool), folds=np.arange(5))
