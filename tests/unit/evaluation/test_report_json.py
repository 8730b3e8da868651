"""The JSON of a report is what scripts rely on."""

import json

import pytest

from tests.unit.evaluation.reports_for_tests import hostile, ordinary, tiny


@pytest.mark.parametrize("make", [ordinary, hostile, tiny])
def test_a_report_is_valid_json_without_nan(make):
    found = make().to_json()

    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_promised_keys_are_where_they_are_promised():
    found = ordinary().to_json()

    assert {"release", "seconds", "dimensions", "gates", "split_hash"} <= found.keys()
    metrics = found["dimensions"]["team"]["metrics"]
    promised = {"accuracy", "macro_f1", "ece", "auto_coverage", "auto_precision", "recall_at_5"}
    assert promised <= metrics.keys()


def test_what_is_not_defined_is_null():
    metrics = tiny().to_json()["dimensions"]["team"]["metrics"]

    assert metrics["auto_precision"] is None
    assert metrics["ece"] is None


def test_findings_say_what_failed():
    found = hostile().to_json()

    assert found["passed"] is False
    assert any(one["verdict"] == "failed" for one in found["gates"]["findings"])


def test_too_few_test_messages_are_a_warning_beside_the_gates():
    (warning,) = tiny().to_json()["gates"]["warnings"]

    assert "only 1 test message" in warning
    assert ordinary().to_json()["gates"]["warnings"] == []


def test_findings_hold_the_interval_of_what_they_judge():
    (accuracy,) = [
        one for one in hostile().to_json()["gates"]["findings"] if one["gate"] == "min_accuracy"
    ]

    assert accuracy["interval"]["low"] < accuracy["measured"] < accuracy["interval"]["high"]
