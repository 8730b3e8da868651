"""The view of a server says what its metrics counted."""

from collections.abc import Callable

import pytest

from sortyard.app.change import Change, Look
from sortyard.app.top import View
from sortyard.domain.predictions import Degradation
from sortyard.serving.observing import Stages
from sortyard.serving.served import Figures
from sortyard.serving.telemetry.exposition import Exposition
from sortyard.serving.telemetry.metrics import Metrics
from sortyard.serving.version import VERSION
from tests.contracts.observers import ANSWER, HURRIED

Happen = Callable[[Metrics], None]


def _view(happen: Happen = lambda _: None, *, metrics: Metrics | None = None) -> View:
    """What a person sees of what happens within two seconds."""
    metrics = metrics or Metrics()
    exposition = Exposition(metrics.panel)
    before = Look.of(exposition.text().decode(), at=100.0)
    happen(metrics)
    return View.of(Change(before, Look.of(exposition.text().decode(), at=102.0)))


def test_a_server_that_rests_is_a_view_like_any_other() -> None:
    view = _view()

    assert (view.versions, view.workers, view.requests_per_second, view.times.p99_ms) == (
        (VERSION,),
        1,
        0.0,
        None,
    )


def test_speed_is_of_what_was_answered() -> None:
    def happen(metrics: Metrics) -> None:
        metrics.request("http", "ok", 0.004, 10)
        metrics.request("grpc", "ok", 0.004, 4)
        metrics.request("http", "overloaded", 0.0, 50)

    view = _view(happen)

    assert (view.requests_per_second, view.messages_per_second) == (1.0, 7.0)
    assert view.outcomes == {"ok": 1.0, "overloaded": 0.5}


def test_times_are_in_milliseconds() -> None:
    def happen(metrics: Metrics) -> None:
        for _ in range(99):
            metrics.request("http", "ok", 0.0025, 1)
        metrics.request("http", "ok", 0.7, 1)

    times = _view(happen).times

    assert times.p50_ms == pytest.approx(2.5, abs=0.5)
    assert times.p99_ms == pytest.approx(3.0)


def test_what_happened_before_does_not_count() -> None:
    metrics = Metrics()
    metrics.request("http", "ok", 0.004, 1)

    assert _view(metrics=metrics).messages_per_second == 0.0


def test_a_dimension_shows_who_acts_and_what_was_said() -> None:
    view = _view(lambda metrics: metrics.answered([ANSWER, HURRIED], 0.01))
    flags, team = view.answers

    assert (team.dimension, team.routes, team.labels, team.stages) == (
        "team",
        {"auto": 1.0},
        {"billing": 1.0},
        {"static": 1.0},
    )
    assert (flags.routes, flags.reasons, flags.sources, flags.confidence) == (
        {"review": 1.0},
        {"rule": 1.0},
        {"rule": 1.0},
        None,
    )
    assert team.confidence == pytest.approx(0.97)


def test_the_cache_and_the_stages_are_shown() -> None:
    def happen(metrics: Metrics) -> None:
        metrics.cache(1, 3)
        metrics.batch(8, 0.001, 0.002)
        metrics.stages(Stages(queue=0.001, judge=0.004))

    view = _view(happen)

    assert (view.known, view.batch_messages) == (0.25, 8.0)
    assert view.stages_ms == pytest.approx({"queue": 1.0, "prepare": 0, "judge": 4.0, "record": 0})


def test_what_the_desk_holds_is_shown() -> None:
    metrics = Metrics()
    metrics.watch_desk(
        lambda: Figures(
            waiting=7,
            waiting_characters=900,
            cache_entries=12,
            cache_bytes=4_000,
            per_second=250.0,
            degradation=Degradation.NO_ENCODER,
            release="r1",
        )
    )
    view = _view(metrics=metrics)

    assert (view.waiting, view.level, view.releases) == (7, 1, ("r1",))


def test_without_a_store_nothing_is_said_of_one() -> None:
    view = _view()

    assert (view.store_away, view.journal_records) == (None, None)
