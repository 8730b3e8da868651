"""Spellings of one name are told from names of two labels."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.label_names import alike_pairs, are_alike

LAW = settings(max_examples=60, deadline=None)
names = st.text(alphabet="abcs_ /12", max_size=7)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Billing", "billing"),
        ("cancel", "cancellation"),
        ("cancelled", "cancel"),
        ("top-up", "topup"),
        ("refundStatus", "refund_status"),
        ("fees", "fee"),
        ("query", "queries"),
        ("activate", "activation"),
        ("biling", "billing"),
        ("recieve", "receive"),
        ("card payment", "payment-card"),
        ("billing/refund", "Billing / Refunds"),
    ],
)
def test_two_spellings_of_a_name_are_alike(one: str, other: str) -> None:
    assert are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("level 1", "level 2"),
        ("card", "cart"),
        ("transfer_in", "transfer_out"),
        ("get_physical_card", "order_physical_card"),
        ("card_arrival", "card_linking"),
        ("!", "?"),
        ("", "a"),
    ],
)
def test_the_names_of_two_labels_are_not(one: str, other: str) -> None:
    assert not are_alike(one, other)


@LAW
@given(names, names)
def test_it_does_not_matter_which_comes_first(one: str, other: str) -> None:
    assert are_alike(one, other) == are_alike(other, one)


@LAW
@given(st.lists(names, max_size=8))
def test_no_pair_is_missed_by_looking_up(drawn: list[str]) -> None:
    distinct = list(dict.fromkeys(drawn))
    every = [
        (one, other)
        for at, one in enumerate(distinct)
        for other in distinct[at + 1 :]
        if are_alike(one, other)
    ]
    assert list(alike_pairs(drawn)) == every
