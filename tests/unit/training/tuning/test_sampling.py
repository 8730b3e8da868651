"""Rare labels are repeated or frequent ones thinned, until they are near enough."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.taxonomy import Kind
from sortyard.training.truth import Truth
from sortyard.training.tuning.course import Subject
from sortyard.training.tuning.options import Tuning
from sortyard.training.tuning.sampling import MOST_REPEATS, repeats_of
from tests.unit.training.tuning.courses import course_of_two

supports = st.lists(st.integers(1, 60), min_size=2, max_size=6)


def subject(counts: list[int]) -> Subject:
    labels = np.repeat(np.arange(len(counts)), counts)
    names = tuple(map(str, range(len(counts))))
    return Subject(
        name="team",
        rows=np.arange(len(labels)),
        truth=Truth(Kind.SINGLE, len(counts), labels),
        labels=names,
        cards=names,
    )


def expected(counts: list[int], options: Tuning) -> np.ndarray:
    """How many rows of each label an epoch draws."""
    one = subject(counts)
    repeats = repeats_of([one], len(one.rows), options)
    return np.bincount(one.truth.single, weights=repeats)


@given(supports)
def test_all_rows_come_once(counts: list[int]) -> None:
    assert expected(counts, Tuning()).tolist() == counts


@given(supports, st.floats(1.0, 5.0))
def test_over_sampling_lifts_rare_labels(counts: list[int], imbalance: float) -> None:
    found = expected(counts, Tuning(sampling="over", imbalance=imbalance))
    lifted = np.minimum(max(counts) / imbalance, MOST_REPEATS * np.array(counts))

    assert found == pytest.approx(np.maximum(counts, lifted))


@given(supports, st.floats(1.0, 5.0))
def test_under_sampling_cuts_frequent_labels(counts: list[int], imbalance: float) -> None:
    found = expected(counts, Tuning(sampling="under", imbalance=imbalance))

    assert found == pytest.approx(np.minimum(counts, imbalance * min(counts)))


def test_only_rows_that_teach_are_drawn() -> None:
    course = course_of_two(24, judged=6)
    repeats = repeats_of(course.learnt(), 24, Tuning(sampling="over"))

    assert (repeats[:6] == 0.0).all()
    assert (repeats[6:] >= 1.0).all()
