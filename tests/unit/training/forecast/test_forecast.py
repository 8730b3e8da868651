"""A forecast carries a probe on, stays within bounds and knows how often it was right."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.taxonomy import Kind
from sortyard.training.forecast.forecasting import expected_error, forecast
from sortyard.training.forecast.probe import Point, Probe, probe
from sortyard.training.forecast.record import (
    Lift,
    Track,
    Trial,
    stored_trials,
    track_record,
    written,
)

ERRORS = st.floats(0.0, 1.0)
WORDS = {"a": "where is my card", "b": "refund the money", "c": "parcel came late"}


def shown(*errors, guess=0.9):
    points = tuple(Point(100 * 2**at, error) for at, error in enumerate(errors))
    return Probe(kind=Kind.SINGLE, sampled=800, labels=3, points=points, guess=guess)


def tried(texts, labels, kind=Kind.SINGLE):
    return probe(
        texts,
        labels,
        kind,
        np.arange(len(texts)),
        rng=np.random.default_rng(3),
        advance=lambda _: None,
    )


def messages(rows):
    names = sorted(WORDS)
    labels = [names[at % 3] for at in range(rows)]
    return [f"{WORDS[one]} number {at}" for at, one in enumerate(labels)], labels


def test_labels_that_words_tell_are_told():
    texts, labels = messages(120)
    found = tried(texts, [(one,) for one in labels])

    assert found.error < 0.05
    assert [one.rows for one in found.points] == sorted(one.rows for one in found.points)
    assert forecast(found, 120, track_record(Kind.SINGLE)).value > 0.9


def test_labels_by_chance_are_not_and_the_verdict_says_so():
    rng = np.random.default_rng(5)
    texts, _ = messages(240)
    labels = [(str(one),) for one in rng.integers(0, 4, 240)]
    found = forecast(tried(texts, labels), 240, track_record(Kind.SINGLE))

    assert found.verdict == "not yet"
    assert [one.code for one in found.findings("team")] == ["hard-to-learn"]


def test_several_labels_a_message_are_judged_by_micro_f1():
    texts, labels = messages(150)
    sets = [(one, "all") if at % 2 else (one,) for at, one in enumerate(labels)]

    assert 0.0 <= tried(texts, sets, Kind.MULTI).error < 0.5


@pytest.mark.parametrize(
    ("texts", "labels"),
    [([], []), (["one"], [("a",)]), (["same words"] * 50, [("a",)] * 50)],
    ids=["no row", "one row", "one label"],
)
def test_too_little_gives_no_forecast(texts, labels):
    assert tried(texts, labels) is None


def test_copies_of_one_message_give_no_forecast():
    texts, labels = messages(60)
    found = probe(
        texts,
        [(one,) for one in labels],
        Kind.SINGLE,
        np.zeros(60, dtype=np.intp),
        rng=np.random.default_rng(3),
        advance=lambda _: None,
    )

    assert found is None


def test_texts_without_words_are_no_fault():
    found = tried(["?!"] * 60, [("a",) if at % 2 else ("b",) for at in range(60)])

    assert found.error >= 0.4


@given(st.lists(ERRORS, min_size=3, max_size=3), st.integers(1, 10_000_000))
def test_more_rows_never_make_a_forecast_worse(errors, rows):
    found = shown(*errors)

    assert expected_error(found, 2 * rows) <= expected_error(found, rows) + 1e-12


@given(st.lists(ERRORS, min_size=3, max_size=3), st.floats(0.0, 1.0), st.integers(1, 1_000_000))
def test_a_forecast_is_a_share_within_its_interval(errors, guess, rows):
    found = forecast(shown(*errors, guess=guess), rows, track_record(Kind.SINGLE))

    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert found.doubled >= found.value


def trial(archive, expected, reached, relative=0.5):
    return Trial(
        set=archive,
        archive=archive,
        kind="single",
        part=1.0,
        expected=expected,
        relative=relative,
        reached=reached,
    )


def test_a_lift_learns_how_much_less_wrong_trainings_are():
    trials = [trial("a", 0.2, 0.1), trial("b", 0.4, 0.2), trial("c", 0.1, 0.05)]
    likely, low, high = Lift.of(trials).errors(0.3, 0.5)

    assert likely == pytest.approx(0.15)
    assert (low, high) == pytest.approx((0.15, 0.15))


def test_a_trial_is_judged_without_its_archive():
    trials = [trial("a", 0.2, 0.1), trial("b", 0.2, 0.1), trial("odd", 0.2, 0.2)]
    track = Track.of(trials)

    assert (track.trials, track.sets, track.archives) == (3, 3, 3)
    assert track.right == 2


def test_trials_are_written_as_they_are_read():
    trials = [trial("a", 0.25, 0.125)]

    assert [Trial(**one) for one in json.loads(written(trials))] == trials


def test_every_stored_trial_is_possible():
    for one in stored_trials():
        assert 0.0 < one.expected <= 1.0
        assert 0.0 < one.reached < 1.0
        assert 0.0 <= one.relative <= 1.0
        assert one.kind in set(Kind)
