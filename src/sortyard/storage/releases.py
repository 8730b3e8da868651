"""Which releases there were, and which of them answered when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from sortyard.storage.database import Database
from sortyard.storage.schema import releases, rollouts
from sortyard.storage.statements import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRelease:
    """What stays known of a release, also when its files are gone: its measures a dimension."""

    id: str
    created: datetime
    recipe: str
    figures: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "id": self.id,
            "created": self.created.isoformat(),
            "recipe": self.recipe,
            "figures": {name: dict(one) for name, one in self.figures.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """From a moment on, a release answered; `act` says how that came."""

    release: str
    at: datetime
    by: str
    act: str

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {
            "release": self.release,
            "at": self.at.isoformat(),
            "by": self.by,
            "act": self.act,
        }


class ReleaseBook:
    """The releases that a store has heard of, and the order in which they answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, release: KnownRelease) -> bool:
        """Take note of a release; False where it was known."""
        row = {
            "id": release.id,
            "created": release.created,
            "recipe": release.recipe,
            "figures": {name: dict(one) for name, one in release.figures.items()},
        }
        with self._database.writing() as connection:
            statement = insert_new(connection, releases).returning(releases.c.id)
            return connection.execute(statement, [row]).first() is not None

    def find(self, name: str) -> KnownRelease | None:
        """Find a release by its id."""
        with self._database.reading() as connection:
            found = connection.execute(select(releases).where(releases.c.id == name))
            row = found.mappings().first()
        return None if row is None else _release(row)

    def all(self) -> tuple[KnownRelease, ...]:
        """Give every release, the newest first."""
        query = select(releases).order_by(releases.c.created.desc(), releases.c.id.desc())
        with self._database.reading() as connection:
            return tuple(_release(row) for row in connection.execute(query).mappings())

    def note(self, rollout: Rollout) -> None:
        """Note that a release answers from now on."""
        row = {
            "release": rollout.release,
            "at": rollout.at,
            "by": rollout.by,
            "act": rollout.act,
        }
        with self._database.writing() as connection:
            connection.execute(rollouts.insert(), row)

    def rollouts(self) -> tuple[Rollout, ...]:
        """Tell what answered when, the oldest first."""
        query = select(rollouts).order_by(rollouts.c.number)
        with self._database.reading() as connection:
            return tuple(_rollout(row) for row in connection.execute(query).mappings())

    def answering(self, at: datetime) -> str | None:
        """Tell which release answered at a moment; None where none did yet."""
        query = (
            select(rollouts.c.release)
            .where(rollouts.c.at <= at)
            .order_by(rollouts.c.number.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar()


def _release(row: RowMapping) -> KnownRelease:
    return KnownRelease(
        id=row["id"], created=row["created"], recipe=row["recipe"], figures=row["figures"]
    )


def _rollout(row: RowMapping) -> Rollout:
    return Rollout(release=row["release"], at=row["at"], by=row["by"], act=row["act"])
