"""What a database says when it refuses, in words that hold nothing of any row."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from sortyard.domain.errors import StoreAway

# The longest beginning counts: of PostgreSQL's SQLSTATE, and of the names of SQLite's result codes.
WHYS: Final[Mapping[str, str]] = {
    "08": "the connection to it broke",
    "25006": "it is read-only",
    "28": "it does not let this user in",
    "3D": "it has no database of that name",
    "40": "another writer came in between",
    "53": "it is short of resources",
    "53100": "its disk is full",
    "53300": "it has no connection to spare",
    "55P03": "another process holds what is asked for",
    "57": "it stopped what it was doing",
    "57P01": "it is shutting down",
    "57P03": "it is starting up",
    "SQLITE_BUSY": "another process has been writing to it for too long",
    "SQLITE_CANTOPEN": "its file cannot be opened",
    "SQLITE_CORRUPT": "its file is damaged",
    "SQLITE_FULL": "its disk is full",
    "SQLITE_IOERR": "its disk fails",
    "SQLITE_LOCKED": "another process has been writing to it for too long",
    "SQLITE_NOTADB": "its file is not a database",
    "SQLITE_READONLY": "its file is read-only",
}
UNREACHABLE: Final = "no server answers there, or it does not let this user in"
UNKNOWN: Final = "it refuses; `sortyard store migrate` brings its tables up to date"


@contextmanager
def explained(store: str) -> Iterator[None]:
    """
    Turn what a driver raises into `StoreAway`, or `ValueError` for a value that it never takes.

    The driver's own error is dropped: it may quote the values of a row.
    """
    try:
        yield
    except (DataError, IntegrityError):
        raise ValueError("the database takes no such value") from None
    except DBAPIError as error:
        raise StoreAway(store, why(error)) from None
    except NoConnectionFree:
        raise StoreAway(store, "all connections to it are in use") from None


def why(error: DBAPIError) -> str:
    """Say why the database refused."""
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    if state is None and isinstance(error, OperationalError):
        return UNREACHABLE  # libpq tells no state where it could not connect, or lost its server
    known = [beginning for beginning in WHYS if (state or "").startswith(beginning)]
    return WHYS[max(known, key=len)] if known else UNKNOWN
