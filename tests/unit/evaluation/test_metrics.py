"""Precision, recall and F1 agree with scikit-learn, and do not care about names or order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_recall_fscore_support

from sortyard.evaluation.metrics import Confusion

pairs = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), min_size=1, max_size=60
)


@settings(deadline=None, max_examples=40)
@given(pairs, st.sampled_from(["macro", "micro", "weighted"]))
def test_averages_agree_with_scikit_learn(pairs, average):
    truth, answer = zip(*pairs, strict=True)

    counts = Confusion.of(truth, answer).counts()

    labels = sorted(set(truth)) if average == "macro" else None
    expected = f1_score(truth, answer, average=average, labels=labels, zero_division=0)
    assert getattr(counts, f"{average}_f1") == pytest.approx(expected)


@settings(deadline=None, max_examples=40)
@given(pairs)
def test_per_label_figures_agree_with_scikit_learn(pairs):
    truth, answer = zip(*pairs, strict=True)

    confusion = Confusion.of(truth, answer)

    counts = confusion.counts()
    expected = precision_recall_fscore_support(
        truth, answer, labels=confusion.names, zero_division=0
    )
    np.testing.assert_allclose([counts.precision, counts.recall, counts.f1], expected[:3])


@given(pairs, st.permutations("abcdef"))
def test_renaming_the_labels_changes_no_average(pairs, order):
    """The bug of a peer: positive class chosen by spelling."""
    truth, answer = zip(*pairs, strict=True)
    renamed = dict(zip("abcdef", order, strict=True))

    before = Confusion.of(truth, answer).counts()
    after = Confusion.of([renamed[t] for t in truth], [renamed[a] for a in answer]).counts()

    for name in ("macro_f1", "micro_f1", "weighted_f1"):
        assert getattr(after, name) == pytest.approx(getattr(before, name))


def test_a_known_label_without_rows_has_a_name_and_no_weight():
    confusion = Confusion.of(["a", "b"], ["a", "b"], known=["z"])

    assert confusion.names == ("a", "b", "z")
    assert confusion.counts().macro_f1 == 1.0


def test_a_stray_answer_does_not_make_an_unseen_label_count():
    """Otherwise one message more or less of a rare label would move the mean by a whole label."""
    counts = Confusion.of(["a", "a", "b"], ["a", "c", "b"]).counts()

    assert counts.macro_f1 == pytest.approx((2 / 3 + 1.0) / 2)


def test_replicates_are_counted_along_the_leading_axis():
    confusion = Confusion.of(["a", "a", "b"], ["a", "b", "b"])

    counts = confusion.counts(np.array([[2, 1, 0], [0, 0, 3]]))

    assert counts.f1.shape == (2, 2)
    assert counts.hits.tolist() == [[2.0, 0.0], [0.0, 3.0]]
