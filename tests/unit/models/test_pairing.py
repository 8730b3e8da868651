"""A message and a card are one row of word pieces."""

from hypothesis import given
from hypothesis import strategies as st

from sortyard.models.engines.pairing import pair_ids

FIRST, LAST = 101, 102
texts = st.lists(st.integers(1, 50), max_size=40).map(lambda ids: [FIRST, *ids, LAST])


def test_a_pair_reads_message_then_card() -> None:
    assert pair_ids([FIRST, 1, 2, LAST], [FIRST, 3, LAST], most=9) == [FIRST, 1, 2, LAST, 3, LAST]


def test_a_long_message_is_cut_for_its_card() -> None:
    long = [FIRST, *range(1, 30), LAST]
    assert pair_ids(long, [FIRST, 31, LAST], most=6) == [FIRST, 1, 2, LAST, 31, LAST]


def test_a_long_card_keeps_a_half() -> None:
    long = [FIRST, *range(1, 30), LAST]
    assert pair_ids(long, long, most=8) == [FIRST, 1, 2, LAST, 1, 2, 3, LAST]


@given(texts, texts, st.integers(6, 90))
def test_no_pair_is_longer_than_allowed(message: list[int], card: list[int], most: int) -> None:
    pair = pair_ids(message, card, most=most)
    assert len(pair) == min(most, len(message) + len(card) - 1)
    assert (pair[0], pair[-1]) == (FIRST, LAST)
    assert pair.count(LAST) == 2
