"""The wording view: rows of length one or zero, whatever the text and its batch."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sortyard.models import wording
from sortyard.models.ngrams import NgramOrders
from sortyard.models.wording import Wording

LAW = settings(deadline=None)  # a busy machine breaks no law

ARCHIVE = (
    "refund my order",
    "refund the invoice",
    "my order is late",
    "the invoice is wrong",
    "Ünï refund \ud800 order",
    "ünï order \ud800",
    "",
)
ANY_TEXT = st.text(st.characters(), max_size=20)
WORDS = ["refund", "order", "invoice", "the", "my", "late", "ünï"]
KNOWN_TEXT = st.lists(st.sampled_from(WORDS)).map(" ".join)
TEXTS = st.lists(KNOWN_TEXT | ANY_TEXT, max_size=6)
FITTED = Wording.fit(ARCHIVE)


def assert_same(one: sparse.csr_matrix, other: sparse.csr_matrix) -> None:
    assert one.shape == other.shape
    np.testing.assert_array_equal(one.toarray(), other.toarray())


@LAW
@given(TEXTS)
def test_a_row_has_length_one_or_no_known_gram(texts: list[str]) -> None:
    matrix = FITTED.transform(texts)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
    empty = np.diff(matrix.indptr) == 0
    np.testing.assert_allclose(lengths, np.where(empty, 0.0, 1.0), atol=1e-6)


@LAW
@given(TEXTS.filter(bool), st.data())
def test_batch_mates_change_nothing(texts: list[str], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(texts) - 1))
    assert_same(FITTED.transform(texts)[[row]], FITTED.transform([texts[row]]))


@LAW
@given(TEXTS)
def test_stored_and_read_back_it_sees_the_same(texts: list[str]) -> None:
    readable = json.loads(json.dumps(FITTED.to_dict()))
    back = Wording.from_parts(readable, FITTED.arrays())
    assert back.grams == FITTED.grams
    assert_same(back.transform(texts), FITTED.transform(texts))


@LAW
@given(TEXTS)
def test_nothing_is_seen_by_one_who_learnt_nothing(texts: list[str]) -> None:
    assert Wording.fit([]).transform(texts).shape == (len(texts), 0)


def test_a_gram_of_one_text_is_not_learnt() -> None:
    assert "late" not in FITTED.grams
    assert "refund" in FITTED.grams


def test_the_weights_are_those_of_the_formula() -> None:
    learnt = Wording.fit(["aa aa bb", "aa", "bb", "cc"], orders=NgramOrders(1, 9, 9))
    row = learnt.transform(["aa aa aa bb"]).toarray()[0]
    idf = np.log(5 / 3) + 1
    expected = np.array([(1 + np.log(3)) * idf, idf])
    expected /= np.linalg.norm(expected)
    found = [row[learnt.grams.index(name)] for name in ("aa", "bb")]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_grams_in_the_most_texts_stay() -> None:
    learnt = Wording.fit(["aa bb", "aa bb", "aa"], orders=NgramOrders(1, 9, 9), at_most=1)
    assert learnt.grams == ("aa",)


def test_the_order_of_the_archive_decides_nothing() -> None:
    other = Wording.fit(ARCHIVE[::-1])
    assert other.grams == FITTED.grams
    np.testing.assert_array_equal(other.idf, FITTED.idf)


@pytest.mark.parametrize(("most", "characters"), [(1, 10**6), (2, 10**6), (3, 1), (100, 20)])
def test_chunks_change_nothing(most: int, characters: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*ARCHIVE, *ARCHIVE]
    fitted, seen = Wording.fit(texts), FITTED.transform(texts)
    monkeypatch.setattr(wording, "CHUNK", most)
    monkeypatch.setattr(wording, "CHARACTERS", characters)
    again = Wording.fit(texts)
    assert again.grams == fitted.grams
    np.testing.assert_array_equal(again.idf, fitted.idf)
    assert_same(FITTED.transform(texts), seen)


def test_a_long_text_is_looked_at_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    class Watched(NgramOrders):
        def find(self, texts):
            looked_at.append(sum(map(len, texts)))
            return super().find(texts)

    monkeypatch.setattr(wording, "CHARACTERS", 100)
    Wording.fit(["word " * 100, "short", "words", "word " * 19], orders=Watched())
    assert looked_at == [500, 10, 95]
