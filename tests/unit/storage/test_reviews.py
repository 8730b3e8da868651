"""What waits for a person is found, and closed once."""

from datetime import timedelta

from sortyard.storage.database import Database
from sortyard.storage.records import Records
from sortyard.storage.reviews import Reviews
from tests.contracts.sinks import NOON, made_record

LATER = NOON + timedelta(hours=1)


def test_the_one_that_has_waited_longest_comes_first(database: Database) -> None:
    Records(database).write([made_record(number) for number in (3, 1, 2)])
    reviews = Reviews(database)

    assert [one.message_id for one in reviews.waiting(2)] == ["m1", "m2"]
    assert reviews.count_waiting() == 3


def test_one_release_is_asked_about(database: Database) -> None:
    Records(database).write([made_record(1), made_record(1, release="second")])

    assert [one.release for one in Reviews(database).waiting(9, release="second")] == ["second"]


def test_a_message_is_closed_for_every_release(database: Database) -> None:
    Records(database).write([made_record(1), made_record(1, release="second"), made_record(2)])
    reviews = Reviews(database)

    closed = [reviews.close("m1", by="r1", at=at) for at in (LATER, LATER + timedelta(hours=1))]

    assert closed == [2, 0]
    assert reviews.count_waiting() == 1
    assert {(one.closed, one.closed_by) for one in reviews.of_message("m1")} == {(LATER, "r1")}
    assert [one.is_waiting for one in reviews.all()] == [False, False, True]
