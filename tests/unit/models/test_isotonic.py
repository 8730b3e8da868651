"""Rising curves keep their promises, for one label of many and for labels on their own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from sortyard.domain.errors import InvalidSettings, NotEnoughData
from sortyard.models.calibration import Logits, Temperature
from sortyard.models.independent import Curves, Sigmoids
from sortyard.models.isotonic import Curve, Isotonic
from tests.contracts.calibrators import (
    check_calibrator,
    check_independent_calibrator,
    check_keeps_the_order,
)

chances = st.floats(min_value=0.0, max_value=1.0)


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    scores = draw(st.lists(chances, min_size=1, max_size=6, unique=True))
    heights = draw(st.lists(chances, min_size=len(scores), max_size=len(scores)))
    return Curve(tuple(sorted(scores)), tuple(sorted(heights)))


isotonics = st.builds(Isotonic, st.floats(min_value=0.1, max_value=10.0).map(Temperature), curves())
logits_of = arrays(
    st.sampled_from([np.float32, np.float64]),
    array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.integers(min_value=-40, max_value=40),
)
scored = arrays(np.float64, st.integers(1, 60), elements=chances).flatmap(
    lambda scores: st.tuples(st.just(scores), arrays(np.bool_, len(scores)))
)


@given(isotonics, logits_of)
def test_isotonic_is_a_calibrator(isotonic: Isotonic, logits: Logits) -> None:
    check_calibrator(isotonic, logits)


@given(isotonics, logits_of)
def test_isotonic_keeps_the_order_of_labels(isotonic: Isotonic, logits: Logits) -> None:
    check_keeps_the_order(isotonic, logits)


@given(scored)
def test_a_fitted_curve_rises_and_is_never_certain(drawn: tuple[Logits, Logits]) -> None:
    scores, right = drawn

    curve = Curve.fit(scores, right.astype(np.bool_))

    assert (np.diff(curve.chances) >= 0.0).all()
    assert 0.0 < curve.chances[0] <= curve.chances[-1] < 1.0


def test_a_curve_finds_the_chance_of_being_right(rng: np.random.Generator) -> None:
    scores = rng.random(20_000)

    curve = Curve.fit(scores, rng.random(20_000) < scores**2)

    at = np.linspace(0.1, 0.9, 9)
    np.testing.assert_allclose(curve(at), at**2, atol=0.05)


def test_a_curve_needs_a_text() -> None:
    with pytest.raises(NotEnoughData, match="0 labelled texts"):
        Curve.fit(np.array([]), np.array([], dtype=bool))


@pytest.mark.parametrize(
    ("scores", "heights"),
    [((), ()), ((0.1,), (0.1, 0.2)), ((0.2, 0.1), (0.1, 0.2)), ((0.1, 0.2), (0.2, 0.1))],
)
def test_a_curve_that_does_not_rise_is_refused(
    scores: tuple[float, ...], heights: tuple[float, ...]
) -> None:
    with pytest.raises(InvalidSettings, match="rise"):
        Curve(scores, heights)


def multi_rows(rng: np.random.Generator, rows: int) -> tuple[Logits, Logits]:
    odds = rng.normal(size=(rows, 4), scale=2.0) - np.array([0.0, 0.0, 2.0, 6.0])
    return odds, rng.random(odds.shape) < 1.0 / (1.0 + np.exp(-odds))


@pytest.mark.parametrize("kind", [Sigmoids, Curves])
def test_fitted_per_label_calibrators_keep_the_contract(
    kind: type[Sigmoids | Curves], rng: np.random.Generator
) -> None:
    odds, truth = multi_rows(rng, 500)

    check_independent_calibrator(kind.fit(3.0 * odds, truth), 3.0 * odds)


def test_sigmoids_undo_overconfidence(rng: np.random.Generator) -> None:
    odds, truth = multi_rows(rng, 5_000)

    fitted = Sigmoids.fit_shared(4.0 * odds + 1.0, truth)

    assert fitted.scales[0] == pytest.approx(0.25, rel=0.1)
    assert fitted.steps[0] == pytest.approx(-0.25, abs=0.1)


def test_a_label_with_few_positives_stays_near_the_shared_sigmoid(
    rng: np.random.Generator,
) -> None:
    odds, truth = multi_rows(rng, 2_000)
    truth[:, 3] = False
    truth[0, 3] = True

    shared, own = Sigmoids.fit_shared(odds, truth), Sigmoids.fit(odds, truth)

    assert own.scales[3] == pytest.approx(shared.scales[3], rel=0.3)


@pytest.mark.parametrize("held", [1, 0])
def test_a_label_that_always_or_never_holds_gets_a_proper_chance(
    held: int, rng: np.random.Generator
) -> None:
    odds, truth = multi_rows(rng, 200)
    truth[:, 1] = held

    check_independent_calibrator(Curves.fit(odds, truth), odds)


def test_a_handful_of_texts_leaves_log_odds_as_they_are(rng: np.random.Generator) -> None:
    odds, truth = multi_rows(rng, 5)

    assert Sigmoids.fit(odds, truth) == Sigmoids((1.0,) * 4, (0.0,) * 4)
