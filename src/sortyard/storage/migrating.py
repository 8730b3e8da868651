"""Bring the tables of a store up to date, whatever version made them."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock as ThreadLock
from typing import Final

from sqlalchemy import Connection, inspect, text

from sortyard.domain.audit import Deed
from sortyard.domain.errors import CannotWrite, NewerFormat, StoreAway
from sortyard.storage.audit import append_deed
from sortyard.storage.database import Database
from sortyard.storage.locks import Lock, hold
from sortyard.storage.partitions import Partitions
from sortyard.storage.schema import SCHEMA

VERSIONS: Final = "schema_version"  # the table that says which schema a store has
ACT, STORE = "migrate", "store"  # as the audit log names it
STEPS: Final = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME: Final = ThreadLock()  # Alembic holds its place in variables of its modules


def migrate(database: Database, *, by: str, at: datetime) -> int:
    """
    Bring the tables up to date, and give the number of their schema.

    The audit log says who did it, and when; that of a new store begins with it. Several processes
    may call it at once, and where all is up to date it costs next to nothing. Raises `NewerFormat`
    for a store of a later version of Sortyard, `CannotWrite` and `StoreAway`.
    """
    if not database.on_postgres:
        _make_file(Path(database.name))
    if schema_version(database) != SCHEMA:
        with _ONE_AT_A_TIME, database.writing() as connection:
            hold(connection, Lock.SCHEMA)
            found = _version(connection)  # another process may have been quicker
            if found > SCHEMA:
                raise NewerFormat(f"The store {database.name}", found, SCHEMA)
            if found < SCHEMA:
                _take_missing_steps(connection)
                facts = {"before": found, "version": SCHEMA}
                append_deed(connection, Deed(at=at, actor=by, act=ACT, subject=STORE, facts=facts))
    with suppress(StoreAway):  # a record of any day finds a place without them
        Partitions(database).make()
    return SCHEMA


def schema_version(database: Database) -> int:
    """Give the number of the schema that a store has; 0 where it has none yet."""
    with database.reading() as connection:
        return _version(connection)


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table(VERSIONS):
        return 0
    return int(connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar() or 0)  # noqa: S608 -- a constant


def _take_missing_steps(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 -- hardly any start needs it
    from alembic.config import Config  # noqa: PLC0415 -- as above

    config = Config()
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _make_file(path: Path) -> None:
    """Make the file of a store, which nobody else may read: it may hold what people wrote."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or "the system refuses") from error
