"""One release answers; every change is written down, whatever happens in between."""

import multiprocessing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.app.champion import Champion, Move, Turn, line_of
from sortyard.app.lock import locked
from sortyard.domain.errors import Busy, InvalidUsage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
turns = st.builds(Turn, at=st.just(""), move=st.sampled_from(Move), release=st.sampled_from("abc"))


@pytest.fixture
def champion(tmp_path: Path) -> Champion:
    return Champion(tmp_path / ".sortyard")


def test_at_first_nothing_answers(champion: Champion) -> None:
    assert champion.release is None


def test_a_pointer_that_something_else_filled_is_not_read_to_its_end(champion: Champion) -> None:
    """It is told to everybody who asks whether the server is ready."""
    champion.promote("one", at=NOON)
    champion.pointer.write_text("x" * 1_000_000)

    assert len(champion.release or "") < 1_000


def test_a_promoted_release_answers(champion: Champion) -> None:
    champion.promote("one", at=NOON)

    assert champion.release == "one"


def test_the_first_one_is_promoted_by_itself(champion: Champion) -> None:
    champion.promote_first("one", at=NOON)

    assert champion.release == "one"


def test_a_later_one_is_not(champion: Champion) -> None:
    champion.promote("one", at=NOON)

    assert champion.promote_first("two", at=NOON) is None


def test_one_rolls_back_to_the_champion_before(champion: Champion) -> None:
    for release in ("one", "two"):
        champion.promote(release, at=NOON)

    assert champion.previous() == "one"


def test_rolling_back_twice_goes_two_back_and_not_to_and_fro(champion: Champion) -> None:
    for release in ("one", "two", "three"):
        champion.promote(release, at=NOON)
    champion.roll_back(champion.previous(), at=NOON)

    assert champion.previous() == "one"


def test_the_first_champion_has_none_before_it(champion: Champion) -> None:
    champion.promote("one", at=NOON)

    with pytest.raises(InvalidUsage):
        champion.previous()


def test_the_history_keeps_every_turn(champion: Champion) -> None:
    champion.promote("one", at=NOON)
    champion.promote("two", at=NOON, forced=True)
    champion.roll_back("one", at=NOON)

    moves = [(turn.move, turn.release, turn.before, turn.forced) for turn in champion.history]
    assert moves == [
        (Move.PROMOTE, "one", None, False),
        (Move.PROMOTE, "two", "one", True),
        (Move.ROLL_BACK, "one", "two", False),
    ]


def test_a_turn_that_a_crash_kept_from_the_history_is_written_later(champion: Champion) -> None:
    champion.promote("one", at=NOON)
    champion.pointer.write_text("two\n")  # as far as a crash would have let it come
    champion.promote("three", at=NOON)

    assert [turn.release for turn in champion.history] == ["one", "two", "three"]


def test_a_line_that_a_crash_cut_short_does_not_count(champion: Champion) -> None:
    champion.promote("one", at=NOON)
    with champion.log.open("a") as stream:
        stream.write('{"at": "2026-')
    champion.promote("two", at=NOON)

    assert [turn.release for turn in champion.history] == ["one", "two"]


@given(st.lists(turns, min_size=1))
def test_the_champion_ends_the_line_of_releases(history: list[Turn]) -> None:
    assert line_of(history)[-1] == history[-1].release


@given(st.lists(turns))
def test_nobody_rolls_back_to_where_one_is(history: list[Turn]) -> None:
    line = line_of(history)

    assert all(one != other for one, other in pairwise(line))


def _promote_many(state: Path, name: str) -> None:
    for number in range(5):
        Champion(state).promote(f"{name}{number}", at=NOON)


def test_processes_that_promote_at_once_lose_no_turn(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_promote_many, args=(tmp_path, name)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    history = Champion(tmp_path).history
    chain = [turn.before for turn in history[1:]] + [Champion(tmp_path).release]
    assert (len(history), chain) == (10, [turn.release for turn in history])


def test_a_lock_that_is_never_freed_is_reported(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"), pytest.raises(Busy), locked(tmp_path / "lock", wait=0.0):
        pass


def test_a_lock_is_free_after_an_accident(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock"):
        raise ZeroDivisionError

    with locked(tmp_path / "lock", wait=0.0):
        pass


def test_a_spoilt_pointer_is_no_traceback(champion: Champion) -> None:
    champion.pointer.parent.mkdir()
    champion.pointer.write_bytes(b"\xff\xfe")

    assert champion.release is not None
