"""Rows are counted by label, and labels with too few are named."""

from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.health.counts import FEW, Counts


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=4), max_size=60))
def test_every_carried_label_is_counted_once_a_row(sets):
    counts = Counts.of(sets, rows=len(sets) + 3)

    assert sum(one.rows for one in counts.labels) == sum(len(set(held)) for held in sets)
    assert counts.unlabelled == 3
    assert [one.rows for one in counts.labels] == sorted(
        (one.rows for one in counts.labels), reverse=True
    )


def test_labels_below_fifty_rows_are_few_and_the_rarest_comes_first():
    counts = Counts.of([*[("a",)] * FEW, *[("b",)] * (FEW - 1), ("c",)], rows=2 * FEW)

    assert [one.label for one in counts.few] == ["c", "b"]
    assert [one.code for one in counts.findings("team")] == ["few-rows"]


def test_a_single_label_is_an_error_that_says_there_is_nothing_to_choose():
    (found,) = Counts.of([("a",)] * 3, rows=3).findings("team")

    assert (found.code, found.severity) == ("one-label", "error")


def test_no_row_at_all_is_no_error():
    assert list(Counts.of([], rows=0).findings("team")) == []
