"""What teaches and what judges are kept apart."""

import numpy as np
import pytest

from sortyard.domain.errors import NotEnoughData
from sortyard.training.tuning.course import ABSENT, places_in
from tests.unit.training.tuning.courses import course_of_two, single_course


def test_rows_that_judge_teach_nothing() -> None:
    course = course_of_two(24, judged=15)
    learnt, aside = course.learnt(), course.set_aside()

    assert [one.rows.min() for one in learnt] == [15, 15]
    assert [len(one.rows) for one in aside] == [15, 3]
    assert [len(one.truth) for one in (*learnt, *aside)] == [9, 9, 15, 3]


def test_a_course_without_rows_is_refused() -> None:
    with pytest.raises(NotEnoughData):
        single_course(6, judged=5)


def test_every_text_knows_its_place_in_a_subject() -> None:
    team, flags = course_of_two(8).subjects

    assert np.array_equal(places_in(team, 8), np.arange(8))
    assert places_in(flags, 8).tolist() == [ABSENT] * 4 + [0, 1, 2, 3]
