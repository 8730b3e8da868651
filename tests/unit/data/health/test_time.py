"""Labels that stopped, began or were swapped are told from chance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.health.history_words import span_in_words
from sortyard.data.health.time import history

DAY = 86_400.0


def told(labels, texts=None):
    rows = len(labels)
    return history(
        [at * DAY for at in range(rows)],
        [(label,) for label in labels],
        texts or [f"text number {at}" for at in range(rows)],
    )


def test_a_label_that_stopped_and_one_that_began_are_found():
    found = told(["old", "other"] * 40 + ["new", "other"] * 40)

    assert [one.label for one in found.stopped] == ["old"]
    assert [one.label for one in found.began] == ["new"]
    assert {one.code for one in found.findings("team")} == {"stale-labels", "late-labels"}


def test_labels_by_chance_neither_stop_nor_begin():
    rng = np.random.default_rng(4)
    stopped = began = 0
    for _ in range(40):
        found = told([f"label {one}" for one in rng.integers(0, 12, 300)])
        stopped, began = stopped + len(found.stopped), began + len(found.began)

    assert stopped + began == 0


def test_several_labels_that_turn_at_once_are_a_change_of_the_labels():
    found = told([f"old {at % 3}" for at in range(150)] + [f"new {at % 3}" for at in range(150)])

    assert found.recut is not None
    assert found.recut[1] == 6
    assert abs(found.recut[0] - 150 * DAY) < 5 * DAY


def test_a_text_that_got_another_label_later_is_found():
    labels = ["a"] * 30 + ["b"] * 10
    texts = [f"text number {at}" for at in range(40)]
    texts[3] = texts[35] = "The very same words"
    found = told(labels, texts)

    assert [(one.before, one.after, one.texts) for one in found.relabelled] == [(("a",), ("b",), 1)]


def test_a_text_that_goes_back_and_forth_was_not_relabelled():
    found = told(["a", "b"] * 20, ["same"] * 40)

    assert found.relabelled == ()


def test_too_few_times_say_nothing():
    assert history([0.0, 1.0], [("a",), ("b",)], ["x", "y"]) is None
    assert history([float("nan")] * 50, [("a",)] * 50, ["x"] * 50) is None
    assert history([5.0] * 50, [("a",)] * 50, ["x"] * 50) is None


@given(
    st.lists(
        st.tuples(
            st.floats(-1e15, 1e15) | st.just(float("nan")),
            st.sampled_from(["a", "b", "c"]),
        ),
        max_size=60,
    )
)
def test_any_times_can_be_told_in_words(rows):
    found = history(
        [time for time, _ in rows], [(label,) for _, label in rows], ["same"] * len(rows)
    )

    if found is not None:
        assert list(span_in_words(found, 3))
        assert sum(sum(one.rows) for one in found.activity) == found.dated
        list(found.findings("team"))
