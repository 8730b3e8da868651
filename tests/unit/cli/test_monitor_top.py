"""A server at one glance: on 80 columns, or as JSON."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from rich.console import Console

from sortyard.app.top import Answers, Times, View
from sortyard.cli.top_screen import WIDTH, curve, screen
from sortyard.serving.telemetry.metrics import Metrics
from tests.contracts.metrics_servers import Server, serving_metrics
from tests.contracts.observers import EVENTS
from tests.unit.cli.conftest import Sortyard

ANSWERS = Answers(
    dimension="team",
    per_second=40.0,
    routes={"auto": 0.781, "review": 0.187, "confirm": 0.032},
    reasons={"novel": 0.12, "below-minimum": 0.05},
    sources={"model": 0.9, "rule": 0.1},
    stages={"static": 0.78, "encoder": 0.22},
    labels={"billing/refunds": 0.4, "[red]not markup[/red]": 0.3, "access": 0.2},
    confidence=0.912,
)
VIEW = View(
    seconds=2.0,
    versions=("0.2.0",),
    releases=("r3f9a2",),
    workers=2,
    requests_per_second=298.0,
    messages_per_second=312.4,
    refused_per_second=0.0,
    outcomes={"ok": 298.0},
    times=Times(p50_ms=3.1, p95_ms=9.8, p99_ms=21.0),
    stages_ms={"queue": 0.8, "prepare": 0.1, "judge": 2.2, "record": 0.2},
    batch_messages=3.1,
    known=0.123,
    waiting=4.0,
    level=0.0,
    journal_records=12.0,
    journal_seconds=0.4,
    store_away=False,
    memory_bytes=412e6,
    processors=0.61,
    answers=(ANSWERS,),
)
LONG = replace(
    VIEW,
    releases=tuple(f"release-{number}" for number in range(20)),
    outcomes={f"a-rather-long-code-{number}": 1e9 for number in range(20)},
    messages_per_second=1e12,
    store_away=True,
    level=2.0,
    answers=(
        replace(
            ANSWERS,
            dimension="a dimension with a very long name " * 3,
            labels={f"billing/a label with a long path/{number}": 0.2 for number in range(5)},
        ),
    )
    * 3,
)


def _drawn(view: View, *before: View) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=WIDTH, highlight=False).print(screen(view, before))
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("view", [VIEW, LONG], ids=["ordinary", "long"])
def test_it_fits_80_columns(view: View) -> None:
    assert max(len(line.rstrip()) for line in _drawn(view, *[view] * 30)) <= WIDTH


def test_a_long_list_takes_one_line() -> None:
    assert len(_drawn(LONG)) == len(_drawn(VIEW)) + 3 + 2 * 5


def test_what_matters_is_there() -> None:
    drawn = "\n".join(_drawn(VIEW))

    assert all(
        words in drawn
        for words in (
            "r3f9a2",
            "2 workers",
            "312.4",
            "21.0 ms",
            "waiting 4",
            "cache 12.3 %",
            "memory 412 MB",
            "auto 78 %",
            "confidence 91 %",
            "encoder 22 %",
            "billing/refunds 40 %",
            "novel 12 %",
        )
    )


def test_what_the_reranker_read_the_encoder_had_read_before() -> None:
    stages = {"static": 0.7, "encoder": 0.2, "reranker": 0.1}
    drawn = "\n".join(_drawn(replace(VIEW, answers=(replace(ANSWERS, stages=stages),))))

    assert "encoder 30 %" in drawn
    assert "reranker 10 %" in drawn


def test_a_name_of_the_user_is_never_markup() -> None:
    assert "[red]not markup[/red]" in "\n".join(_drawn(VIEW))


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (replace(VIEW, outcomes={"ok": 9.0, "overloaded": 1.5}), "errors: overloaded 1.5/s"),
        (replace(VIEW, level=1.0), "left out: the encoder"),
        (replace(VIEW, store_away=True), "12 records wait"),
        (replace(VIEW, releases=()), "no release answers"),
    ],
    ids=["errors", "busy", "away", "empty"],
)
def test_trouble_has_a_line_of_its_own(view: View, words: str) -> None:
    assert words in "\n".join(_drawn(view))
    assert words not in "\n".join(_drawn(VIEW))


def test_a_curve_is_as_high_as_its_largest_value() -> None:
    assert curve([0.0, 5.0, 10.0, None]).plain == "▁▅█▁"


def test_a_curve_of_nothing_is_flat() -> None:
    assert curve([0.0, None]).plain == "▁▁"


@pytest.fixture
def server() -> Iterator[Server]:
    metrics = Metrics()
    for event in EVENTS:
        event(metrics)
    with serving_metrics(metrics) as server:
        yield server


def test_a_script_gets_json(sortyard: Sortyard, server: Server) -> None:
    ended = sortyard("monitor", "top", "--url", server.url, "--every", "0.2", "--json")
    view = json.loads(ended.out)

    assert (ended.code, view["workers"], view["requests_per_second"], view["times"]["p99_ms"]) == (
        0,
        1,
        0.0,
        None,
    )


def test_without_a_terminal_it_looks_once(sortyard: Sortyard, server: Server) -> None:
    ended = sortyard("monitor", "top", "--url", server.url, "--every", "0.2")

    assert (ended.code, "messages/s" in ended.out, len(server.asked)) == (0, True, 2)
    assert max(len(line) for line in ended.out.splitlines()) <= WIDTH


def test_the_key_may_come_from_the_environment(
    sortyard: Sortyard, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SORTYARD_KEY", "sy_1_2")
    sortyard("monitor", "top", "--url", server.url, "--every", "0.2", "--once")

    assert {key for _, key in server.asked} == {"Bearer sy_1_2"}


def test_where_nobody_serves_it_could_not_run(sortyard: Sortyard) -> None:
    ended = sortyard("monitor", "top", "--url", "http://127.0.0.1:1", "--once")

    assert (ended.code, "sortyard serve" in ended.err) == (2, True)
