"""Gates fail what is surely too low, and say so where there are too few rows to know."""

import numpy as np
import pytest
from hypothesis import given, settings

from sortyard.domain.errors import InvalidSettings
from sortyard.evaluation.gate_check import check
from sortyard.evaluation.gate_results import GateResult, Verdict
from sortyard.evaluation.gate_words import sentence, warning
from sortyard.evaluation.gates import Gates, parse_gates
from sortyard.evaluation.label_bounds import exact_bounds
from sortyard.evaluation.latency import Latency
from sortyard.evaluation.measuring import measure
from tests.unit.evaluation.outcomes_for_tests import random_multi, random_single, seeds, single

SPEED = Latency(messages=200, p50_ms=3.0, p95_ms=12.0, p99_ms=20.0, messages_per_second=900.0)


def measured(outcomes):
    return measure(outcomes, rng=np.random.default_rng(5), replicates=50)


def findings(gates, *outcomes, latency=None):
    return check(gates, [measured(one) for one in outcomes], latency=latency)


def only(text):
    """Gates with nothing but what the test names."""
    off = "min_macro_f1 = 0\nmin_accuracy = 0\nmin_per_class_f1 = 0\nmax_ece = 1\n"
    named = text.splitlines()
    kept = [line for line in off.splitlines() if line.split()[0] not in text]
    return parse_gates("\n".join([*kept, *named]))


def skewed(rows, wrong, *, rare=0, rare_wrong=0):
    truth = ["a"] * rows + ["b"] * rows + ["rare"] * rare
    answer = ["b"] * wrong + ["a"] * (rows - wrong) + ["b"] * rows
    answer += ["b"] * rare_wrong + ["rare"] * (rare - rare_wrong)
    return single(truth, answer, confidence=np.full(len(truth), 0.999))


def test_a_good_release_passes_the_defaults():
    found = findings(Gates(), skewed(100, 2))

    assert found.passed
    assert found.failures == ()


def test_a_low_macro_f1_fails_by_how_much():
    found = findings(only("min_macro_f1 = 0.9"), skewed(100, 60))

    (failure,) = found.failures
    assert failure.gate == "min_macro_f1"
    assert failure.short_by == pytest.approx(0.9 - failure.measured)
    assert not found.passed


def test_every_failing_label_is_named():
    found = findings(only("min_per_class_f1 = 0.95"), skewed(100, 30))

    assert [one.label for one in found.failures] == ["a", "b"]


def test_where_all_labels_pass_the_weakest_is_shown():
    found = findings(only("min_per_class_f1 = 0.5"), skewed(100, 3))

    (weakest,) = [one for one in found.passes if one.gate == "min_per_class_f1"]
    assert weakest.label == "a"


def test_two_misses_of_two_are_too_few_to_say():
    found = findings(only("min_per_class_f1 = 0.5"), skewed(100, 0, rare=2, rare_wrong=2))

    (doubt,) = found.undecided
    assert (doubt.label, doubt.measured) == ("rare", 0.0)
    assert found.passed


def test_ten_misses_of_ten_fail_although_the_label_is_rare():
    """Even the best case is under the floor."""
    found = findings(only("min_per_class_f1 = 0.5"), skewed(100, 0, rare=10, rare_wrong=10))

    (failure,) = found.failures
    assert failure.label == "rare"
    assert failure.best_case < 0.5


def test_a_floor_of_one_label_replaces_the_general_one():
    gates = only(
        "min_per_class_f1 = 0.99\n[dimensions.team.labels.a]\nmin_f1 = 0.5\n"
        "[dimensions.team.labels.b]\nmin_f1 = 0.5\nmin_recall = 0.9"
    )

    assert findings(gates, skewed(100, 10)).passed


def test_a_recall_floor_names_the_label_and_its_shortfall():
    gates = only("[dimensions.team.labels.a]\nmin_recall = 0.9")

    (failure,) = findings(gates, skewed(100, 30)).failures

    assert sentence(failure) == (
        "team: a: recall is 70.0 %; the gate asks for at least 90.0 %: "
        "20.0 points short (100 messages, 60.0 to 78.8 %)."
    )


@pytest.mark.parametrize(
    ("each", "wrong", "warned"), [(8, 1, True), (30, 16, True), (150, 45, False)]
)
def test_gates_on_few_messages_pass_with_a_warning(each, wrong, warned):
    found = findings(only("min_accuracy = 0.7"), skewed(each, wrong))

    assert found.passed
    assert [one.rows for one in found.thin] == ([2 * each] if warned else [])


