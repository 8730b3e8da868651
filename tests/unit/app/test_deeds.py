"""Every administrative act ends up in the audit log, once and in order, whatever is away."""

import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sortyard.app import actors
from sortyard.app.actors import user
from sortyard.app.carrying import export_release
from sortyard.app.deeds import LOCK, WAITING, bring_in_deeds, record, waiting
from sortyard.app.exporting import pack
from sortyard.app.releases import Releases
from sortyard.app.storing import open_store
from sortyard.app.workspace import Workspace, found_or_here, make
from sortyard.domain.audit import AuditEntry
from tests.unit.app.conftest import MakeRelease

pytest.importorskip("sqlalchemy")
from sortyard.app.chores import do_chores
from sortyard.app.keeping import migrate
from sortyard.app.recording import recording
from sortyard.serving.telemetry.logs import EventLog
from sortyard.storage.audit import AuditLog
from sortyard.storage.schema import SCHEMA

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace that has a store."""
    here = _workspace(tmp_path)
    with open_store(here):
        return here


def _workspace(folder: Path, **given: str) -> Workspace:
    here = found_or_here(folder / "support", given=given)
    make(here)
    return here


def _log(workspace: Workspace) -> tuple[AuditEntry, ...]:
    """Read what was done since the store was made, which is its first entry."""
    with open_store(workspace) as database:
        AuditLog(database).verify()
        return tuple(AuditLog(database).entries(since=2))


def _acts(workspace: Workspace) -> list[str]:
    return [entry.deed.act for entry in _log(workspace)]


def test_a_deed_of_a_time_before_the_store_waits_for_it_and_makes_none(tmp_path: Path) -> None:
    here = _workspace(tmp_path)
    record(here, "train", "r1", at=NOON)
    before = (waiting(here), list(here.state.glob("*.db")))
    with open_store(here):
        record(here, "create-key", "k1", at=NOON + timedelta(minutes=1))

    assert (before, _acts(here), waiting(here)) == ((1, []), ["train", "create-key"], 0)


def test_a_server_brings_in_what_waits(tmp_path: Path) -> None:
    here = _workspace(tmp_path)
    record(here, "train", "r1", at=NOON)
    with open_store(here) as database:
        for _ in range(2):
            do_chores(here, database)

    assert (_acts(here), waiting(here)) == (["train"], 0)


def test_what_cannot_be_brought_in_goes_on_waiting(tmp_path: Path) -> None:
    here = _workspace(tmp_path, store=NOWHERE)
    record(here, "train", "r1", at=NOON)
    bring_in_deeds(here)

    assert waiting(here) == 1


def test_a_deed_says_who_did_what_to_what_and_when(workspace: Workspace) -> None:
    record(workspace, "promote", "r1", at=NOON, actor="key-1", facts={"forced": True})
    (entry,) = _log(workspace)

    assert (entry.deed.actor, entry.deed.act, entry.deed.subject) == ("key-1", "promote", "r1")
    assert (entry.deed.at, entry.deed.facts) == (NOON, {"forced": True})


def test_without_a_name_it_was_the_user_of_this_machine(workspace: Workspace) -> None:
    record(workspace, "promote", "r1", at=NOON)

    assert [entry.deed.actor for entry in _log(workspace)] == [user()]


def test_a_user_without_a_name_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 7")

    monkeypatch.setattr(actors.getpass, "getuser", nameless)

    assert user() == "unknown"


def test_an_absent_database_holds_nobody_up(tmp_path: Path) -> None:
    here = _workspace(tmp_path, store=NOWHERE)
    record(here, "rollback", "r1", at=NOON)

    assert waiting(here) == 1


def test_what_waits_goes_first(tmp_path: Path) -> None:
    away, here = _workspace(tmp_path, store=NOWHERE), _workspace(tmp_path)
    with open_store(here):
        record(away, "promote", "r1", at=NOON)
        record(away, "rollback", "r0", at=NOON + timedelta(minutes=1))
    record(here, "train", "r2", at=NOON + timedelta(minutes=2))

    assert (_acts(here), waiting(here)) == (["promote", "rollback", "train"], 0)


def test_what_was_written_before_a_crash_is_not_written_twice(
    tmp_path: Path, workspace: Workspace
) -> None:
    """The log had it, and the file of what waits was still there."""
    record(workspace, "promote", "r1", at=NOON, actor="me", facts={"before": None})
    away = _workspace(tmp_path, store=NOWHERE)
    record(away, "promote", "r1", at=NOON, actor="me", facts={"before": None})
    record(workspace, "rollback", "r0", at=NOON)

    assert _acts(workspace) == ["promote", "rollback"]


def test_a_line_that_a_crash_cut_short_does_not_count(tmp_path: Path) -> None:
    here = _workspace(tmp_path, store=NOWHERE)
    record(here, "promote", "r1", at=NOON)
    with (here.state / WAITING).open("a", encoding="utf-8") as stream:
        stream.write('{"at": "2026-03')

    assert waiting(here) == 1


def test_an_install_without_a_driver_holds_nobody_up(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when one trains in an environment of its own, beside the one that serves."""
    monkeypatch.setitem(sys.modules, "sortyard.storage.audit", None)
    record(workspace, "promote", "r1", at=NOON)

    assert json.loads((workspace.state / WAITING).read_text())["act"] == "promote"


