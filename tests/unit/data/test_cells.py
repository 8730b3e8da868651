"""Cells hold a text, a number, a time, or nothing."""

from datetime import UTC, datetime
from math import isnan, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.data.cells import Cell, as_number, as_text, as_time, is_empty

LAW = settings(deadline=None)  # a busy machine breaks no law

any_cell = st.one_of(
    st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.tuples(st.text())
)


@LAW
@given(any_cell)
def test_no_cell_is_refused(cell: Cell) -> None:
    assert isinstance(as_text(cell), str)
    assert as_number(cell) is None or not isinstance(cell, tuple)
    assert isinstance(as_time(cell), float)


@pytest.mark.parametrize(
    "cell", ["", "  ", "nan", "NaN", "null", "<NA>", "#N/A", None, nan], ids=repr
)
def test_says_nothing(cell: Cell) -> None:
    assert is_empty(cell)


@pytest.mark.parametrize("cell", ["NA", "none", "0", 0, False, (), "-"], ids=repr)
def test_says_something(cell: Cell) -> None:
    assert not is_empty(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("12", 12), (" -1.5 ", -1.5), ("1e3", 1000.0), (".5", 0.5), (7, 7), ("0", 0), ("0.5", 0.5)],
    ids=repr,
)
def test_is_a_number(cell: Cell, number: float) -> None:
    assert as_number(cell) == number


@pytest.mark.parametrize("cell", ["007", "1,000", "١٢", "inf", "", "1 2", True, None], ids=repr)
def test_is_no_number(cell: Cell) -> None:
    assert as_number(cell) is None


def test_an_integer_that_a_gap_made_a_float_reads_as_one() -> None:
    assert as_text(3.0) == "3"


@pytest.mark.parametrize(
    "cell",
    [
        *("2019-09-24", "2019/9/24", "2019.09.24", "24.09.2019", "24/09/2019", "09/24/2019"),
        *("2019-09-24T00:00:00Z", "2019-09-24 02:00:00+02:00", "2019/9/24 00:00"),
        *("1569283200", 1569283200, 1569283200000),
    ],
    ids=repr,
)
def test_is_a_time(cell: Cell) -> None:
    assert as_time(cell) == datetime(2019, 9, 24, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "cell", ["soon", "", None, "2019-13-45", "99/99/2019", "12", True], ids=repr
)
def test_is_no_time(cell: Cell) -> None:
    assert isnan(as_time(cell))
