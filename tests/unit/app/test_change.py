"""What came to pass between two looks is right, also where a worker began again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.app.change import Change, Look, quantile
from sortyard.serving.telemetry.exposition import Exposition
from sortyard.serving.telemetry.instruments import Panel

BOUNDS = (0.01, 0.05, 0.1, 1.0)
values = st.lists(st.floats(min_value=0.0, max_value=1.0), min_size=1, max_size=50)


def _look(at: float, *lines: str) -> Look:
    return Look.of("".join(f"{line}\n" for line in lines), at=at)


def _change(before: list[str], after: list[str]) -> Change:
    return Change(_look(10.0, *before), _look(12.0, *after))


def test_a_rate_is_growth_over_time() -> None:
    change = _change(['x_total{worker="0"} 4'], ['x_total{worker="0"} 10'])

    assert change.rate("x_total") == 3.0


def test_two_looks_at_one_moment_show_no_speed() -> None:
    look = _look(1.0, "x_total 4")

    assert Change(look, look).rate("x_total") == 0.0


def test_workers_are_added_up() -> None:
    change = _change([], ['x_total{worker="0"} 4', 'x_total{worker="1"} 2'])

    assert change.growth("x_total") == 6.0


def test_a_worker_that_began_again_is_counted_from_zero() -> None:
    change = _change(['x_total{worker="0"} 100'], ['x_total{worker="0"} 3'])

    assert change.growth("x_total") == 3.0


def test_only_what_is_asked_for_counts() -> None:
    change = _change([], ['x_total{front="http"} 4', 'x_total{front="grpc"} 2'])

    assert change.growth("x_total", front="grpc") == 2.0


def test_shares_are_in_order_and_without_what_did_not_happen() -> None:
    lines = ['x_total{route="auto"} 1', 'x_total{route="review"} 3', 'x_total{route="confirm"} 0']

    assert list(_change([], lines).shares("x_total", "route").items()) == [
        ("review", 0.75),
        ("auto", 0.25),
    ]


@given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 1_000), min_size=1))
def test_shares_add_up_to_one(counts: dict[str, int]) -> None:
    lines = [f'x_total{{route="{name}"}} {count}' for name, count in counts.items()]

    assert sum(_change([], lines).shares("x_total", "route").values()) == pytest.approx(1.0)


def test_what_is_not_there_is_none_or_nothing() -> None:
    change = _change([], [])

    assert (
        change.rate("x_total"),
        change.shares("x_total", "route"),
        change.mean("x"),
        change.quantile("x", 0.5),
        change.total("x"),
        change.most("x"),
        change.words("x", "release"),
    ) == (0.0, {}, None, None, None, None, ())


def test_gauges_are_those_of_now() -> None:
    change = _change(['x{worker="0"} 50'], ['x{worker="0"} 4', 'x{worker="1"} 2'])

    assert (change.total("x"), change.most("x")) == (6.0, 4.0)


def _spread(seconds: list[float]) -> Look:
    panel = Panel()
    histogram = panel.histogram("request_seconds", "About.", BOUNDS, "front")
    for value in seconds:
        histogram.add(value, "http")
    return Look.of(Exposition(panel).text().decode(), at=1.0)


@given(values, st.sampled_from([0.5, 0.95, 0.99]))
def test_a_quantile_lies_in_the_bucket_of_the_true_one(seconds: list[float], part: float) -> None:
    change = Change(_look(0.0), _spread(seconds))
    found = change.quantile("sortyard_request_seconds", part)
    rank = part * len(seconds)
    true = next(value for place, value in enumerate(sorted(seconds), 1) if place >= rank)
    bucket = next(place for place, bound in enumerate(BOUNDS) if true <= bound)
    lowest = BOUNDS[bucket - 1] if bucket else 0.0

    assert found is not None
    assert lowest <= found <= BOUNDS[bucket] + 1e-9


@given(values)
def test_the_mean_is_exact(seconds: list[float]) -> None:
    change = Change(_look(0.0), _spread(seconds))

    assert change.mean("sortyard_request_seconds") == pytest.approx(sum(seconds) / len(seconds))


def test_above_the_last_bound_only_that_bound_is_known() -> None:
    assert quantile([(0.1, 0.0), (1.0, 0.0), (float("inf"), 9.0)], 0.5) == 1.0


def test_an_empty_bucket_below_bounds_the_guess() -> None:
    assert quantile([(0.02, 0.0), (0.03, 4.0), (float("inf"), 4.0)], 0.5) == pytest.approx(0.025)


def test_what_is_no_text_of_prometheus_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid metric name"):
        _look(0.0, "<html>hello</html>")
