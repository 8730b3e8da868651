"""Temperature, Platt and the choice between calibrators keep their promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from sortyard.domain.errors import InvalidSettings, NewerFormat, NotEnoughData
from sortyard.models.calibration import LabelIndices, Logits, Temperature, softmax
from sortyard.models.calibration_choice import choose_calibrator, choose_independent
from sortyard.models.calibration_file import calibrator_from_dict
from sortyard.models.isotonic import Isotonic
from sortyard.models.platt import Platt
from tests.contracts.calibrators import check_calibrator, check_keeps_the_order

temperatures = st.floats(min_value=0.05, max_value=20.0).map(Temperature)
logits_of = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, max_side=8),
    elements=st.floats(min_value=-50.0, max_value=50.0),
)
extreme_logits = arrays(
    st.sampled_from([np.float32, np.float64]),
    array_shapes(min_dims=2, max_dims=2, max_side=4),
    elements=st.sampled_from([-3e38, -1e30, -50.0, 0.0, 1e-30, 50.0, 1e30, 3e38]),
)


def drawn_truth(honest: Logits, rng: np.random.Generator) -> LabelIndices:
    """Draw the truth from the logits' own probabilities."""
    heights = softmax(honest).cumsum(axis=1)
    return (rng.random((len(honest), 1)) > heights).sum(axis=1).clip(max=honest.shape[1] - 1)


@given(temperatures, logits_of)
def test_temperature_is_a_calibrator(temperature: Temperature, logits: Logits) -> None:
    check_calibrator(temperature, logits)


@given(temperatures, extreme_logits)
def test_any_finite_logits_give_finite_probabilities(
    temperature: Temperature, logits: Logits
) -> None:
    check_calibrator(temperature, logits)
    check_calibrator(Platt(temperature.value, (0.5,) * logits.shape[1]), logits)


@given(temperatures, logits_of)
def test_temperature_never_demotes_the_best_label(temperature: Temperature, logits: Logits) -> None:
    chances = temperature.probabilities(logits)

    best = logits.argmax(axis=1)
    assert (chances[np.arange(len(logits)), best] == chances.max(axis=1)).all()


@given(
    logits_of.flatmap(
        lambda logits: st.tuples(
            st.just(logits),
            st.lists(
                st.floats(min_value=-5, max_value=5),
                min_size=logits.shape[1],
                max_size=logits.shape[1],
            ),
        )
    )
)
def test_platt_is_a_calibrator(drawn: tuple[Logits, list[float]]) -> None:
    logits, steps = drawn
    check_calibrator(Platt(1.5, tuple(steps)), logits)


def test_fit_undoes_overconfidence(rng: np.random.Generator) -> None:
    """Logits that are three times too large are cooled by three."""
    honest = rng.normal(size=(5_000, 4), scale=1.5)

    fitted = Temperature.fit(3.0 * honest, drawn_truth(honest, rng))

    assert fitted.value == pytest.approx(3.0, rel=0.1)


@pytest.mark.parametrize("size", [1e-2, 1e2])
def test_fit_copes_with_logits_of_any_size(rng: np.random.Generator, size: float) -> None:
    honest = rng.normal(size=(5_000, 4), scale=1.5)

    fitted = Temperature.fit(size * honest, drawn_truth(honest, rng))

    assert fitted.value == pytest.approx(size, rel=0.1)


def test_a_handful_of_texts_leaves_the_scores_as_they_are() -> None:
    assert Temperature.fit(np.zeros((2, 3)), np.array([0, 1])) == Temperature(1.0)


def test_fit_refuses_no_texts_at_all() -> None:
    with pytest.raises(NotEnoughData, match="0 labelled texts, at least 1 needed"):
        Temperature.fit(np.zeros((0, 3)), np.array([], dtype=int))


def test_faultless_data_does_not_end_in_certainty() -> None:
    """Twenty right answers in a row promise less than 22 in 23."""
    truth = np.arange(20) % 3
    logits = 5.0 * np.eye(3)[truth]

    fitted = Temperature.fit(logits, truth)

    assert 0.9 < fitted.probabilities(logits).max() < 22 / 23


def test_a_single_label_is_certain() -> None:
    logits = np.arange(30.0).reshape(-1, 1)
    truth = np.zeros(30, dtype=int)

    for kind in (Temperature, Platt, Isotonic):
        np.testing.assert_array_equal(kind.fit(logits, truth).probabilities(logits), 1.0)


