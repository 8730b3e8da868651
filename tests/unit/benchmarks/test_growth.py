"""What the benchmark of growth says of its figures."""

import pytest

from benchmarks.growth import Step, verdict


def single(rows: int, labels: int, seconds: float, *, peak_mb: float = 900.0) -> Step:
    return Step("single", rows, labels, seconds, peak_mb)


def multi(rows: int, labels: int, seconds: float) -> Step:
    return Step("multi", rows, labels, seconds, 900.0)


def test_a_single_dimension_is_judged_by_its_rows() -> None:
    said = verdict("team", single(10_000, 6, 20.0), single(100_000, 6, 172.0))
    assert said == (
        "team (`single`): 10.0 times the rows took 8.6 times as long, near linear in rows (at most "
        "12.0); within 4 GB."
    )


def test_a_single_dimension_may_not_hide_behind_its_labels() -> None:
    said = verdict("team", single(10_000, 6, 20.0), single(100_000, 12, 300.0))
    assert "NOT linear in rows" in said
    assert "labels" not in said


def test_a_multi_dimension_shows_both_and_is_judged_by_rows_and_labels() -> None:
    said = verdict("intents", multi(10_000, 71, 38.3), multi(100_000, 144, 714.4))
    assert said == (
        "intents (`multi`): 10.0 times the rows took 18.7 times as long, NOT linear in rows (at "
        "most 12.0); with 144 labels after 71, rows x labels grew 20.3 times: near linear in those "
        "(at most 24.3); within 4 GB."
    )


def test_a_multi_dimension_that_outgrows_both_is_said_to() -> None:
    said = verdict("intents", multi(10_000, 71, 10.0), multi(100_000, 71, 200.0))
    assert said.count("NOT linear") == 2


@pytest.mark.parametrize(("before", "after"), [(5_000.0, 900.0), (900.0, 5_000.0)])
def test_too_much_memory_is_said_wherever_it_was_taken(before: float, after: float) -> None:
    said = verdict("team", single(1, 1, 1.0, peak_mb=before), single(2, 1, 1.0, peak_mb=after))
    assert "ABOVE 4 GB" in said
