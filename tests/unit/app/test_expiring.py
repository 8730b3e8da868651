"""What is older than `keep_days` is forgotten by itself, once it is due, and noted once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
from sqlalchemy import text

from sortyard.app.expiring import AGAIN, EVERY, Expiry, expiring
from sortyard.app.workspace import found_or_here, make
from sortyard.storage.audit import AuditLog
from sortyard.storage.database import Database
from sortyard.storage.records import Records
from tests.contracts.http_fronts import MemoryLog
from tests.contracts.sinks import made_record
from tests.contracts.stores import KINDS, lent_store

DAYS = 30
ONE_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Clocks:
    """The time of day, and the clock that never jumps."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(hour=12))
    seconds: float = 1_000.0

    def go_on(self, by: timedelta) -> None:
        self.now += by
        self.seconds += by.total_seconds()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with lent_store(request.param, tmp_path) as lent:
        yield lent


def _expiry(database: Database, clocks: Clocks, log: MemoryLog) -> Expiry:
    return Expiry(
        database, days=DAYS, log=log, now=lambda: clocks.now, clock=lambda: clocks.seconds
    )


def _keep(database: Database, clocks: Clocks, *days_ago: int) -> None:
    """Keep a message of each of these days; its id says which."""
    days = [(ago, clocks.now - ago * ONE_DAY) for ago in days_ago]
    Records(database).write([replace(made_record(ago), received=day) for ago, day in days])


def _kept(database: Database) -> set[str]:
    return {one.message_id for one in Records(database).all()}


def _deeds(database: Database) -> list[tuple[str, object]]:
    entries = AuditLog(database).entries(since=2)  # the first one is how the store was made
    return [(one.deed.act, one.deed.facts["records"]) for one in entries]


def test_what_is_older_is_forgotten_and_noted(
    database: Database, clocks: Clocks, log: MemoryLog
) -> None:
    _keep(database, clocks, 0, DAYS, DAYS + 1, DAYS + 5)

    assert _expiry(database, clocks, log).look() == EVERY
    assert _kept(database) == {"m0", f"m{DAYS}"}
    assert _deeds(database) == [("expire", 2)]
    assert [(one["event"], one["count"]) for one in log.lines] == [("expired", 2)]


def test_nothing_is_noted_where_nothing_is_due(
    database: Database, clocks: Clocks, log: MemoryLog
) -> None:
    _keep(database, clocks, 0, DAYS, DAYS + 1)
    expiry = _expiry(database, clocks, log)
    for _ in range(8):
        expiry.look()
        clocks.go_on(AN_HOUR)

    assert _deeds(database) == [("expire", 1)]


def test_the_next_day_is_forgotten_when_it_is_due(
    database: Database, clocks: Clocks, log: MemoryLog
) -> None:
    _keep(database, clocks, 0, DAYS - 1, DAYS)
    expiry = _expiry(database, clocks, log)
    kept = []
    for _ in range(3):
        expiry.look()
        kept.append(len(_kept(database)))
        clocks.go_on(ONE_DAY)

    assert kept == [3, 2, 1]


def test_a_clock_that_leapt_ahead_is_believed_only_if_it_stays(
    database: Database, clocks: Clocks, log: MemoryLog
) -> None:
    _keep(database, clocks, 0)
    expiry = _expiry(database, clocks, log)
    expiry.look()
    clocks.now += 400 * ONE_DAY
    clocks.go_on(AN_HOUR)

    assert expiry.look() == AGAIN
    assert _kept(database) == {"m0"}
    assert [one["event"] for one in log.lines] == ["clock-leapt"]
    expiry.look()
    assert _kept(database) == set()


def test_a_clock_that_leapt_ahead_and_was_set_right_costs_nothing(
    database: Database, clocks: Clocks, log: MemoryLog
) -> None:
    _keep(database, clocks, 0)
    expiry = _expiry(database, clocks, log)
    expiry.look()
    for leap in (400 * ONE_DAY, -400 * ONE_DAY):
        clocks.now += leap
        expiry.look()

    assert _kept(database) == {"m0"}


def test_a_store_that_is_away_is_told_of_and_tried_again(
    tmp_path: Path, clocks: Clocks, log: MemoryLog
) -> None:
    in_its_place = tmp_path / "store.db"
    in_its_place.mkdir()
    database = Database.open(f"sqlite:///{in_its_place}")
    expiry = _expiry(database, clocks, log)
    away = expiry.look()
    in_its_place.rmdir()

    assert (away, expiry.look()) == (AGAIN, EVERY)
    assert [(one["event"], one["code"]) for one in log.lines] == [("expiry-failed", "store-away")]
    database.close()


def test_a_store_of_a_later_version_is_not_touched(
    tmp_path: Path, clocks: Clocks, log: MemoryLog
) -> None:
    with lent_store("sqlite", tmp_path) as database:
        _keep(database, clocks, DAYS + 1)
        with database.writing() as connection:
            connection.execute(text("UPDATE schema_version SET version_num = '9999'"))

        assert _expiry(database, clocks, log).look() == AGAIN
        assert [one["code"] for one in log.lines] == ["newer-format"]
        assert _kept(database) == {f"m{DAYS + 1}"}


def test_a_fault_is_told_of_without_its_words_and_ends_nothing(
    tmp_path: Path, log: MemoryLog
) -> None:
    def broken() -> datetime:
        raise RuntimeError("a word")

    with lent_store("sqlite", tmp_path) as database:
        assert Expiry(database, days=DAYS, log=log, now=broken).look() == AGAIN

    assert [type(error) for error, _ in log.faults] == [RuntimeError]


def test_what_is_asked_to_stop_begins_nothing_more(
    database: Database, clocks: Clocks, log: MemoryLog
) -> None:
    _keep(database, clocks, 0)
    expiry = _expiry(database, clocks, log)
    expiry.stop()

    expiry.run()  # looks once, and returns

    assert _kept(database) == {"m0"}


@pytest.mark.parametrize(("days", "looks"), [(0, False), (1, True)])
def test_a_server_looks_only_where_it_is_said_for_how_long(
    tmp_path: Path, log: MemoryLog, days: int, *, looks: bool
) -> None:
    workspace = found_or_here(tmp_path / "support", given={"keep_days": days})
    make(workspace)
    nowhere = Database.open(f"sqlite:///{tmp_path}")
    with expiring(workspace, nowhere, log):
        pass
    nowhere.close()

    assert bool(log.lines) == looks
