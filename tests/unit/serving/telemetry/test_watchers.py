"""Several observers at once, and the one that writes the turns of a server into its log."""

import io
import json
from typing import Any

import pytest

from sortyard.domain.predictions import Degradation
from sortyard.serving.observing import Nobody, Observer
from sortyard.serving.telemetry.logs import EventLog
from sortyard.serving.telemetry.metrics import Metrics
from sortyard.serving.telemetry.watchers import Turns, Watchers
from tests.contracts.observers import EVENTS, check_observer


class _Diary:
    """An observer that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def __getattr__(self, event: str) -> Any:
        return lambda *facts: self.told.append((event, *facts))


def _log() -> EventLog:
    return EventLog(io.StringIO())


@pytest.mark.parametrize(
    "observer",
    [Nobody(), Watchers(), Watchers(Nobody(), Metrics()), Turns(_log())],
    ids=["nobody", "none", "two", "turns"],
)
def test_each_is_an_observer(observer: Observer) -> None:
    check_observer(observer)


@pytest.mark.parametrize("number", range(len(EVENTS)))
def test_every_event_reaches_everybody_unchanged(number: int) -> None:
    alone, one, other = _Diary(), _Diary(), _Diary()
    EVENTS[number](alone)
    EVENTS[number](Watchers(one, other))

    assert one.told == other.told == alone.told


def test_the_contract_knows_every_event() -> None:
    diary = _Diary()
    for event in EVENTS:
        event(diary)
    declared = {name for name in vars(Observer) if not name.startswith("_")}

    assert {name for name, *_ in diary.told} == declared


def test_the_turns_of_a_server_are_in_its_log() -> None:
    stream = io.StringIO()
    log = EventLog(stream)
    turns = Turns(log)
    turns.swapped("r1", "r2", 0.4)
    turns.swap_failed("r3", "damaged-bundle")
    turns.level(Degradation.NO_ENCODER)
    turns.level(None)
    log.close()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]

    assert [(line["level"], line["event"]) for line in lines] == [
        ("info", "release"),
        ("error", "release-not-loaded"),
        ("warning", "degradation"),
        ("info", "degradation"),
    ]


def test_single_requests_are_left_to_the_fronts() -> None:
    stream = io.StringIO()
    log = EventLog(stream)
    Turns(log).request("http", "ok", 0.004, 1)
    log.close()

    assert stream.getvalue() == ""
