"""What a server does for its store once a minute."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from sortyard.app.champion import Turn
from sortyard.app.deeds import bring_in_deeds
from sortyard.app.releases import Release, Releases
from sortyard.app.workspace import Workspace
from sortyard.domain.errors import StoreAway
from sortyard.storage.database import Database
from sortyard.storage.partitions import Partitions
from sortyard.storage.releases import KnownRelease, ReleaseBook, Rollout

EVERY = 60.0  # seconds
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def chores(workspace: Workspace, database: Database, *, every: float = EVERY) -> None:
    """Do the chores now, and from now on, until cancelled; a store that is away has none."""
    while True:
        with suppress(StoreAway):
            await asyncio.to_thread(do_chores, workspace, database)
        await asyncio.sleep(every)


def do_chores(workspace: Workspace, database: Database) -> None:
    """
    Make room for the days to come, bring in deeds that wait, and note releases and their turns.

    The pointer file and its history stay the truth; the store has a copy that outlives the files.
    Raises `StoreAway`.
    """
    Partitions(database).make()
    bring_in_deeds(workspace)
    releases, book = Releases(workspace), ReleaseBook(database)
    known = {release.id for release in book.all()}
    for release in releases.all():
        if release.id not in known:
            book.add(_known(release))
    noted = set(book.rollouts())
    for turn in releases.champion.history:
        rollout = _rollout(turn)
        if rollout not in noted:
            book.note(rollout)


def _known(release: Release) -> KnownRelease:
    return KnownRelease(
        id=release.id,
        created=_moment(release.created),
        recipe=release.recipe,
        figures=release.figures,
    )


def _rollout(turn: Turn) -> Rollout:
    return Rollout(release=turn.release, at=_moment(turn.at), by=turn.by, act=turn.move.value)


def _moment(words: str) -> datetime:
    """Read a time out of a file; one that people wrote may be none, and is long ago."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
