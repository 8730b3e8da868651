"""What only one process does at a time."""

from enum import IntEnum
from typing import Final

from sqlalchemy import Connection, func, select

FAMILY: Final = 0x53594152  # ours among the advisory locks of a database


class Lock(IntEnum):
    """What is locked, until the end of a transaction."""

    SCHEMA = 1
    PARTITIONS = 2
    AUDIT = 3


def hold(connection: Connection, lock: Lock) -> None:
    """Wait for our turn. On SQLite it is our turn already: one transaction writes at a time."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(FAMILY, int(lock))))
