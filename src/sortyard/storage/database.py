"""Open the store: an SQLite file, or PostgreSQL."""

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from sortyard.domain.errors import InvalidSettings
from sortyard.storage.refusals import explained

DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}

BUSY_SECONDS: Final = 10.0  # that SQLite waits for another writer
PAUSE: Final = 0.02
# What is committed survives a power cut, and what is deleted is overwritten.
PRAGMAS: Final = ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")

# A server that is gone is noticed within seconds, whether it refuses or says nothing at all.
POSTGRES: Final[Mapping[str, str | int]] = {
    "application_name": "sortyard",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "tcp_user_timeout": 15_000,  # milliseconds
}


@dataclass(frozen=True, slots=True)
class Database:
    """
    A store that any thread of this process can use.

    Nothing is opened before it is used, so that a database that is away does not hinder a start.
    `name` is what people are told: the address without a user or a password.
    """

    engine: Engine
    name: str

    @classmethod
    def open(cls, url: str) -> Self:
        """Choose a store by its URL. Raises `InvalidSettings`."""
        address = _address(url)
        if address.get_backend_name() == "sqlite":
            return cls(_sqlite(address), str(address.database))
        place = f"{address.host or 'localhost'}:{address.port or 5432}"
        return cls(_postgres(address), f"postgresql://{place}/{address.database or ''}")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @property
    def on_postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection to ask with. Raises `StoreAway`."""
        with explained(self.name), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection for one transaction: all of it is kept, or none. Raises `StoreAway`."""
        with explained(self.name), self.engine.connect() as connection:
            # A reader that turns into a writer may be refused, so we take our turn at the start.
            connection.execution_options(sortyard_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def ping(self) -> None:
        """Raise `StoreAway` unless the store answers."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def tidy(self) -> None:
        """Empty the log of SQLite, in which what was deleted still lies, unless somebody reads."""
        if self.on_postgres:
            return
        with explained(self.name), self.engine.connect() as connection:
            connection.execution_options(sortyard_begin="")
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise InvalidSettings("The store", ["`store` is not a URL"]) from None
    kind = address.get_backend_name()
    if kind not in DRIVERS:
        known = "sqlite:///FILE and postgresql://USER@HOST/NAME"
        raise InvalidSettings("The store", [f"`store` begins with {kind!r}; known are {known}"])
    if kind == "sqlite" and address.database in {None, "", ":memory:"}:
        raise InvalidSettings("The store", ["`store` names no file, so nothing would be kept"])
    return address.set(drivername=DRIVERS[kind])


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    _use_write_ahead_log(connection)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at once. Where two processes ask for it, SQLite refuses one."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorname.startswith("SQLITE_BUSY")
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    words = connection.get_execution_options().get("sortyard_begin", "BEGIN")
    if words:
        connection.exec_driver_sql(words)


def _postgres(address: URL) -> Engine:
    chosen = {name: value for name, value in POSTGRES.items() if name not in address.query}
    return create_engine(
        address, connect_args=chosen, hide_parameters=True, pool_pre_ping=True, pool_timeout=10.0
    )
