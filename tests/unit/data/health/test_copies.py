"""Copies are summed up, and a text under two labels is found however it is written."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.health.copies import contradictions, copies

TEXTS = ["Where is my card?", "where is my card", "Where is my parcel now?", "Hello there"]


def disputed(texts, labels):
    groups = near_duplicate_groups(texts)
    return contradictions(texts, labels, groups, range(len(texts)))


def test_rows_of_a_cluster_but_one_could_go():
    found = copies(TEXTS, near_duplicate_groups(TEXTS))

    assert (found.clusters, found.clustered, found.spare, found.exact) == (1, 2, 1, 1)
    assert found.largest[0].places == (0, 1)


def test_one_text_under_two_labels_is_found_and_counted_from_the_minority():
    texts = ["ask me"] * 5 + ["else"]
    labels = [("a",), ("a",), ("a",), ("b",), ("b",), ("b",)]
    found = disputed(texts, labels)

    assert (found.exact, found.near, found.rows) == (1, 0, 2)
    assert found.worst[0].labels == ((("a",), 3), (("b",), 2))


def test_texts_that_are_nearly_the_same_count_as_near():
    long = "please tell me where the parcel with the red shoes for my sister is at the moment"
    found = disputed([long, f"{long} now"], [("a",), ("b",)])

    assert (found.exact, found.near) == (0, 1)


def test_labels_that_differ_in_case_only_are_no_contradiction():
    assert disputed(["ask me", "ask me"], [("Refund",), ("refund",)]).worst == ()


def test_the_order_in_which_several_labels_are_written_is_no_contradiction():
    assert disputed(["ask me", "ask me"], [("a", "b"), ("b", "a")]).worst == ()


def test_much_contradiction_is_an_error_and_little_a_warning():
    much = disputed(["x y z"] * 2, [("a",), ("b",)])
    texts = [
        "same text",
        "same text",
        *(f"text about thing {chr(97 + at % 26)}" for at in range(400)),
    ]
    little = contradictions(
        texts, [("a",), ("b",), *[("a",)] * 400], np.array([0, 0, *range(1, 401)]), range(402)
    )

    assert [one.severity.value for one in much.findings("team")] == ["error"]
    assert [one.severity.value for one in little.findings("team")] == ["warning"]


@given(st.lists(st.tuples(st.sampled_from("pqr"), st.sampled_from("ab")), max_size=30))
def test_what_must_be_wrong_is_what_the_majority_contradicts(rows):
    texts, labels = [text for text, _ in rows], [(label,) for _, label in rows]
    groups = np.array([ord(text) for text in texts], dtype=np.intp)
    found = contradictions(texts, labels, groups, range(len(rows)))
    expected = sum(min(rows.count((text, "a")), rows.count((text, "b"))) for text in set(texts))

    assert found.rows == expected
