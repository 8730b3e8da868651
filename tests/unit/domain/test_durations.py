"""Lengths of time, as people write them and as they are said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.durations import LONGEST, seconds_of, told
from sortyard.domain.errors import InvalidUsage


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("1h30m", 5_400),
        ("1h 30m", 5_400),
        ("1.5h", 5_400),
        ("2H", 7_200),
        ("1h1s", 3_601),
        ("0h10m", 600),
    ],
)
def test_hours_minutes_and_seconds_are_understood(written: str, seconds: float) -> None:
    assert seconds_of(written) == seconds


@pytest.mark.parametrize(
    "written", ["", " ", "m", "10", "10 minutes", "-5m", "1m1h", "5m5m", "0s", "1e3s", "٣m", "800h"]
)
def test_anything_else_is_refused_with_how_to_write_it(written: str) -> None:
    with pytest.raises(InvalidUsage) as refused:
        seconds_of(written)

    assert "`90s`, `10m` or `1h30m`" in refused.value.remedy


@given(h=st.integers(0, 700), m=st.integers(0, 500), s=st.integers(1, 5_000))
def test_the_parts_add_up(h: int, m: int, s: int) -> None:
    assert seconds_of(f"{h}h{m}m{s}s") == 3_600 * h + 60 * m + s


@given(st.text(max_size=12))
def test_whatever_is_written_is_a_time_or_refused(written: str) -> None:
    try:
        found = seconds_of(written)
    except InvalidUsage:
        return
    assert 0 < found <= LONGEST


@given(st.integers(1, int(LONGEST)))
def test_what_is_said_is_near_and_can_be_read_again(seconds: int) -> None:
    written = told(seconds).replace(" min", "m").replace(" ", "")

    assert seconds_of(written) == pytest.approx(seconds, rel=0.05, abs=0.5)
