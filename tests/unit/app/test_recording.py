"""A server keeps what it answers, and knows who may ask, whether or not the database is there."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
from sqlalchemy import text

from sortyard.app.access import Terms, create_key
from sortyard.app.recording import KEYS, PreparedRecords, recording
from sortyard.app.storing import connect, open_store
from sortyard.app.workspace import Workspace, found_or_here, make
from sortyard.domain.errors import NewerFormat, StoreAway
from sortyard.serving.telemetry.logs import EventLog
from sortyard.storage.records import Records
from tests.contracts.sinks import made_record

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return _workspace(tmp_path)


@pytest.fixture
def away(tmp_path: Path) -> Workspace:
    """The same workspace, whose database has gone away."""
    return _workspace(tmp_path, store=NOWHERE)


@pytest.fixture
def log() -> Iterator[EventLog]:
    log = EventLog(io.StringIO())
    yield log
    log.close()


def _workspace(folder: Path, **given: str) -> Workspace:
    here = found_or_here(folder / "support", given=given)
    make(here)
    return here


def _stored(workspace: Workspace) -> int:
    with open_store(workspace) as database:
        return Records(database).count()


def _set_up_by_a_later_version(workspace: Workspace) -> None:
    with open_store(workspace) as database, database.writing() as connection:
        connection.execute(text("UPDATE schema_version SET version_num = '9999'"))


def test_what_was_kept_is_stored_at_the_end(workspace: Workspace, log: EventLog) -> None:
    with recording(workspace, log) as keeping:
        keeping.recorder.keep([made_record(number) for number in range(3)])

    assert _stored(workspace) == 3


def test_a_store_that_is_away_keeps_nobody_from_starting(
    workspace: Workspace, away: Workspace, log: EventLog
) -> None:
    """The keys were seen before, so that it is known who may ask."""
    create_key(workspace, "helpdesk", Terms(), at=NOON)
    with recording(workspace, log):
        pass
    with recording(away, log) as keeping:
        assert keeping.gate.guarded


def test_what_is_kept_meanwhile_is_stored_when_it_is_back(
    workspace: Workspace, away: Workspace, log: EventLog
) -> None:
    with recording(workspace, log):
        pass
    with recording(away, log) as keeping:
        keeping.recorder.keep([made_record(1)])
    with recording(workspace, log):
        pass

    assert _stored(workspace) == 1


def test_a_first_start_needs_the_store(away: Workspace, log: EventLog) -> None:
    """Nobody could tell who may ask."""
    with pytest.raises(StoreAway), recording(away, log):
        pass


def test_keys_that_cannot_be_read_any_more_are_not_remembered(
    workspace: Workspace, away: Workspace, log: EventLog
) -> None:
    with recording(workspace, log):
        pass
    (workspace.state / KEYS).write_text("[{")

    with pytest.raises(StoreAway), recording(away, log):
        pass


def test_only_the_owner_reads_what_is_remembered(workspace: Workspace, log: EventLog) -> None:
    with recording(workspace, log):
        pass

    assert (workspace.state / KEYS).stat().st_mode & 0o077 == 0


def test_a_store_of_a_later_version_is_not_touched(workspace: Workspace, log: EventLog) -> None:
    _set_up_by_a_later_version(workspace)

    with pytest.raises(NewerFormat), recording(workspace, log):
        pass


def test_records_wait_where_a_later_version_took_over(workspace: Workspace) -> None:
    """They are not refused, which would set them aside."""
    _set_up_by_a_later_version(workspace)
    database = connect(workspace)

    with pytest.raises(StoreAway):
        PreparedRecords(database).write([made_record(1)])
    database.close()
