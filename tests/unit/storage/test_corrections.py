"""Corrections are added, and never changed."""

from dataclasses import replace
from datetime import timedelta

from sortyard.domain.corrections import Correction
from sortyard.storage.corrections import Corrections
from sortyard.storage.database import Database
from tests.contracts.sinks import NOON

ONE = Correction(
    message_id="m1",
    release="first",
    dimension="team",
    before=("orders",),
    after=("billing/refunds", "\x00odd"),
    reviewer="r1",
    at=NOON,
)


def test_a_correction_comes_back_as_it_was(database: Database) -> None:
    corrections = Corrections(database)

    assert corrections.add([ONE]) == 1
    assert corrections.of_message("m1") == (ONE,)


def test_a_correction_is_kept_once(database: Database) -> None:
    corrections = Corrections(database)

    assert [corrections.add(some) for some in ([ONE, ONE], [ONE], [])] == [1, 0, 0]


def test_whoever_changes_their_mind_says_so_once_more(database: Database) -> None:
    corrections, again = Corrections(database), replace(ONE, at=NOON + timedelta(hours=1), after=())
    corrections.add([again, ONE])

    assert corrections.of_message("m1") == (ONE, again)
    assert corrections.count() == 2


def test_a_time_is_read(database: Database) -> None:
    corrections = Corrections(database)
    every = [replace(ONE, at=NOON + timedelta(hours=hour)) for hour in range(5)]
    corrections.add(every)

    found = corrections.between(NOON + timedelta(hours=1), NOON + timedelta(hours=3))

    assert list(found) == every[1:3]
    assert list(corrections.all()) == every
