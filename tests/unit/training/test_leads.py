"""The lead from which the student's answer stands."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.dimension import STRANGE, lead_of
from sortyard.models.line import Judged
from sortyard.training.leads import NEVER, ONE_SIDED_95, cascaded, learn_lead, shows_leads
from sortyard.training.truth import Truth

LABELS = 4  # of which the last has no rows


def _cuts(kind: Kind) -> NDArray[np.float32]:
    return np.linspace(0.3, 0.6, LABELS).astype(np.float32) if kind is Kind.MULTI else np.zeros(0)


def _judged(rng: np.random.Generator, rows: int, kind: Kind) -> Judged:
    """Few values, so that leads are often equal."""
    chances = rng.integers(1, 6, (rows, LABELS)).astype(np.float32) / 6
    if kind is Kind.SINGLE:
        chances /= chances.sum(axis=1, keepdims=True)
    return Judged(chances, rng.choice([0.1, 0.99], rows, p=[0.8, 0.2]))


def _truth(rng: np.random.Generator, rows: int, kind: Kind) -> Truth:
    count = LABELS - 1
    if kind is Kind.SINGLE:
        return Truth(kind, count, rng.integers(count, size=rows))
    return Truth(kind, count, rng.random((rows, count)) < 0.4)


def _right(judged: Judged, truth: Truth, cuts: NDArray[np.float32]) -> NDArray[np.intp]:
    if truth.kind is Kind.SINGLE:
        return (judged.probabilities.argmax(axis=1) == truth.single).astype(np.intp)
    new = np.zeros((len(truth), 1), dtype=np.bool_)
    expected = np.hstack([truth.matrix, new])
    return ((judged.probabilities >= cuts) == expected).all(axis=1).astype(np.intp)


def _lost_at_most(lost: NDArray[np.intp]) -> float:
    """Bound the answers lost, with 95 % confidence, by the pairs that differ."""
    return float(lost.sum() + ONE_SIDED_95 * np.sqrt(np.abs(lost).sum()))


cases = st.tuples(
    st.integers(0, 100_000), st.integers(1, 60), st.sampled_from(Kind), st.floats(0.0, 0.3)
)


@given(cases)
def test_the_cascade_is_not_worse_than_the_full_line_by_more_than_agreed(
    case: tuple[int, int, Kind, float],
) -> None:
    seed, rows, kind, tolerance = case
    rng = np.random.default_rng(seed)
    truth, cuts = _truth(rng, rows, kind), _cuts(kind)
    student, full = _judged(rng, rows, kind), _judged(rng, rows, kind)
    lead = learn_lead(truth, student, full, cuts=cuts, tolerance=tolerance)
    served = cascaded(student, full, lead=lead, cuts=cuts, kind=kind)
    lost = _right(full, truth, cuts) - _right(served, truth, cuts)
    assert lost.sum() <= _lost_at_most(lost) <= tolerance * rows + 1e-9


@given(cases)
def test_no_smaller_lead_would_have_done(case: tuple[int, int, Kind, float]) -> None:
    seed, rows, kind, tolerance = case
    rng = np.random.default_rng(seed)
    truth, cuts = _truth(rng, rows, kind), _cuts(kind)
    student, full = _judged(rng, rows, kind), _judged(rng, rows, kind)
    lead = learn_lead(truth, student, full, cuts=cuts, tolerance=tolerance)
    for smaller in np.unique(lead_of(student.probabilities, cuts, kind)):
        if smaller < lead:
            served = cascaded(student, full, lead=float(smaller), cuts=cuts, kind=kind)
            lost = _right(full, truth, cuts) - _right(served, truth, cuts)
            assert _lost_at_most(lost) > tolerance * rows - 1e-9


@given(cases)
def test_every_row_of_the_cascade_is_one_of_its_two_stages(
    case: tuple[int, int, Kind, float],
) -> None:
    seed, rows, kind, tolerance = case
    rng = np.random.default_rng(seed)
    truth, cuts = _truth(rng, rows, kind), _cuts(kind)
    student, full = _judged(rng, rows, kind), _judged(rng, rows, kind)
    lead = learn_lead(truth, student, full, cuts=cuts, tolerance=tolerance)
    served = cascaded(student, full, lead=lead, cuts=cuts, kind=kind)
    goes_on = lead_of(student.probabilities, cuts, kind) < lead
    goes_on |= student.novelty > STRANGE
    for row, on in enumerate(goes_on):
        stage = full if on else student
        np.testing.assert_array_equal(served.probabilities[row], stage.probabilities[row])
        assert served.novelty[row] == stage.novelty[row]


def test_a_student_that_is_as_good_answers_all_that_is_familiar(rng: np.random.Generator) -> None:
    judged = _judged(rng, 50, Kind.SINGLE)
    truth = _truth(rng, 50, Kind.SINGLE)
    lead = learn_lead(truth, judged, judged, cuts=_cuts(Kind.SINGLE), tolerance=0.0)
    assert not (lead_of(judged.probabilities, _cuts(Kind.SINGLE), Kind.SINGLE) < lead).any()


def test_a_student_that_is_always_wrong_never_answers() -> None:
    right, wrong = np.array([[0.9, 0.1]] * 9, np.float32), np.array([[0.1, 0.9]] * 9, np.float32)
    truth = Truth(Kind.SINGLE, 2, np.zeros(9, np.intp))
    known = np.zeros(9)
    lead = learn_lead(
        truth, Judged(wrong, known), Judged(right, known), cuts=np.zeros(0), tolerance=0.0
    )
    assert lead == NEVER


def test_nothing_held_out_sends_everything_on() -> None:
    nothing = Judged(np.empty((0, 2), np.float32), np.empty(0))
    truth = Truth(Kind.SINGLE, 2, np.empty(0, np.intp))
    assert learn_lead(truth, nothing, nothing, cuts=np.zeros(0), tolerance=0.1) == NEVER


def test_few_rows_of_few_a_label_show_no_lead() -> None:
    few = Truth(Kind.SINGLE, 10, np.repeat(np.arange(10), 5))
    many_labels = Truth(Kind.SINGLE, 400, np.repeat(np.arange(400), 5))
    many_rows = Truth(Kind.SINGLE, 2, np.repeat(np.arange(2), 25))
    found = [shows_leads(one, 0.0008) for one in (few, many_labels, many_rows)]
    assert found == [False, True, True]
