"""Two spellings of one label are found, and different labels are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.health.spelling import Difference, spellings

NAMES = st.text(st.sampled_from("abcdefg -_"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ("Refund", "refund", Difference.CASE),
        ("REFUND", "refund", Difference.CASE),
        ("top-up", "topup", Difference.MARKS),
        ("card payment", "card_payment", Difference.MARKS),
        ("refund", "refunds", Difference.ENDING),
        ("card payment", "payment card", Difference.ORDER),
        ("complaint", "complant", Difference.TYPO),
    ],
)
def test_spellings_of_one_label_are_found(one, other, difference):
    (found,) = spellings({one: 10, other: 3}).pairs

    assert (found.usual, found.rarer, found.difference) == (one, other, difference)


@pytest.mark.parametrize(
    ("one", "other"), [("billing", "access"), ("tier 1", "tier 2"), ("card", "cart")]
)
def test_different_labels_are_left_alone(one, other):
    assert spellings({one: 10, other: 3}).pairs == ()


def test_what_differs_in_case_only_is_an_error_and_what_may_be_meant_is_a_note():
    found = list(spellings({"Refund": 9, "refund": 2, "refunds": 3}).findings("team"))

    assert [(one.code, one.severity.value) for one in found] == [
        ("spelling-drift", "error"),
        ("spelling-doubt", "note"),
    ]


def test_blanks_that_were_trimmed_are_said():
    (found,) = spellings({"a": 1}, blanks=4).findings("team")

    assert found.code == "label-blanks"
    assert "4 rows" in found.problem


@given(st.dictionaries(NAMES, st.integers(1, 99), max_size=8))
def test_the_order_of_labels_changes_nothing(counts):
    backwards = dict(reversed(counts.items()))

    def pairs(found):
        return {
            (frozenset((one.usual, one.rarer)), one.difference) for one in spellings(found).pairs
        }

    assert pairs(counts) == pairs(backwards)
