"""A server forgets what is older than `keep_days`, while it answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sortyard.app.storing import open_store
from sortyard.app.workspace import open_workspace
from sortyard.storage.audit import AuditLog
from sortyard.storage.records import Records
from tests.contracts.sinks import made_record
from tests.functional.served import eventually, records, serving

pytestmark = pytest.mark.slow

OLD = range(3_000)  # more than one step


@pytest.fixture
def full(workspace: Path) -> Path:
    """A workspace with messages of forty days ago and one of today."""
    now = datetime.now(UTC)
    old = [replace(made_record(one), received=now - timedelta(days=40)) for one in OLD]
    with open_store(open_workspace(workspace)) as database:
        Records(database).write([*old, replace(made_record(len(OLD)), received=now)])
    return workspace


def _expiries(workspace: Path) -> list[object]:
    with open_store(open_workspace(workspace)) as database:
        deeds = [entry.deed for entry in AuditLog(database).entries()]
    return [deed.facts["records"] for deed in deeds if deed.act == "expire"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_is_older_is_forgotten_by_one_process_while_all_answer(
    full: Path, workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SORTYARD_KEEP_DAYS", "30")
    with serving(full, "--workers", workers) as server:
        answered = server.classify("today")
        assert eventually(lambda: _expiries(full) != [])
        answered |= server.classify("later")
        assert server.stop() == 0

    assert _expiries(full) == [len(OLD)]
    assert {one.message_id for one in records(full)} == {f"m{len(OLD)}", *answered}


def test_all_is_kept_where_nobody_says_for_how_long(full: Path) -> None:
    with serving(full) as server:
        server.classify("today")
        assert server.stop() == 0

    assert len(records(full)) == len(OLD) + 2
    assert _expiries(full) == []