def test_a_warning_says_what_the_gates_cannot_tell():
    (thin,) = findings(Gates(), skewed(8, 1)).thin

    assert warning(thin) == (
        "team: only 16 test messages. The accuracy of 93.8 % may be anything from 69.8 to 99.8 %: "
        "the gates cannot tell 0.70 from 0.90. Test on a few hundred messages before you rely on "
        "them."
    )


def test_a_warning_is_given_for_a_release_that_fails_too():
    found = findings(Gates(), skewed(8, 8))

    assert (found.passed, len(found.thin)) == (False, 1)


def test_the_interval_stands_beside_what_the_gate_asks_for():
    found = findings(only("min_accuracy = 0.7"), skewed(100, 2))
    (accuracy,) = [one for one in found.passes if one.gate == "min_accuracy"]

    assert accuracy.interval is not None
    assert accuracy.measured in accuracy.interval
    assert sentence(accuracy) == (
        "team: accuracy is 99.0 %; the gate asks for at least 70.0 % "
        "(200 messages, 96.4 to 99.9 %)."
    )


def test_overconfidence_fails_the_calibration_gate():
    found = findings(only("max_ece = 0.05"), skewed(100, 40))

    assert [one.gate for one in found.failures] == ["max_ece"]


def test_a_gap_that_an_honest_forecaster_could_show_is_too_few_rows():
    outcomes = single("aaab", "aaaa", labels="ab", confidence=[0.6, 0.7, 0.8, 0.9])

    found = findings(only("max_ece = 0.05"), outcomes)

    assert [one.gate for one in found.undecided] == ["max_ece"]


def test_a_set_is_held_to_its_micro_f1_instead_of_the_exact_match(rng):
    found = findings(only("min_accuracy = 0.5"), random_multi(rng))

    (judged,) = [one for one in found.findings if one.gate == "min_accuracy"]
    assert judged.measure == "micro_f1"


def test_a_slice_gap_over_the_ceiling_fails_unless_it_may_be_chance():
    rows = [{"source": "web", "coin": "ab"[at % 2]} for at in range(100)]
    rows += [{"source": "fax", "coin": "ab"[at % 2]} for at in range(100)]
    outcomes = single(
        ["a"] * 200, ["a"] * 100 + ["b"] * 61 + ["a"] * 39, labels="ab", metadata=rows
    )

    found = findings(only("max_slice_gap = 0.001"), outcomes)

    assert [one.detail for one in found.failures] == ["source: fax against web"]
    assert [one.detail for one in found.undecided] == ["coin: a against b"]


def test_automatic_answers_are_held_to_their_precision():
    found = findings(only("min_auto_precision = 0.95"), skewed(100, 30))

    assert [one.gate for one in found.failures] == ["min_auto_precision"]


def test_speed_is_judged_once_for_the_whole_release():
    gates = only("max_latency_p95_ms = 10\nmin_messages_per_second = 500")

    found = findings(gates, skewed(100, 0), latency=SPEED)

    (failure,) = found.failures
    assert sentence(failure) == (
        "speed: 95th percentile of the latency is 12.0 ms; "
        "the gate asks for at most 10.0 ms: 2.0 ms too much."
    )


def test_a_speed_that_nobody_measured_is_not_passed():
    found = findings(only("max_latency_p95_ms = 10"), skewed(100, 0))

    (doubt,) = found.undecided
    assert doubt.verdict is Verdict.UNDECIDED
    assert "cannot be measured" in sentence(doubt)


def test_a_misspelt_label_or_dimension_is_an_error_with_a_guess():
    gates = only("[dimensions.teem]\n[dimensions.team.labels.rares]\nmin_f1 = 0.5")

    with pytest.raises(InvalidSettings) as caught:
        findings(gates, skewed(100, 0, rare=2))

    assert "no dimension 'teem' (perhaps 'team')" in str(caught.value)
    assert "no label 'rares' (perhaps 'rare')" in str(caught.value)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_exact_bounds_hold_what_was_measured(seed):
    measures = measured(random_single(np.random.default_rng(seed), rows=40))

    for label in measures.labels:
        for name in ("precision", "recall", "f1"):
            found = exact_bounds(name, hits=label.hits, rows=label.rows, answers=label.answers)
            assert found.low - 1e-12 <= getattr(label, name) <= found.high + 1e-12


def test_a_label_without_test_messages_has_no_f1_of_nought():
    doubt = GateResult(
        gate="min_per_class_f1",
        measure="f1",
        limit=0.5,
        measured=0.0,
        verdict=Verdict.UNDECIDED,
        dimension="team",
        label="rare",
        rows=0,
    )

    assert sentence(doubt) == (
        "team: rare: no test message has this label, so its F1 is not known."
    )
