"""
The days of the records on PostgreSQL: a partition each, so that an old day is dropped at once.

Days are made ahead of need, and on demand. Where neither was possible, or a clock had jumped, the
partition `records_default` takes the row, and gives it back when its day is made. On SQLite there
are no partitions, and nothing here does anything.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, text

from sortyard.storage.database import Database
from sortyard.storage.locks import Lock, hold

DAYS_AHEAD: Final = 3
# A day that is further from the database's own than this is the fault of a clock.
LONGEST_AHEAD: Final = timedelta(days=7)
LONGEST_AGO: Final = timedelta(days=60)
PREFIX: Final = "records_"
ONE_DAY: Final = timedelta(days=1)

# Making or dropping a day waits for those who use the table, and others would wait behind it.
_PATIENCE: Final = text("SET LOCAL lock_timeout = '5s'")
_TODAY: Final = text("SELECT CAST(now() AT TIME ZONE 'UTC' AS date)")
_NAMES: Final = text(
    "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
    " WHERE inhparent = to_regclass('records') AND relname ~ '^records_[0-9]{8}$'"
)


class Partitions:
    """The days that have a partition of their own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: frozenset[date] = frozenset()  # as far as this process has seen

    def all(self) -> tuple[date, ...]:
        """List the days that have a partition, in order."""
        if not self._database.on_postgres:
            return ()
        with self._database.reading() as connection:
            return _days(connection)

    def make(self, days: Collection[date] = ()) -> None:
        """
        Make the partitions of some days, with today and the days to come.

        A day where only a wrong clock gets stays without one. Nothing is asked of the database
        where this process has seen all of them, and the next day too.
        """
        if self._database.on_postgres and not self._has_seen(days):
            with self._database.writing() as connection:
                connection.execute(_PATIENCE)
                hold(connection, Lock.PARTITIONS)
                today = _today(connection)
                ahead = (today + count * ONE_DAY for count in range(DAYS_AHEAD + 1))
                for day in sorted({*days, *ahead}.difference(_days(connection))):
                    if -LONGEST_AGO <= day - today <= LONGEST_AHEAD:
                        _make(connection, day)
                made = _days(connection)
            self._made = frozenset(made)

    def drop(self, before: date) -> tuple[date, ...]:
        """Drop every day before one, each in a transaction of its own; tell which."""
        old = tuple(day for day in self.all() if day < before)
        for day in old:
            with self._database.writing() as connection:
                connection.execute(_PATIENCE)
                hold(connection, Lock.PARTITIONS)
                connection.execute(text(f"DROP TABLE IF EXISTS {name_of(day)}"))
        self._made -= set(old)
        return old

    def _has_seen(self, days: Collection[date]) -> bool:
        return bool(days) and self._made.issuperset(days) and max(days) < max(self._made)


def name_of(day: date) -> str:
    """Name the partition of a day."""
    return f"{PREFIX}{day:%Y%m%d}"


def start_of(day: date) -> datetime:
    """Give the first moment of a day."""
    return datetime.combine(day, time(), UTC)


def _days(connection: Connection) -> tuple[date, ...]:
    names = connection.execute(_NAMES).scalars()
    return tuple(sorted(date.fromisoformat(name.removeprefix(PREFIX)) for name in names))


def _today(connection: Connection) -> date:
    today: date = connection.execute(_TODAY).scalar_one()
    return today


def _make(connection: Connection, day: date) -> None:
    """
    Make the partition of a day, with what had to wait for it elsewhere.

    The table is filled before it takes its place: then PostgreSQL has no reason to refuse it.
    """
    name, start, end = name_of(day), start_of(day), start_of(day + ONE_DAY)
    there = f"received >= '{start}' AND received < '{end}'"
    moved = f"WITH moved AS (DELETE FROM records_default WHERE {there} RETURNING *)"  # noqa: S608 -- two days
    for statement in (
        f"CREATE TABLE {name} (LIKE records)",
        "LOCK TABLE records_default IN ACCESS EXCLUSIVE MODE",
        f"{moved} INSERT INTO {name} SELECT * FROM moved",  # noqa: S608 -- as above
        f"ALTER TABLE records ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')",
    ):
        connection.exec_driver_sql(statement)
