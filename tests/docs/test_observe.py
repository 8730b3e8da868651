"""The guide names every metric, every field of the log and every span, and no other."""

import re

from sortyard.serving.served import Figures
from sortyard.serving.telemetry.logs import Fields
from sortyard.serving.telemetry.metrics import Metrics
from sortyard.serving.telemetry.spans import STAGES
from tests.contracts.observers import EVENTS
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "guide" / "observe.md").read_text(encoding="utf-8")
METRIC = re.compile(r"^\| `(sortyard_\w+)` \| (.*?) \|", re.MULTILINE)
FIELD = re.compile(r"`(\w+)`")
TYPES = {"counter": "_total"}
ADDED = {"le", "worker"}  # by the format, and by the merge of the workers


class _State:
    """A recorder of which nothing is known."""

    def __getattr__(self, name: str) -> int:
        return 0


def _metrics() -> dict[str, set[str]]:
    """Every metric with the names of its labels."""
    metrics = Metrics()
    metrics.watch_journal(_State)
    metrics.watch_desk(
        lambda: Figures(
            waiting=0,
            waiting_characters=0,
            cache_entries=0,
            cache_bytes=0,
            per_second=0.0,
            degradation=None,
            release="r1",
        )
    )
    for event in EVENTS:
        event(metrics)
    return {
        family.name + TYPES.get(family.type, ""): {
            label for sample in family.samples for label in sample.labels
        }
        - ADDED
        for family in metrics.panel.collect()
        if family.name.startswith("sortyard_")
    }


def test_every_metric_is_in_the_guide_with_its_labels() -> None:
    told = {name: set(FIELD.findall(labels)) for name, labels in METRIC.findall(PAGE)}

    assert told == _metrics()


def test_every_field_of_the_log_is_in_the_guide() -> None:
    table = PAGE.partition("| field | meaning |")[2].partition("\n\n")[0]
    names = {name for row in table.splitlines() for name in FIELD.findall(row.partition(" | ")[0])}

    assert names == {*Fields.__annotations__, "time", "level", "event"}


def test_every_stage_of_a_trace_is_in_the_guide() -> None:
    traces = PAGE.partition("## Traces")[2]

    assert all(f"`{stage}`" in traces for stage in STAGES)
