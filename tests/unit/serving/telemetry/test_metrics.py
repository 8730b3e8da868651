"""What happens in a server can be read from its metrics, and no message can."""

from dataclasses import dataclass

import pytest
from prometheus_client import generate_latest

from sortyard.domain.predictions import Degradation
from sortyard.serving.observing import Stages
from sortyard.serving.served import Figures
from sortyard.serving.telemetry.metrics import Metrics
from tests.contracts.observers import ANSWER, EVENTS, HURRIED, ROUNDS, THREADS, check_observer

FIGURES = Figures(
    waiting=7,
    waiting_characters=900,
    cache_entries=12,
    cache_bytes=4_000,
    per_second=250.0,
    degradation=Degradation.WIDER_REVIEW,
    release="r1",
)


@dataclass(frozen=True)
class _State:
    queued: int = 9
    exposed: int = 0
    journal_bytes: int = 1_234
    oldest_seconds: float = 2.5
    written: int = 30
    repeated: int = 1
    failures: int = 2
    damaged: int = 0
    away: bool = True


def _value(metrics: Metrics, name: str, **labels: str) -> float | None:
    found = [
        sample.value
        for family in metrics.panel.collect()
        for sample in family.samples
        if sample.name == name and sample.labels == labels
    ]
    return found[0] if found else None


def test_metrics_are_an_observer() -> None:
    check_observer(Metrics())


def test_nothing_is_lost_between_threads() -> None:
    metrics = Metrics()
    check_observer(metrics)

    assert _value(
        metrics, "sortyard_labels_total", dimension="team", label="billing"
    ) == THREADS * ROUNDS * len([ANSWER, HURRIED])


def test_requests_and_their_messages_are_counted() -> None:
    metrics = Metrics()
    metrics.request("http", "ok", 0.004, 3)
    metrics.request("http", "ok", 0.004, 2)
    found = [
        _value(metrics, f"sortyard_{name}_total", front="http", outcome="ok")
        for name in ("requests", "messages")
    ]

    assert found == [2, 5]


@pytest.mark.parametrize(("outcome", "messages"), [("overloaded", 5), ("ok", 0)])
def test_only_answers_to_messages_are_timed(outcome: str, messages: int) -> None:
    """A thousand quick refusals, or looks at the metrics, would make every latency look well."""
    metrics = Metrics()
    metrics.request("http", outcome, 0.001, messages)

    assert _value(metrics, "sortyard_request_seconds_count", front="http") is None


def test_a_choice_is_counted_with_all_that_matters() -> None:
    metrics = Metrics()
    metrics.answered([ANSWER], 0.01)

    assert (
        _value(
            metrics,
            "sortyard_choices_total",
            dimension="flags",
            route="review",
            reason="rule",
            source="rule",
            stage="",
        ),
        _value(metrics, "sortyard_rules_total", dimension="flags", rule="shouting"),
        _value(metrics, "sortyard_labels_total", dimension="flags", label="urgent"),
        _value(metrics, "sortyard_confidence_count", dimension="team"),
        _value(metrics, "sortyard_confidence_count", dimension="flags"),
    ) == (1, 1, 1, 1, None)


def test_a_hurried_answer_is_counted_as_one() -> None:
    metrics = Metrics()
    metrics.answered([ANSWER, HURRIED], 0.01)
    names = ("", "no-encoder")

    assert [_value(metrics, "sortyard_answers_total", degradation=name) for name in names] == [1, 1]


@pytest.mark.parametrize("stage", ["queue", "prepare", "judge", "record"])
def test_every_stage_is_timed(stage: str) -> None:
    metrics = Metrics()
    metrics.stages(Stages(queue=0.5, prepare=0.5, judge=0.5, record=0.5))

    assert _value(metrics, "sortyard_stage_seconds_sum", stage=stage) == 0.5


def test_the_bar_of_50_ms_is_the_bound_of_a_bucket() -> None:
    """So that the share of requests within it is exact, and not interpolated."""
    metrics = Metrics()
    metrics.request("http", "ok", 0.050, 1)
    metrics.request("http", "ok", 0.051, 1)

    assert _value(metrics, "sortyard_request_seconds_bucket", front="http", le="0.05") == 1


def test_what_the_desk_holds_is_looked_up() -> None:
    metrics = Metrics()
    metrics.watch_desk(lambda: FIGURES)

    assert (
        _value(metrics, "sortyard_waiting_messages"),
        _value(metrics, "sortyard_degradation_level"),
        _value(metrics, "sortyard_release_info", release="r1"),
    ) == (7, 2, 1)


def test_what_waits_for_the_store_is_looked_up() -> None:
    metrics = Metrics()
    metrics.watch_journal(_State)

    assert (
        _value(metrics, "sortyard_journal_records"),
        _value(metrics, "sortyard_records_written_total"),
        _value(metrics, "sortyard_store_away"),
    ) == (9, 30, 1)


def test_no_id_of_a_message_is_in_the_metrics() -> None:
    metrics = Metrics()
    for event in EVENTS:
        event(metrics)

    assert ANSWER.message_id not in generate_latest(metrics.panel).decode()


def test_every_metric_is_explained_once() -> None:
    metrics = Metrics()
    metrics.watch_desk(lambda: FIGURES)
    metrics.watch_journal(_State)
    families = list(metrics.panel.collect())

    assert (
        all(family.documentation.endswith(".") for family in families),
        len({family.name for family in families}),
    ) == (True, len(families))
