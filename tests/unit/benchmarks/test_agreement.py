"""What the benchmark of agreement adds to the library is small, and does what it says."""

import numpy as np
import pytest

pytest.importorskip("krippendorff")

from benchmarks.agreement import Panel, _balanced, _by_maker, _decided, _majority, _told
from sortyard.data.votes import Votes
from sortyard.domain.taxonomy import Kind

NAMES = ("gpt-1", "gpt-2", "gpt-3", "claude", "gemini")


def panel(rows, truth):
    given = {
        (str(at), name): (label,)
        for at, row in enumerate(rows)
        for name, label in zip(NAMES, row, strict=True)
    }
    votes = Votes.of("product", Kind.SINGLE, given)
    return Panel(votes, np.array([votes.answers.index((label,)) for label in truth]))


def words(made, answers):
    return "".join(made.votes.answers[one][0] for one in answers)


def test_the_majority_counts_voters_and_makers_count_once():
    made = panel(["aaabb", "bbbbb"], "ab")

    assert words(made, _majority(made.votes)) == "ab"
    assert words(made, _by_maker(made.votes)) == "bb"


def test_labels_that_are_known_to_be_as_frequent_are_made_so():
    made = panel(["aaaaa", "aaaaa", "aaaab", "aaabb"], "aabb")

    assert words(made, _balanced(made)) == "aabb"


def test_what_is_decided_is_the_truth():
    made = panel(["aaaaa", "aaaaa", "bbbbb"], "abb")

    assert words(made, _decided(made, ["1"])) == "abb"


def test_votes_of_one_mind_tell_each_other():
    made = panel(["aaaaa", "bbbbb"] * 3, "ababab")

    assert _told(made.votes, _majority) == ["100.00", "100.00"]
