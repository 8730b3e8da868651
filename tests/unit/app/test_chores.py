"""The store hears once which releases there are, and which of them answered when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
from sortyard.app.champion import Turn
from sortyard.app.chores import do_chores
from sortyard.app.releases import Releases
from sortyard.app.storing import open_store
from sortyard.storage.database import Database
from sortyard.storage.releases import ReleaseBook, Rollout
from tests.unit.app.conftest import MakeRelease

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(releases: Releases) -> Iterator[Database]:
    with open_store(releases.workspace) as database:
        yield database


def test_releases_are_noted_with_their_figures(
    releases: Releases, database: Database, make_release: MakeRelease
) -> None:
    make_release("r1", accuracy=0.9)
    do_chores(releases.workspace, database)

    assert [(one.id, one.figures["team"]["accuracy"]) for one in ReleaseBook(database).all()] == [
        ("r1", 0.9)
    ]


def test_turns_are_noted_once_and_in_order(
    releases: Releases, database: Database, make_release: MakeRelease
) -> None:
    make_release("r1")
    make_release("r2")
    releases.promote("r1", at=NOON, actor="me")
    do_chores(releases.workspace, database)
    releases.promote("r2", at=NOON + timedelta(hours=1), actor="you")
    for _ in range(2):
        do_chores(releases.workspace, database)

    assert ReleaseBook(database).rollouts() == (
        Rollout(release="r1", at=NOON, by="me", act="promote"),
        Rollout(release="r2", at=NOON + timedelta(hours=1), by="you", act="promote"),
    )


def test_what_answered_at_a_moment_can_be_told(
    releases: Releases, database: Database, make_release: MakeRelease
) -> None:
    make_release("r1")
    make_release("r2")
    releases.promote("r1", at=NOON)
    releases.promote("r2", at=NOON + timedelta(hours=1))
    do_chores(releases.workspace, database)

    assert ReleaseBook(database).answering(NOON + timedelta(minutes=30)) == "r1"


def test_a_time_that_is_none_stops_nothing(
    releases: Releases, database: Database, make_release: MakeRelease
) -> None:
    make_release("r1")
    Path(releases.champion.log).write_text(
        '{"at": "yesterday", "move": "promote", "release": "r1"}\n'
    )
    do_chores(releases.workspace, database)

    assert [one.release for one in ReleaseBook(database).rollouts()] == ["r1"]


def test_a_line_of_an_earlier_version_is_read() -> None:
    turn = Turn.parse('{"at": "2026-03-01T12:00:00+00:00", "move": "promote", "release": "r1"}')

    assert turn.by == ""
