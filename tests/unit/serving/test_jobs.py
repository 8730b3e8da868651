"""What fails, fails alone."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import CannotKeep
from sortyard.serving.jobs import each_alone


def halve(numbers: Sequence[int]) -> list[int]:
    if any(one % 2 for one in numbers):
        raise ValueError(numbers)
    return [one // 2 for one in numbers]


@given(st.lists(st.integers(0, 9), max_size=40))
def test_everything_else_is_done_and_the_order_stays(numbers: list[int]) -> None:
    expected = [-1 if one % 2 else one // 2 for one in numbers]
    assert each_alone(halve, numbers, lambda _: -1) == expected


def test_what_fails_with_nothing_given_has_nothing_to_blame() -> None:
    def fail(_given: Sequence[int]) -> list[int]:
        raise ValueError

    assert each_alone(fail, [], lambda _: -1) == []


def test_what_cannot_be_kept_is_nobodys_fault() -> None:
    def keep(_given: Sequence[int]) -> list[int]:
        raise CannotKeep("the disk is full")

    with pytest.raises(CannotKeep):
        each_alone(keep, [1, 2], lambda _: -1)
