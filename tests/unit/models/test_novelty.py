"""Novelty is a share, and falls as familiarity rises."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sortyard.models.novelty import Familiarity

FEW = settings(max_examples=40, deadline=None)  # a busy machine breaks no law
SCORE = st.floats(-1e6, 1e6, width=32)
KNOWN = arrays(np.float32, st.integers(1, 40), elements=SCORE | st.sampled_from([0.0, 1.0]))
ASKED = arrays(np.float32, st.integers(1, 40), elements=SCORE | st.sampled_from([0.0, 1.0]))


@FEW
@given(KNOWN, ASKED)
def test_novelty_lies_between_nothing_and_one(known: np.ndarray, asked: np.ndarray) -> None:
    novelty = Familiarity.fit(known).novelty(asked)
    assert ((novelty >= 0.0) & (novelty <= 1.0)).all()


@FEW
@given(KNOWN, ASKED)
def test_the_more_familiar_is_never_the_more_novel(known: np.ndarray, asked: np.ndarray) -> None:
    novelty = Familiarity.fit(known).novelty(np.sort(asked))
    assert (np.diff(novelty) <= 0.0).all()


@FEW
@given(KNOWN)
def test_below_everything_known_is_all_novel(known: np.ndarray) -> None:
    below = np.nextafter(known.min(), -np.inf, dtype=np.float32)
    assert Familiarity.fit(known).novelty(np.array([below]))[0] == 1.0


@FEW
@given(KNOWN)
def test_the_most_familiar_of_all_is_not_novel(known: np.ndarray) -> None:
    assert Familiarity.fit(known).novelty(np.array([known.max()]))[0] == 0.0


def test_four_in_a_hundred_known_ones_are_beyond_the_limit(rng: np.random.Generator) -> None:
    known = rng.standard_normal(20_000)
    novelty = Familiarity.fit(known).novelty(rng.standard_normal(20_000))
    assert abs((novelty > 0.96).mean() - 0.04) < 0.006


def test_nothing_known_is_no_reason_to_fail() -> None:
    novelty = Familiarity.fit(np.array([-np.inf])).novelty(np.array([-1.0, 1.0]))
    assert ((novelty >= 0.0) & (novelty <= 1.0)).all()


def test_where_many_carry_no_label_a_low_score_is_no_news(rng: np.random.Generator) -> None:
    known, unlabelled = rng.standard_normal(1_000), rng.random(1_000) < 0.5
    lowest = np.array([known.min() - 1.0])
    assert abs(Familiarity.fit(known, unlabelled).novelty(lowest)[0] - 0.5) < 0.05


def test_where_hardly_any_carries_no_label_a_low_score_is_novel(rng: np.random.Generator) -> None:
    known, unlabelled = rng.standard_normal(1_000), np.arange(1_000) < 10
    lowest = np.array([known.min() - 1.0])
    assert Familiarity.fit(known, unlabelled).novelty(lowest)[0] > 0.98


@FEW
@given(KNOWN, st.data())
def test_known_texts_are_never_more_novel_for_those_without_a_label(
    known: np.ndarray, data: st.DataObject
) -> None:
    unlabelled = data.draw(arrays(np.bool_, len(known)))
    plain, told = Familiarity.fit(known), Familiarity.fit(known, unlabelled)
    assert (told.novelty(known) <= plain.novelty(known) + 1.5e-3).all()
