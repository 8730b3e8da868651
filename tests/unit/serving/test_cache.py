"""The cache remembers what was used last, of one release, within its bounds."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.predictions import Candidate, Choice, Route
from sortyard.serving.cache import AnswerCache, Key


def key_of(text: str, release: str = "r1", candidates: int = 5) -> Key:
    return (release, candidates, text)


def choices_of(label: str) -> Mapping[str, Choice]:
    choice = Choice(
        dimension="team",
        labels=(label,),
        confidence=0.9,
        route=Route.AUTO,
        candidates=(Candidate(label, 0.9),),
    )
    return {"team": choice}


def make(*, entries: int = 10, size: int = 1_000_000, release: str = "r1") -> AnswerCache:
    cache = AnswerCache(entries=entries, size=size)
    cache.turn_to(release)
    return cache


def test_what_was_put_in_is_found() -> None:
    cache = make()
    cache.put(key_of("a"), choices_of("billing"), characters=1)
    assert cache.get(key_of("a")) == choices_of("billing")
    assert cache.get(key_of("b")) is None
    assert cache.get(key_of("a", candidates=3)) is None


def test_what_was_used_longest_ago_goes_first() -> None:
    cache = make(entries=2)
    for text in "ab":
        cache.put(key_of(text), choices_of(text), characters=1)
    cache.get(key_of("a"))
    cache.put(key_of("c"), choices_of("c"), characters=1)
    assert [cache.get(key_of(text)) is not None for text in "abc"] == [True, False, True]


def test_another_release_forgets_everything() -> None:
    cache = make()
    cache.put(key_of("a"), choices_of("billing"), characters=1)
    cache.turn_to("r2")
    assert (len(cache), cache.bytes) == (0, 0)
    cache.turn_to("r1")
    assert cache.get(key_of("a")) is None


def test_an_answer_of_a_release_that_was_swapped_out_is_not_kept() -> None:
    cache = make(release="r2")
    cache.put(key_of("a", release="r1"), choices_of("billing"), characters=1)
    assert len(cache) == 0


def test_a_text_that_is_too_large_is_not_kept() -> None:
    cache = make(size=10_000)
    cache.put(key_of("a"), choices_of("billing"), characters=10_000)
    assert len(cache) == 0


@pytest.mark.parametrize("bounds", [{"entries": 0}, {"size": 0}])
def test_no_room_is_no_cache(bounds: dict[str, int]) -> None:
    cache = make(**bounds)
    cache.put(key_of("a"), choices_of("billing"), characters=1)
    assert cache.get(key_of("a")) is None


@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3_000)), max_size=60),
    st.integers(0, 5),
    st.integers(0, 30_000),
)
def test_it_never_exceeds_its_bounds(puts: list[tuple[str, int]], entries: int, size: int) -> None:
    cache = make(entries=entries, size=size)
    for text, characters in puts:
        cache.put(key_of(text), choices_of(text), characters=characters)
        assert len(cache) <= entries
        assert 0 <= cache.bytes <= size
        found = cache.get(key_of(text))
        assert found is None or found == choices_of(text)
    assert (cache.bytes == 0) == (len(cache) == 0)
