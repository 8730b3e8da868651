"""No more is let in than there is room for, and who is refused is told when to come again."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import Overloaded, TooLarge
from sortyard.serving.admission import LATEST, SOONEST, Admission
from sortyard.serving.bounds import Bounds

TIGHT = Bounds(most_waiting=10, most_characters=100)


def refused_after(admission: Admission) -> float:
    with pytest.raises(Overloaded) as refusal, admission.enter(10, 0):
        pytest.fail("it was let in")
    return refusal.value.retry_after


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 120), st.booleans()), max_size=40))
def test_what_waits_never_exceeds_the_bounds(arrivals: list[tuple[int, int, bool]]) -> None:
    """Requests come, and sometimes the oldest one leaves."""
    admission, inside = Admission(TIGHT), []
    for messages, characters, one_leaves in arrivals:
        block = admission.enter(messages, characters)
        try:
            block.__enter__()
        except (Overloaded, TooLarge):
            pass
        else:
            inside.append(block)
        assert admission.waiting <= TIGHT.most_waiting
        assert admission.characters <= TIGHT.most_characters
        if one_leaves and inside:
            inside.pop(0).__exit__(None, None, None)
    for block in inside:
        block.__exit__(None, None, None)
    assert (admission.waiting, admission.characters) == (0, 0)
    assert admission.offered == sum(messages for messages, _, _ in arrivals)


def test_there_is_room_again_when_a_request_has_left() -> None:
    admission = Admission(TIGHT)
    with admission.enter(6, 0), pytest.raises(Overloaded), admission.enter(6, 0):
        pass
    with admission.enter(6, 0):
        assert admission.waiting == 6


def test_a_request_that_fails_leaves_too() -> None:
    admission = Admission(TIGHT)
    with pytest.raises(ZeroDivisionError), admission.enter(6, 60):
        _ = 1 / 0
    assert (admission.waiting, admission.characters) == (0, 0)


@pytest.mark.parametrize(("messages", "characters"), [(11, 0), (1, 101)])
def test_what_could_never_be_let_in_is_too_large(messages: int, characters: int) -> None:
    with pytest.raises(TooLarge), Admission(TIGHT).enter(messages, characters):
        pass


def test_who_is_refused_comes_again_when_what_waits_is_done() -> None:
    admission = Admission(TIGHT)
    for _ in range(200):
        admission.worked(2, 1.0)  # two messages a second
    with admission.enter(10, 0):
        assert refused_after(admission) == pytest.approx(5.0, rel=0.01)


@pytest.mark.parametrize(("seconds", "expected"), [(1e6, LATEST), (0.0, SOONEST)])
def test_nobody_is_sent_away_for_ever_or_for_no_time(seconds: float, expected: float) -> None:
    admission = Admission(TIGHT)
    for _ in range(500):
        admission.worked(1, seconds)
    with admission.enter(10, 0):
        assert refused_after(admission) == expected


def test_what_would_queue_too_long_is_refused_as_it_comes() -> None:
    admission = Admission(replace(TIGHT, patience=2.0))
    for _ in range(200):
        admission.worked(3, 1.0)  # three messages a second
    with admission.enter(1, 0, queued=6):
        assert admission.waiting == 1
    with pytest.raises(Overloaded), admission.enter(1, 0, queued=7):
        pass


speeds = st.floats(1.0, 10_000.0)  # messages a second
sizes = st.integers(1, 64)  # messages in a batch


def steady(speed: float, sizes: Iterable[int]) -> Admission:
    """One that has seen batches for a while, each of them as fast as the others."""
    admission = Admission(Bounds())
    for size in sizes:
        admission.worked(size, size / speed)
    return admission


@given(st.lists(st.tuples(sizes, st.floats(0.0, 1e6)), min_size=1, max_size=30))
def test_no_batch_alone_makes_the_worker_look_slow(batches: list[tuple[int, float]]) -> None:
    """Whatever came before, and however long it took."""
    admission = Admission(Bounds())
    for size, seconds in batches:
        before = admission.per_second
        admission.worked(size, seconds)
        assert admission.per_second >= before / 2 * (1 - 1e-9)


@given(speeds, sizes, st.floats(1.0, 1e6))
def test_a_machine_that_stood_still_for_once_is_soon_forgiven(
    speed: float, size: int, seconds: float
) -> None:
    admission = steady(speed, [size] * 100)
    admission.worked(size, seconds)
    with admission.enter(1, 0, queued=int(speed * Bounds().patience * 0.4)):
        pass
    for _ in range(10):
        admission.worked(size, size / speed)

    assert admission.per_second >= 0.7 * speed


@given(speeds, sizes, st.floats(1.0, 1_000.0))
def test_a_worker_that_became_slow_is_soon_known_to_be(
    speed: float, size: int, slower: float
) -> None:
    admission = steady(speed, [size] * 100)
    for _ in range(15):
        admission.worked(size, slower * size / speed)

    assert admission.per_second <= 2 * speed / slower


def test_bounds_that_let_nothing_in_are_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Bounds(most_waiting=0)
