"""Examples in a row keep what belongs to them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import UnknownDimension
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message

LAW = settings(deadline=None)  # a busy machine breaks no law

DATASET = Dataset(
    examples=tuple(
        Example(Message(f"m{n}", f"text {n}", subject="s"), {"team": (f"t{n % 2}",)})
        for n in range(6)
    ),
    dimensions=("team",),
    groups=tuple("aabbcc"),
    times=tuple(map(float, range(6))),
)


@LAW
@given(st.lists(st.integers(0, 5)))
def test_a_selection_keeps_rows_together(places: list[int]) -> None:
    chosen = DATASET.select(places)

    assert chosen.ids == tuple(f"m{place}" for place in places)
    assert chosen.groups == tuple("aabbcc"[place] for place in places)
    assert chosen.times == tuple(float(place) for place in places)


def test_texts_are_read_with_their_subject() -> None:
    assert DATASET.texts[0] == "s\ntext 0"


def test_an_unknown_dimension_is_named() -> None:
    with pytest.raises(UnknownDimension, match=r"'taem'.*Did you mean 'team'"):
        DATASET.labels("taem")


def test_the_hash_tells_one_content_from_another() -> None:
    assert DATASET.content_hash != DATASET.select([1, 0, 2, 3, 4, 5]).content_hash
    assert DATASET.content_hash == DATASET.select(range(6)).content_hash
