"""Intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from sortyard.evaluation.intervals import (
    Interval,
    exact_interval,
    fewest_trials,
    lower_bound,
    lower_bounds,
    percentile_interval,
    upper_bound,
    wilson_interval,
)

counts = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_exact_interval_encloses_the_measured_share(count: tuple[int, int]) -> None:
    hits, trials = count

    interval = exact_interval(hits, trials)

    assert 0.0 <= interval.low <= interval.high <= 1.0
    assert trials == 0 or hits / trials in interval


@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (3, 10), (10, 10), (95, 100)])
def test_the_exact_interval_agrees_with_the_textbook(hits: int, trials: int) -> None:
    expected = binomtest(hits, trials).proportion_ci(0.95, method="exact")

    interval = exact_interval(hits, trials)

    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (3, 10), (10, 10), (95, 100)])
def test_wilsons_interval_agrees_with_the_textbook(hits: int, trials: int) -> None:
    expected = binomtest(hits, trials).proportion_ci(0.95, method="wilson")

    interval = wilson_interval(hits, trials)

    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize("trials", [20, 59, 200])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.95, 0.99])
def test_the_lower_bound_is_too_high_in_at_most_one_draw_of_twenty(
    share: float, trials: int
) -> None:
    """Summed over every possible outcome, not simulated."""
    hits = np.arange(trials + 1)

    too_high = lower_bounds(hits, trials) > share

    assert binom.pmf(hits, trials, share)[too_high].sum() <= 0.05


def test_nothing_measured_means_nothing_known() -> None:
    assert (lower_bound(0, 0), upper_bound(0, 0)) == (0.0, 1.0)
    assert wilson_interval(0, 0) == Interval(0.0, 1.0)


def test_it_takes_59_faultless_trials_to_promise_95_in_100() -> None:
    assert fewest_trials(0.95) == 59
    assert lower_bound(58, 58) < 0.95 <= lower_bound(59, 59)


@given(counts, st.floats(0.5, 0.98))
def test_more_assurance_means_a_lower_bound(count: tuple[int, int], assurance: float) -> None:
    more, less = (lower_bound(*count, assurance=one) for one in (assurance + 0.01, assurance))

    assert more <= less


def test_a_percentile_interval_leaves_as_much_on_either_side() -> None:
    interval = percentile_interval(np.arange(101.0), assurance=0.9)

    assert (interval.low, interval.high) == pytest.approx((5.0, 95.0))
