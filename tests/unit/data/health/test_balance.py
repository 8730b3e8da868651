"""Entropy does not care what labels are called or in which order they come."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.health.balance import Balance, Band, band_of
from sortyard.data.health.counts import Counts
from sortyard.data.taxonomy_finding import Severity

COUNTS = st.lists(st.integers(0, 100_000), max_size=40)
WORST_LAST = list(Band)


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_labels_changes_nothing(counts, random):
    shuffled = list(counts)
    random.shuffle(shuffled)

    assert Balance.of(counts) == Balance.of(shuffled)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=200))
def test_the_names_of_labels_change_nothing(rows):
    def measured(name):
        labels = Counts.of([(name(row),) for row in rows], rows=len(rows)).labels
        return Balance.of([one.rows for one in labels])

    assert measured(lambda row: f"label {row}") == measured(lambda row: f"{8 - row} renamed")


@given(COUNTS)
def test_normalised_entropy_lies_between_0_and_1(counts):
    balance = Balance.of(counts)

    if balance.normalised is None:
        assert balance.labels < 2
    else:
        assert 0.0 <= balance.normalised <= 1.0
        assert balance.nats == pytest.approx(balance.normalised * log(balance.labels))


@given(COUNTS)
def test_labels_without_rows_do_not_count(counts):
    assert Balance.of([*counts, 0, 0]) == Balance.of(counts)


@given(st.integers(2, 50), st.integers(1, 10_000))
def test_evenly_spread_labels_are_even(labels, rows):
    balance = Balance.of([rows] * labels)

    assert balance.normalised == pytest.approx(1.0)
    assert balance.effective_labels == pytest.approx(labels)
    assert balance.band is Band.EVEN


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_more_even_spread_never_has_a_worse_band(one, other):
    worse, better = sorted((one, other))

    assert WORST_LAST.index(band_of(better)) <= WORST_LAST.index(band_of(worse))


@pytest.mark.parametrize(
    ("normalised", "band"),
    [
        (1.0, Band.EVEN),
        (0.85, Band.EVEN),
        (0.849, Band.UNEVEN),
        (0.70, Band.UNEVEN),
        (0.699, Band.SKEWED),
        (0.50, Band.SKEWED),
        (0.499, Band.LOPSIDED),
        (0.0, Band.LOPSIDED),
    ],
)
def test_a_bound_belongs_to_the_better_band(normalised, band):
    assert band_of(normalised) is band


def test_entropy_is_in_nats():
    assert Balance.of([1, 1]).nats == pytest.approx(log(2))
    assert exp(Balance.of([3, 3, 3, 3]).nats) == pytest.approx(4)


def test_one_label_has_nothing_to_spread():
    balance = Balance.of([7])

    assert (balance.nats, balance.normalised, balance.band) == (0.0, None, None)
    assert list(balance.findings("team")) == []


def test_each_band_but_the_first_asks_for_something():
    severities = {
        Balance.of(counts).band: [one.severity.value for one in Balance.of(counts).findings("team")]
        for counts in ([5, 5], [80, 20, 20], [90, 15, 5], [990, 5, 5])
    }

    assert severities == {
        Band.EVEN: [],
        Band.UNEVEN: ["note"],
        Band.SKEWED: ["warning"],
        Band.LOPSIDED: ["warning"],
    }


def test_who_has_skewed_labels_is_told_when_class_weights_pay():
    (found,) = Balance.of([900, 80, 20]).findings("team")

    assert "`class_weights` in a recipe of your own" in found.remedy
    assert "where the messages to come are less skewed than these, and not" in found.remedy


def test_even_labels_need_no_weights():
    assert "class_weights" not in band_of(1.0).asks


def test_an_even_archive_asks_for_nothing():
    assert list(Balance.of([60] * 20).findings("intent")) == []


def test_rare_labels_among_many_even_ones_are_told_of():
    balance = Balance.of([120] * 18 + [4, 4])
    (finding,) = balance.findings("intent")

    assert balance.band is Band.EVEN
    assert (finding.severity, "30 times as often" in finding.problem) == (Severity.NOTE, True)
    assert finding.remedy == balance.asks
    assert "Class weights" in finding.remedy


def test_one_rare_label_among_many_is_no_slope():
    assert list(Balance.of([120] * 30 + [4]).findings("intent")) == []


@given(COUNTS)
def test_no_label_is_more_frequent_than_the_most_frequent(counts):
    assert Balance.of(counts).steepness >= 1.0
