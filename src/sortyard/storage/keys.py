"""The API keys: their hashes, never what opens the door."""

from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, or_, select, update

from sortyard.domain.access import ApiKey, Scope
from sortyard.domain.errors import InvalidUsage
from sortyard.storage.database import Database
from sortyard.storage.schema import keys as table
from sortyard.storage.statements import insert_new


class Keys:
    """The keys of a store. None is ever removed: the audit log names them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: ApiKey) -> None:
        """Keep a new key. Raises `InvalidUsage` where its id is taken."""
        row = {
            "id": key.id,
            "name": key.name,
            "hash": key.hash,
            "scopes": sorted(scope.value for scope in key.scopes),
            "created": key.created,
            "expires": key.expires,
            "revoked": key.revoked,
            "per_minute": key.per_minute,
        }
        with self._database.writing() as connection:
            statement = insert_new(connection, table).returning(table.c.id)
            added = connection.execute(statement, [row]).first()
        if added is None:
            raise InvalidUsage(f"There is a key {key.id!r} already.", "Make it again.")

    def find(self, name: str) -> ApiKey | None:
        """Find a key by its id, whether or not it still opens anything."""
        with self._database.reading() as connection:
            row = connection.execute(select(table).where(table.c.id == name)).mappings().first()
        return None if row is None else _from_row(row)

    def revoke(self, name: str, *, at: datetime) -> bool:
        """Let a key open nothing from now on; False where it is unknown, or was revoked before."""
        revoke = update(table).where(table.c.id == name, table.c.revoked.is_(None))
        with self._database.writing() as connection:
            return connection.execute(revoke.values(revoked=at)).rowcount > 0

    def expire(self, name: str, *, at: datetime) -> bool:
        """Let a key open nothing from a moment on; False where it ends by then anyway."""
        later = or_(table.c.expires.is_(None), table.c.expires > at)
        expire = update(table).where(table.c.id == name, table.c.revoked.is_(None), later)
        with self._database.writing() as connection:
            return connection.execute(expire.values(expires=at)).rowcount > 0

    def all(self) -> tuple[ApiKey, ...]:
        """Give every key, the oldest first."""
        query = select(table).order_by(table.c.created, table.c.id)
        with self._database.reading() as connection:
            return tuple(_from_row(row) for row in connection.execute(query).mappings())

    def any_live(self, at: datetime) -> bool:
        """Tell whether any key opens anything at a moment."""
        query = select(table.c.id).where(_is_live(at)).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None


def _is_live(at: datetime) -> ColumnElement[bool]:
    ends = (table.c.expires, table.c.revoked)
    return and_(*(or_(end.is_(None), end > at) for end in ends))


def _from_row(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        hash=row["hash"],
        scopes=frozenset(Scope(one) for one in row["scopes"]),
        created=row["created"],
        expires=row["expires"],
        revoked=row["revoked"],
        per_minute=row["per_minute"],
    )
