"""What of a test was seen in training is counted, by text and by group."""

import numpy as np
import pytest

from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.health.splits import leakage, split_column
from sortyard.domain.messages import Message

TEXTS = ["where is my card", "Where is my card?", "hello", "my parcel is late", "bye"]


def leaks(parts, groups=None):
    return leakage("column 'split'", parts, TEXTS, near_duplicate_groups(TEXTS), groups)


def test_a_copy_in_the_test_is_a_leak():
    (one,) = leaks(["train", "test", "train", "test", "test"]).leaks

    assert (one.part, one.rows, one.exact, one.near) == ("test", 3, 1, 0)


def test_copies_within_one_part_are_none():
    (one,) = leaks(["train", "train", "test", "test", "test"]).leaks

    assert one.exact + one.near == 0
    assert list(leaks(["train", "train", "test", "test", "test"]).findings()) == []


def test_a_group_on_both_sides_is_a_leak_of_its_own():
    found = leaks(["train", "train", "test", "test", "test"], groups=["a", "b", "a", "c", "c"])

    assert found.leaks[0].grouped == 1
    assert [one.code for one in found.findings()] == ["group-leak"]


def test_without_a_part_named_train_the_largest_is_held_against_the_others():
    found = leaks(["0", "1", "0", "0", "2"])

    assert found.training == "0"
    assert {one.part: one.exact for one in found.leaks} == {"1": 1, "2": 0}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["train", "test", "train"], "data_split"),
        (["train", "train", "train"], None),
        ([str(at) for at in range(30)], None),
    ],
)
def test_a_split_is_found_by_its_name_and_its_few_values(values, found):
    messages = [
        Message(str(at), "words", None, {"data_split": value, "other": value})
        for at, value in enumerate(values)
    ]

    assert split_column(messages, ["data_split", "other"]) == found


def test_duplicates_are_only_asked_of_rows():
    found = leakage("x", ["train", "test"], ["a", "b"], np.array([0, 1]), None)

    assert found.leaks[0].share == 0.0
