"""What the benchmark of the stages keeps, merges and says."""

import json
from typing import Any

import pytest

from benchmarks.reading import ALWAYS, BARE_FULL, SERVED, STUDENT
from benchmarks.results import NOTHING
from benchmarks.runs import Run
from benchmarks.two_stage import column, merged


def _way(accuracy: float, pairs: int = 0) -> dict[str, float]:
    return {
        "accuracy": accuracy,
        "siblings": 0.03,
        "pairs": pairs,
        "messages_per_second": 1_000.0,
    }


def _cells(ways: dict[str, Any], *, recipe: str = "full", accuracy: float = 0.9512) -> Any:
    metrics = {
        "accuracy": accuracy,
        "macro_f1": 0.951,
        "ece": 0.012,
        "recall_at_5": 0.989,
        "recall_at_20": 0.998,
        "auto_coverage": 0.9,
        "auto_precision": 0.97,
    }
    one = {"metrics": metrics, "intervals": {"accuracy": {"low": 0.94, "high": 0.96}}, "rows": 3080}
    made = json.dumps({"dimensions": {"category": one}, "training_rows": 10_003})
    read = json.dumps({"ways": ways, "ms_single": 3.4, "megabytes": 120.0})
    return column(
        "banking77", recipe, Run(made, 60.0, 850.0, 100.0), Run(read, 5.0, 300.0, 5.0), "category"
    )


@pytest.mark.parametrize(("accuracy", "said"), [(0.9512, "95.0: yes"), (0.9499, "95.0: NO")])
def test_a_bar_is_said_to_be_reached_or_not(accuracy: float, said: str) -> None:
    assert _cells({SERVED: _way(accuracy)}, accuracy=accuracy)["the bar"] == said


def test_a_recipe_without_a_bar_has_none() -> None:
    assert _cells({SERVED: _way(0.9)}, recipe="quick")["the bar"] == NOTHING


def test_too_few_in_the_first_five_are_said() -> None:
    assert _cells({SERVED: _way(0.95)})["recall@5, %"] == "98.90 (NO)"


@pytest.mark.parametrize(
    ("accuracy", "pairs", "said"),
    [(0.950, 25, "yes"), (0.948, 25, "NO"), (0.951, 26, "NO")],
)
def test_a_reranker_is_held_against_reading_everything(
    accuracy: float, pairs: int, said: str
) -> None:
    ways = {
        SERVED: _way(accuracy, pairs),
        STUDENT: _way(0.92),
        BARE_FULL: _way(0.94),
        ALWAYS: _way(0.951, 100),
    }
    cells = _cells(ways)
    assert cells["pairs read, % of all"] == f"{pairs}.0"
    assert cells["within 0.1 points at 25 %"] == said


def test_without_a_reranker_nothing_is_said_of_one() -> None:
    assert not any("pairs" in name for name in _cells({SERVED: _way(0.95)}))


def test_a_recipe_is_added_to_those_that_are_there() -> None:
    before = [["figure", "standard"], ["accuracy, %", "94.70"], ["measured", "2026-11-20"]]
    after = merged(before, {"quick": {"accuracy, %": "94.40", "measured": "2026-11-21"}})
    assert after == [
        ["figure", "quick", "standard"],
        ["accuracy, %", "94.40", "94.70"],
        ["measured", "2026-11-21", "2026-11-20"],
    ]


def test_a_recipe_that_is_there_gets_new_figures_and_what_one_lacks_a_dash() -> None:
    before = [["figure", "quick", "tiny"], ["accuracy, %", "94.40", "90.00"]]
    after = merged(before, {"quick": {"accuracy, %": "94.50", "pairs": "3"}})
    assert after == [
        ["figure", "quick", "tiny"],
        ["accuracy, %", "94.50", "90.00"],
        ["pairs", "3", NOTHING],
    ]


def test_the_first_call_starts_a_table() -> None:
    assert merged((), {"quick": {"a": "1"}}) == [["figure", "quick"], ["a", "1"]]
