"""N-grams of many texts at once, against a reading of one text, one gram at a time."""

import itertools
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sortyard.models.ngrams import Grams, NgramOrders, words_of

LAW = settings(deadline=None)  # a busy machine breaks no law

ANY_TEXT = st.text(st.characters(), max_size=30)  # with surrogates and NUL
FEW_LETTERS = st.text("ab \x00\ud800.É", max_size=12)
TEXTS = st.lists(FEW_LETTERS | ANY_TEXT, max_size=5)
ORDERS = st.builds(
    lambda words, shortest, more: NgramOrders(words, shortest, shortest + more),
    st.integers(1, 4),
    st.integers(3, 5),
    st.integers(0, 3),
)


def by_hand(text: str, orders: NgramOrders) -> Counter[str]:
    words = words_of(text.lower())
    grams = [
        "  ".join(words[at : at + count]).replace("  ", " ")
        for count in range(1, orders.words + 1)
        for at in range(len(words) - count + 1)
    ]
    for size in range(orders.shortest, orders.longest + 1):
        for word in words:
            padded = f" {word} "
            grams += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return Counter(grams)


def rows_of(found: Grams, count: int) -> list[Counter[str]]:
    rows = [Counter[str]() for _ in range(count)]
    for index, row in enumerate(found.rows):
        rows[row][found.text(index)] += 1
    return rows


def hashes_of(found: Grams, row: int) -> list[int]:
    return sorted(found.hashes[found.rows == row].tolist())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my card, twice", ["my", "card", ",", "twice"]),
        ("मेरे कार्ड से।", ["मेरे", "कार्ड", "से", "।"]),
        ("บัตรถูกเรียกเก็บ", ["บัตรถูกเรียกเก็บ"]),
        ("شُكْرًا!", ["شُكْرًا", "!"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("返金。カード", ["返金", "。", "カード"]),
        ("\u0301", ["\u0301"]),
    ],
)
def test_a_word_has_its_signs_in_every_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@LAW
@given(TEXTS, ORDERS)
@example(texts=[], orders=NgramOrders())
@example(texts=["", "", "a"], orders=NgramOrders())
def test_the_grams_are_those_found_by_hand(texts: list[str], orders: NgramOrders) -> None:
    expected = [by_hand(text, orders) for text in texts]
    assert rows_of(orders.find(texts), len(texts)) == expected


@LAW
@given(TEXTS)
def test_two_grams_have_one_hash_just_when_they_read_the_same(texts: list[str]) -> None:
    found = NgramOrders().find(texts)
    read = [found.text(index) for index in range(len(found.hashes))]
    pairs = set(zip(read, found.hashes.tolist(), strict=True))
    assert len(pairs) == len({one for one, _ in pairs}) == len({one for _, one in pairs})


def test_a_hundred_thousand_grams_share_no_hash() -> None:
    words = ["".join(letters) for letters in itertools.product("abcdefgh01", repeat=5)]
    found = NgramOrders(words=1, shortest=7, longest=7).find([" ".join(words)])
    assert len(set(found.hashes.tolist())) == 2 * len(words)  # with and without its blanks


@LAW
@given(TEXTS.filter(bool), st.data())
def test_batch_mates_change_no_hash(texts: list[str], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(texts) - 1))
    together, alone = NgramOrders().find(texts), NgramOrders().find([texts[row]])
    assert hashes_of(together, row) == hashes_of(alone, 0)


@LAW
@given(ANY_TEXT)
def test_case_makes_no_difference_once_it_is_lowered(text: str) -> None:
    orders = NgramOrders()
    assert hashes_of(orders.find([text.lower()]), 0) == hashes_of(orders.find([text]), 0)


@pytest.mark.parametrize("orders", [(0, 3, 5), (2, 2, 5), (2, 4, 3), (1, 0, 0)])
def test_orders_that_cross_texts_or_take_nothing_are_refused(orders: Sequence[int]) -> None:
    with pytest.raises(ValueError, match="no n-grams"):
        NgramOrders(*orders)
