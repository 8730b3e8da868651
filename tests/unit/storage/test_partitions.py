"""On PostgreSQL each day of records has a partition, and no row is ever without a place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from sortyard.domain.records import Record
from sortyard.storage import partitions
from sortyard.storage.database import Database
from sortyard.storage.partitions import DAYS_AHEAD, Partitions, name_of, start_of
from sortyard.storage.records import Records
from tests.contracts.sinks import made_record

ONE_DAY = timedelta(days=1)


def _record(number: int, received: datetime) -> Record:
    return replace(made_record(number), received=received)


def _today(database: Database) -> date:
    with database.reading() as connection:
        return connection.execute(
            text("SELECT CAST(now() AT TIME ZONE 'UTC' AS date)")
        ).scalar_one()


def _rows(database: Database, table: str) -> int:
    with database.reading() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_the_days_to_come_are_made_before_they_are_needed(postgres: Database) -> None:
    today = _today(postgres)

    assert Partitions(postgres).all() == tuple(
        today + count * ONE_DAY for count in range(DAYS_AHEAD + 1)
    )


def test_the_next_day_is_made_before_it_comes(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a process that runs for weeks."""
    days, today = Partitions(postgres), _today(postgres)
    days.drop(today + 10 * ONE_DAY)
    monkeypatch.setattr(partitions, "DAYS_AHEAD", 0)
    days.make({today})
    assert days.all() == (today,)

    monkeypatch.setattr(partitions, "DAYS_AHEAD", 1)
    days.make({today})
    assert days.all() == (today, today + ONE_DAY)


def test_a_day_that_is_missing_is_made_when_a_record_needs_it(postgres: Database) -> None:
    """A journal may bring a record of last week."""
    day = _today(postgres) - 5 * ONE_DAY
    Records(postgres).write([_record(1, start_of(day))])

    assert day in Partitions(postgres).all()
    assert _rows(postgres, name_of(day)) == 1


@pytest.mark.parametrize("year", [1970, 2150])
def test_a_clock_that_jumped_loses_no_record(postgres: Database, year: int) -> None:
    records, wrong = Records(postgres), _record(1, datetime(year, 5, 4, tzinfo=UTC))

    assert records.write([wrong]) == 1
    assert records.of_message("m1") == (wrong,)
    assert _rows(postgres, "records_default") == 1


def test_a_record_that_came_before_its_day_moves_into_it(
    postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = _today(postgres) + 30 * ONE_DAY
    records = Records(postgres)
    early = [_record(number, start_of(day) + number * timedelta(hours=1)) for number in range(3)]
    records.write(early)
    assert _rows(postgres, "records_default") == 3

    monkeypatch.setattr(partitions, "LONGEST_AHEAD", timedelta(days=40))
    Partitions(postgres).make({day})

    assert (_rows(postgres, "records_default"), _rows(postgres, name_of(day))) == (0, 3)
    assert list(records.all()) == early


def test_a_message_is_kept_once_whatever_the_day(postgres: Database) -> None:
    today = start_of(_today(postgres))
    records = Records(postgres)

    written = [records.write([_record(1, today + days * ONE_DAY)]) for days in (0, 1, 2, -3, 900)]

    assert written == [1, 0, 0, 0, 0]


def test_days_are_dropped_as_a_whole(postgres: Database) -> None:
    days = Partitions(postgres)
    today = _today(postgres)
    days.make({today - count * ONE_DAY for count in (1, 2, 3)})

    assert days.drop(today - ONE_DAY) == (today - 3 * ONE_DAY, today - 2 * ONE_DAY)
    assert min(days.all()) == today - ONE_DAY


def test_a_day_that_was_dropped_can_be_made_again(postgres: Database) -> None:
    days, old = Partitions(postgres), _today(postgres) - 3 * ONE_DAY
    days.make({old})
    days.drop(old + ONE_DAY)
    days.make({old})

    assert old in days.all()


def test_sqlite_has_no_partitions(sqlite: Database) -> None:
    days = Partitions(sqlite)
    days.make({date(2026, 3, 1)})

    assert (days.all(), days.drop(date(2027, 1, 1))) == ((), ())
