"""Counts and histograms say what those of the Prometheus library say."""

import prometheus_client as library
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families

from sortyard.serving.telemetry.instruments import Counts, Histogram, Panel

BOUNDS = (0.001, 0.1, 1.0, 25.0)
names = st.sampled_from(["a", "b", "c"])
values = st.floats(min_value=0.0, max_value=100.0)


def _samples(families: list[Metric]) -> set[tuple[str, frozenset[tuple[str, str]], float]]:
    return {
        (sample.name, frozenset(sample.labels.items()), round(sample.value, 6))
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


@given(st.lists(st.tuples(names, names, st.integers(min_value=0, max_value=9))))
def test_counts_are_those_of_the_library(events: list[tuple[str, str, int]]) -> None:
    ours = Counts("x_total", "About.", ("front", "code"))
    theirs = library.Counter("x_total", "About.", ("front", "code"), registry=None)
    for front, code, amount in events:
        ours.add(front, code, amount=amount)
        theirs.labels(front, code).inc(amount)

    assert _samples(list(ours.collect())) == _samples(list(theirs.collect()))


@given(st.lists(st.tuples(values | st.sampled_from(BOUNDS), names)))
def test_histograms_are_those_of_the_library(events: list[tuple[float, str]]) -> None:
    ours = Histogram("x", "About.", BOUNDS, ("front",))
    theirs = library.Histogram("x", "About.", ("front",), buckets=BOUNDS, registry=None)
    for value, front in events:
        ours.add(value, front)
        theirs.labels(front).observe(value)

    assert _samples(list(ours.collect())) == _samples(list(theirs.collect()))


def test_a_count_without_labels_starts_at_zero() -> None:
    assert _samples(list(Counts("x_total", "About.").collect())) == {("x_total", frozenset(), 0.0)}


def test_what_does_not_apply_is_an_empty_label() -> None:
    counts = Counts("x_total", "About.", ("reason",))
    counts.add(None)

    assert _samples(list(counts.collect())) == {("x_total", frozenset({("reason", "")}), 1.0)}


@given(st.lists(st.text(), max_size=40))
def test_the_number_of_series_is_bounded(labels: list[str]) -> None:
    counts = Counts("x_total", "About.", ("dimension", "label"), most=5)
    spread = Histogram("y", "About.", BOUNDS, ("dimension", "label"), most=5)
    for label in labels:
        counts.add("team", label)
        spread.add(1.0, "team", label)
    counted = _samples(list(counts.collect()))
    filled = {labels for name, labels, _ in _samples(list(spread.collect())) if name == "y_count"}

    assert (len(counted) <= 6, len(filled) <= 6, sum(value for *_, value in counted)) == (
        True,
        True,
        len(labels),
    )


@given(st.lists(st.text(st.characters(codec=None)), max_size=5))
def test_any_label_can_be_written_and_read_back(labels: list[str]) -> None:
    """Line ends of every kind, quotes, backslashes, and halves of characters."""
    panel = Panel()
    counts = panel.counts("labels", "About.", "label")
    for label in labels:
        counts.add(label)
    text = library.generate_latest(panel).decode()
    read = _samples(list(text_string_to_metric_families(text)))

    assert {dict(series)["label"] for _, series, _ in read} == {
        label.encode(errors="replace").decode() for label in labels
    }