def test_platt_finds_the_step_of_a_label_that_is_undersold(rng: np.random.Generator) -> None:
    honest = rng.normal(size=(5_000, 3), scale=1.5)
    undersold = honest - np.array([0.0, 1.0, 0.0])

    fitted = Platt.fit(undersold, drawn_truth(honest, rng))

    assert fitted.steps[1] - fitted.steps[0] == pytest.approx(1.0, abs=0.15)


def test_platt_keeps_the_steps_of_rare_labels_small(rng: np.random.Generator) -> None:
    """One surprising row does not move a label far."""
    honest = rng.normal(size=(500, 3), scale=1.5)
    honest[:, 2] -= 12.0
    truth = drawn_truth(honest, rng)
    truth[0] = 2

    steps = Platt.fit(honest, truth).steps

    assert abs(steps[2] - steps[0]) < 1.5


@pytest.mark.parametrize("kind", [Temperature, Platt, Isotonic])
def test_fitting_does_not_depend_on_the_order_of_labels(
    kind: type[Temperature | Platt | Isotonic], rng: np.random.Generator
) -> None:
    logits = rng.normal(size=(400, 5), scale=2.0)
    truth = drawn_truth(logits, rng)
    order = rng.permutation(5)

    straight = kind.fit(logits, truth).probabilities(logits)[:, order]
    permuted = kind.fit(logits[:, order], np.argsort(order)[truth]).probabilities(logits[:, order])

    np.testing.assert_allclose(permuted, straight, atol=2e-3)


@given(temperatures, logits_of)
def test_temperature_keeps_the_order_of_labels(temperature: Temperature, logits: Logits) -> None:
    check_keeps_the_order(temperature, np.round(logits, 3))


def test_the_simplest_calibrator_wins_where_nothing_is_better(rng: np.random.Generator) -> None:
    honest = rng.normal(size=(2_000, 4), scale=1.5)

    chosen = choose_calibrator(2.0 * honest, drawn_truth(honest, rng), folds=np.arange(2_000) % 5)

    assert chosen.calibrator.kind == "temperature"
    assert set(chosen.log_losses) == {"temperature", "platt", "isotonic"}


def test_platt_wins_where_labels_are_undersold(rng: np.random.Generator) -> None:
    honest = rng.normal(size=(2_000, 4), scale=1.5)
    undersold = honest - np.array([0.0, 1.0, -1.0, 0.0])

    chosen = choose_calibrator(undersold, drawn_truth(honest, rng), folds=np.arange(2_000) % 5)

    assert chosen.calibrator.kind == "platt"


def test_isotonic_wins_where_confidence_is_bent(rng: np.random.Generator) -> None:
    """A model that is right nine times in ten however sure it sounds."""
    logits = rng.normal(size=(4_000, 3), scale=4.0)
    best = logits.argmax(axis=1)
    truth = np.where(rng.random(4_000) < 0.9, best, (best + 1) % 3)

    chosen = choose_calibrator(logits, truth, folds=np.arange(4_000) % 5)

    assert chosen.calibrator.kind == "isotonic"


@pytest.mark.parametrize(("rows", "folds"), [(3, 3), (50, 1)])
def test_without_a_contest_the_reason_says_so(
    rows: int, folds: int, rng: np.random.Generator
) -> None:
    logits = rng.normal(size=(rows, 3))

    chosen = choose_calibrator(logits, drawn_truth(logits, rng), folds=np.arange(rows) % folds)

    assert chosen.calibrator.kind == "temperature"
    assert f"{rows} rows in {folds} folds are too few" in chosen.reason


def test_own_sigmoids_win_where_labels_differ(rng: np.random.Generator) -> None:
    odds = rng.normal(size=(2_000, 4), scale=2.0)
    truth = rng.random(odds.shape) < 1.0 / (1.0 + np.exp(-odds))
    bent = odds * np.array([1.0, 0.3, 3.0, 1.0]) + np.array([0.0, 1.0, -1.0, 2.0])

    chosen = choose_independent(bent, truth, folds=np.arange(2_000) % 5)

    assert chosen.log_losses["sigmoids"] < chosen.log_losses["shared-sigmoid"]
    assert chosen.calibrator.kind == "sigmoids"


def test_a_newer_kind_is_refused() -> None:
    with pytest.raises(NewerFormat, match="telepathy"):
        calibrator_from_dict({"kind": "telepathy", "format": 1})


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(NewerFormat, match="has format 9"):
        calibrator_from_dict({"kind": "temperature", "value": 1.0, "format": 9})


@pytest.mark.parametrize("value", [None, "hot", 0.0, -1.0, float("nan"), True])
def test_a_stored_temperature_that_is_none_is_refused(value: object) -> None:
    with pytest.raises(InvalidSettings, match=r"calibration\.json"):
        calibrator_from_dict({"kind": "temperature", "value": value})
