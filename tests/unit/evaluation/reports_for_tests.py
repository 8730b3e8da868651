"""Reports to render: ordinary, hostile, and as small as can be."""

from datetime import UTC, datetime

import numpy as np

from sortyard.domain.predictions import Route
from sortyard.evaluation.comparison import compare_multi, compare_single
from sortyard.evaluation.gate_check import check
from sortyard.evaluation.gates import Gates
from sortyard.evaluation.latency import Latency
from sortyard.evaluation.measuring import measure
from sortyard.evaluation.report import Baseline, DimensionReport, Report, StageGain, TreeWay
from sortyard.evaluation.robustness import Robustness
from tests.unit.evaluation.outcomes_for_tests import random_multi, random_single, single

HOSTILE = (
    "<script>alert('x')</script>/\"quoted\" & 'so on'",
    "esc\x1b[31mape/new\nline",
    "| pipe * star _ under [link](http://evil.example) `code`",
    "very " * 30 + "long",
)
TREE = ("billing/refunds", "billing/charges", "access/password", "access/locked", "shipping")
STAGES = (
    StageGain(stage="wording", accuracy=0.81, macro_f1=0.79),
    StageGain(stage="encoder and wording", accuracy=0.86, macro_f1=0.85),
)

WAYS = tuple(
    TreeWay(
        way=way,
        chosen=way == "conditional",
        log_loss=0.4321,
        accuracy=0.81,
        top_accuracy=0.92,
        hierarchical_f1=0.87,
        sibling_confusion=0.05,
    )
    for way in ("flat", "conditional", "per-parent")
)


def dimension(outcomes, rng, ways=()):
    measures = measure(outcomes, rng=rng, replicates=200)
    if hasattr(outcomes, "forecast"):
        simple = [outcomes.labels[0], *outcomes.forecast[1:]]
        found = compare_single(outcomes.truth, simple, outcomes.forecast, rng=rng, replicates=100)
    else:
        simple = np.zeros_like(outcomes.answered)
        found = compare_multi(outcomes.truth, simple, outcomes.answered, rng=rng, replicates=100)
    return DimensionReport(
        measures=measures,
        baseline=Baseline(name="TF-IDF + linear SVM", comparison=found),
        stages=STAGES,
        ways=ways,
        robustness=(
            Robustness(
                disturbance="typos",
                rows=400,
                accuracy_before=0.9,
                accuracy_after=0.85,
                changed=0.07,
            ),
        ),
    )


def report_of(*dimensions, gates=None, **parts):
    latency = Latency(messages=200, p50_ms=3.1, p95_ms=6.2, p99_ms=8.8, messages_per_second=3_412.0)
    found = check(gates or Gates(), [one.measures for one in dimensions], latency=latency)
    given = {
        "release": "2026-11-21-7f3a",
        "created": datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
        "seconds": 41.3,
        "recipe": "quick",
        "encoder": "all-MiniLM-L6-v2",
        "data_hash": "9f2c" * 16,
        "split_hash": "77ab" * 16,
        "training_rows": 1_600,
        "test_rows": dimensions[0].measures.rows,
        "dimensions": dimensions,
        "gates": found,
        "latency": latency,
        "notes": ("12 rows had no label and were left out.",),
    }
    return Report(**{**given, **parts})


def ordinary():
    """A tree and some flags, with slices."""
    rng = np.random.default_rng(11)
    team = random_single(rng, rows=400, labels=TREE, skill=4.0)
    sources = [{"source": "web form" if at % 3 else "e-mail"} for at in range(400)]
    sliced = type(team)(
        **{name: getattr(team, name) for name in team.__slots__} | {"metadata": sources}
    )
    flags = random_multi(rng, rows=400, skill=4.0)
    return report_of(dimension(sliced, rng, WAYS), dimension(flags, rng))


def hostile():
    rng = np.random.default_rng(12)
    outcomes = random_single(rng, rows=200, labels=HOSTILE, skill=1.0)
    rows = [{HOSTILE[0]: HOSTILE[at % 2]} for at in range(200)]
    parts = {name: getattr(outcomes, name) for name in outcomes.__slots__}
    named = type(outcomes)(**parts | {"dimension": HOSTILE[1], "metadata": rows})
    return report_of(dimension(named, rng), release=HOSTILE[0], notes=HOSTILE)


def tiny():
    """One message, no confidence, no baseline: everything that can be absent is."""
    outcomes = single(["a"], ["a"], confidence=[np.nan], routes=(Route.REVIEW,))
    measures = measure(outcomes, rng=np.random.default_rng(13), replicates=5)
    return report_of(DimensionReport(measures=measures), latency=None, notes=(), encoder="")
