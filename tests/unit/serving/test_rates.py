"""Nobody asks more often than allowed, and nobody is stopped who does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.serving.rates import MINUTE, Rates
from tests.contracts.counters import COUNTERS, MakeCounter
from tests.contracts.desks import FakeClock

pauses = st.lists(st.floats(min_value=0.0, max_value=5.0), min_size=1, max_size=200)
counted = pytest.mark.parametrize("counter", COUNTERS.values(), ids=COUNTERS)


@counted
@given(st.integers(min_value=1, max_value=120), pauses)
def test_what_passes_is_a_minute_s_worth_and_what_grew_since(
    counter: MakeCounter, per_minute: int, between: list[float]
) -> None:
    clock = FakeClock()
    passed = 0
    with counter(clock) as rates:
        for pause in between:
            clock.now += pause
            passed += rates.take("k", per_minute) == 0

    assert passed <= per_minute + clock.now * per_minute / MINUTE + 1e-6


@counted
@given(st.integers(min_value=1, max_value=120), st.integers(min_value=1, max_value=300))
def test_who_asks_at_the_rate_is_never_stopped(
    counter: MakeCounter, per_minute: int, times: int
) -> None:
    clock = FakeClock()
    waits = []
    with counter(clock) as rates:
        for _ in range(times):
            waits.append(rates.take("k", per_minute))
            clock.now += MINUTE / per_minute * 1.000001

    assert set(waits) == {0}


@counted
@given(st.integers(min_value=1, max_value=120))
def test_the_wait_that_is_told_is_long_enough(counter: MakeCounter, per_minute: int) -> None:
    clock = FakeClock()
    with counter(clock) as rates:
        while not (wait := rates.take("k", per_minute)):
            pass
        clock.now += wait * 1.000001

        assert rates.take("k", per_minute) == 0


@counted
def test_one_who_asks_too_often_stops_nobody_else(counter: MakeCounter) -> None:
    with counter(FakeClock()) as rates:
        first = [rates.take("busy", 1) for _ in range(3)]

        assert (first[0], first[1] > 0, rates.take("calm", 1)) == (0, True, 0)


@counted
def test_a_clock_that_goes_back_gives_nothing_away(counter: MakeCounter) -> None:
    clock = FakeClock(now=100.0)
    with counter(clock) as rates:
        assert rates.take("k", 1) == 0
        clock.now = 0.0

        assert rates.take("k", 1) > 0


@counted
def test_another_limit_holds_at_once(counter: MakeCounter) -> None:
    with counter(FakeClock()) as rates:
        rates.take("k", 1)

        assert rates.take("k", 5) == 0


def test_who_has_not_asked_for_a_while_is_forgotten() -> None:
    clock = FakeClock()
    rates = Rates(clock)
    for name in "abc":
        rates.take(name, 10)
    clock.now = 2 * MINUTE
    rates.take("d", 10)

    assert len(rates) == 1