def test_promoting_and_rolling_back_are_kept(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1")
    make_release("r2")
    with open_store(releases.workspace):
        releases.promote("r1", at=NOON)
        releases.promote("r2", at=NOON, actor="key-1")
        releases.roll_back(None, at=NOON)

    assert [(e.deed.act, e.deed.subject, e.deed.actor) for e in _log(releases.workspace)] == [
        ("promote", "r1", user()),
        ("promote", "r2", "key-1"),
        ("rollback", "r1", user()),
    ]


def test_the_history_says_who_did_it(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1")
    releases.promote("r1", at=NOON, actor="key-1")

    assert [turn.by for turn in releases.champion.history] == ["key-1"]


def test_a_pointer_that_somebody_moved_is_told_with_the_next_change(
    releases: Releases, make_release: MakeRelease
) -> None:
    for name in ("r1", "r2"):
        make_release(name)
    with open_store(releases.workspace):
        releases.champion.pointer.write_text("r2\n")
        releases.promote("r1", at=NOON, actor="me")

    assert [(e.deed.act, e.deed.subject, e.deed.actor) for e in _log(releases.workspace)] == [
        ("recover", "r2", "unknown"),
        ("promote", "r1", "me"),
    ]


def test_a_release_that_comes_from_elsewhere_is_kept_once(
    releases: Releases, make_release: MakeRelease, tmp_path: Path
) -> None:
    folder = make_release("r1")
    pack(folder, tmp_path / "r1.zip")
    folder.rename(tmp_path / "gone")
    with open_store(releases.workspace):
        for _ in range(2):
            releases.take_in(tmp_path / "r1.zip", at=NOON)
    (entry,) = _log(releases.workspace)

    assert (entry.deed.act, entry.deed.subject) == ("import", "r1")
    assert entry.deed.facts == {"file": "r1.zip", "passed": True}


def test_a_release_that_leaves_is_kept(
    releases: Releases, make_release: MakeRelease, tmp_path: Path
) -> None:
    make_release("r1")
    with open_store(releases.workspace):
        done = export_release("r1", releases.workspace.folder, tmp_path / "out.zip", at=NOON)
    (entry,) = _log(releases.workspace)

    assert (entry.deed.act, entry.deed.subject, done.recorded) == ("export", "r1", True)


def test_a_release_outside_of_any_workspace_is_exported_too(
    make_release: MakeRelease, tmp_path: Path
) -> None:
    folder = make_release("r1").rename(tmp_path / "r1")
    done = export_release(str(folder), None, tmp_path / "out.zip", at=NOON)

    size = (tmp_path / "out.zip").stat().st_size
    assert (done.release, done.bytes, done.recorded) == ("r1", size, None)


def test_a_release_leaves_a_workspace_that_cannot_be_written_to_and_it_is_said(
    releases: Releases, make_release: MakeRelease, tmp_path: Path
) -> None:
    """The file that was asked for is there: whoever reads a release could copy it just as well."""
    make_release("r1")
    (releases.workspace.state / LOCK).mkdir()  # which no user at all can write to
    done = export_release("r1", releases.workspace.folder, tmp_path / "out.zip", at=NOON)

    assert (done.file.exists(), done.recorded) == (True, False)


def _serve(workspace: Workspace) -> None:
    with recording(workspace, EventLog(io.StringIO())):
        """What a server does first."""


def _command(workspace: Workspace) -> None:
    with open_store(workspace):
        """What a command does that needs a store."""


def _ask_for_it(workspace: Workspace) -> None:
    migrate(workspace, at=datetime.now(UTC))


@pytest.mark.parametrize("begin", [_serve, _command, _ask_for_it])
def test_whoever_brings_a_store_up_to_date_is_kept_once(
    tmp_path: Path, begin: Callable[[Workspace], None]
) -> None:
    here, before = _workspace(tmp_path), datetime.now(UTC)
    for _ in range(2):
        begin(here)
    with open_store(here) as database:
        (entry,) = AuditLog(database).entries()

    assert (entry.deed.act, entry.deed.actor) == ("migrate", user())
    assert entry.deed.facts == {"before": 0, "version": SCHEMA}
    assert before <= entry.deed.at <= datetime.now(UTC)


def test_a_release_that_is_shipped_is_kept(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1")
    with open_store(releases.workspace):
        releases.ship("r1", at=NOON)

    assert _acts(releases.workspace) == ["promote"]
