"""What is kept is looked at, forgotten, carried elsewhere and checked from the shell."""

import gzip
import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
from sortyard.app.storing import open_store, text_keeper
from sortyard.app.workspace import open_workspace
from sortyard.domain.messages import Message
from sortyard.storage.journal import Journal
from sortyard.storage.journal_lines import line_of
from sortyard.storage.recorder import Recorder
from sortyard.storage.records import Records
from sortyard.storage.texts import VARIABLE, new_text_key
from tests.contracts.sinks import MemorySink, made_record
from tests.unit.cli.conftest import Ended, Sortyard

RECORDS = 5
WISH = "a secret wish"


@pytest.fixture
def workspace(sortyard: Sortyard, tmp_path: Path) -> Path:
    sortyard("init", "-w", tmp_path / "support")
    return tmp_path / "support"


@pytest.fixture
def store(sortyard: Sortyard, workspace: Path) -> Sortyard:
    """Run a command on the store of a workspace."""

    def call(*arguments: str | Path, stdin: bytes = b"") -> Ended:
        return sortyard("store", *arguments, "-w", workspace, stdin=stdin)

    return call


@pytest.fixture
def kept(workspace: Path) -> Path:
    """A store with a few records."""
    with open_store(open_workspace(workspace)) as database:
        Records(database).write([made_record(number) for number in range(RECORDS)])
    return workspace


def _status(store: Sortyard) -> dict[str, object]:
    found = json.loads(store("status", "--json").out)
    assert isinstance(found, dict)
    return found


def test_looking_makes_no_store(store: Sortyard, workspace: Path) -> None:
    assert (_status(store)["version"], list((workspace / ".sortyard").glob("*.db"))) == (0, [])


def test_a_store_is_made_once(store: Sortyard) -> None:
    moves = [json.loads(store("migrate", "--json").out) for _ in range(2)]

    assert [one["before"] for one in moves] == [0, moves[0]["version"]]


@pytest.mark.usefixtures("kept")
def test_the_status_counts_what_is_kept(store: Sortyard) -> None:
    assert _status(store)["counts"]["records"] == RECORDS


def test_the_status_is_read_by_people_too(store: Sortyard, kept: Path) -> None:
    assert str(kept) in store("status").out


@pytest.mark.usefixtures("workspace")
def test_a_password_is_never_shown(store: Sortyard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORTYARD_STORE", "postgresql://me:hunter2@127.0.0.1:1/nothing")
    said = store("status")

    assert ("error[store-away]" in said.err, "hunter2" in said.out + said.err) == (True, False)


@pytest.mark.usefixtures("kept")
def test_a_message_is_forgotten(store: Sortyard) -> None:
    said = json.loads(store("forget", "--message", "m1", "--json").out)

    assert (said["records"], _status(store)["counts"]["records"]) == (1, RECORDS - 1)


@pytest.mark.usefixtures("kept")
def test_an_author_is_forgotten(store: Sortyard) -> None:
    store("forget", "--author", made_record(1).author)

    assert _status(store)["counts"]["records"] == 0


def test_no_word_of_it_is_left_in_the_file(store: Sortyard, kept: Path) -> None:
    store("forget", "--author", made_record(1).author)
    with sqlite3.connect(kept / ".sortyard" / "store.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()

    assert b"refund" not in (kept / ".sortyard" / "store.db").read_bytes()


@pytest.mark.usefixtures("kept")
def test_what_waits_in_a_journal_is_forgotten_too(store: Sortyard, workspace: Path) -> None:
    """A server was killed before it had written it."""
    sink = MemorySink()
    sink.away = True
    recorder = Recorder(sink, Journal(workspace / ".sortyard" / "journal"))
    recorder.keep([made_record(77)])
    recorder.close()
    said = json.loads(store("forget", "--message", "m77", "--json").out)

    assert (said["records"], _status(store)["journal_bytes"]) == (1, 0)


def test_damaged_lines_are_searched_for_what_to_forget(store: Sortyard, kept: Path) -> None:
    journal = kept / ".sortyard" / "journal"
    journal.mkdir()
    aside = journal / "f00-0.damaged"
    lines = [b"bad0bad0" + line_of(made_record(number))[8:] for number in (1, 2)]
    aside.write_bytes(b"".join(lines))

    told = store("forget", "--message", "m1").err

    assert (aside.read_bytes(), str(aside) in told) == (lines[1], True)
    assert _status(store)["files_set_aside"] == 1


@pytest.mark.usefixtures("kept")
def test_nobody_found_is_told_with_the_reason_why(store: Sortyard) -> None:
    assert VARIABLE in store("forget", "--author", "nobody@example.org").err


def test_it_has_to_be_said_what_to_forget(store: Sortyard) -> None:
    assert store("forget").code == 2


def test_only_one_thing_is_forgotten_at_once(store: Sortyard) -> None:
    assert store("forget", "--message", "m1", "--author", "me").code == 2


@pytest.mark.usefixtures("kept")
def test_days_that_lie_long_back_are_forgotten(store: Sortyard) -> None:
    store("expire", "--days", "1")

    assert _status(store)["counts"]["records"] == 0


@pytest.mark.usefixtures("kept")
def test_what_is_newer_stays(store: Sortyard) -> None:
    age = datetime.now(UTC) - made_record(0).received + timedelta(days=2)
    store("expire", "--days", str(age.days))

    assert _status(store)["counts"]["records"] == RECORDS


@pytest.mark.usefixtures("kept")
def test_the_settings_say_for_how_long(store: Sortyard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORTYARD_KEEP_DAYS", "1")
    store("expire")

    assert _status(store)["counts"]["records"] == 0


@pytest.mark.usefixtures("kept")
def test_without_a_time_nothing_expires(store: Sortyard) -> None:
    assert (store("expire").code, _status(store)["counts"]["records"]) == (2, RECORDS)


def test_an_export_has_all_that_is_kept(store: Sortyard, kept: Path) -> None:
    store("export", kept / "all.jsonl")
    lines = [json.loads(line) for line in (kept / "all.jsonl").read_text().splitlines()]

    assert sum(line["kind"] == "record" for line in lines) == RECORDS


def test_an_export_can_be_packed(store: Sortyard, kept: Path) -> None:
    store("export", kept / "all.jsonl.gz")

    assert b"refund" in gzip.decompress((kept / "all.jsonl.gz").read_bytes())


def test_only_its_owner_reads_an_export(store: Sortyard, kept: Path) -> None:
    store("export", kept / "all.jsonl")

    assert (kept / "all.jsonl").stat().st_mode & 0o077 == 0


def test_sealed_texts_are_opened_on_demand_only(
    store: Sortyard, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, new_text_key())
    monkeypatch.setenv("SORTYARD_TEXT_FORM", "encrypted")
    _keep_sealed(workspace)
    store("export", workspace / "sealed.jsonl")
    store("export", workspace / "open.jsonl", "--reveal")
    readable = {path.stem: WISH in path.read_text() for path in workspace.glob("*.jsonl")}

    assert readable == {"sealed": False, "open": True}


def _keep_sealed(workspace: Path) -> None:
    here = open_workspace(workspace)
    kept = text_keeper(here).keep(Message("m1", WISH))
    with open_store(here) as database:
        Records(database).write([replace(made_record(1), kept=kept)])


@pytest.mark.usefixtures("kept")
def test_the_audit_log_says_who_did_what(store: Sortyard) -> None:
    store("forget", "--message", "m1")
    made, entry = json.loads(store("audit", "--json").out)["last"]

    assert (made["number"], made["act"], made["subject"]) == (1, "migrate", "store")
    assert (entry["number"], entry["subject"] != "") == (2, True)


@pytest.mark.usefixtures("kept")
def test_the_last_entries_are_shown_in_order(store: Sortyard) -> None:
    for number in range(3):
        store("forget", "--message", f"m{number}")
    last = json.loads(store("audit", "--last", "2", "--json").out)["last"]

    assert [entry["number"] for entry in last] == [3, 4]


def test_a_changed_entry_is_a_no(store: Sortyard, kept: Path) -> None:
    for number in range(2):
        store("forget", "--message", f"m{number}")
    with sqlite3.connect(kept / ".sortyard" / "store.db") as connection:
        connection.execute("UPDATE audit SET actor = 'somebody else' WHERE number = 1")
    connection.close()

    assert (store("audit").code, "error[tampered-audit]" in store("audit").err) == (1, True)


def test_a_workspace_without_a_store_has_nothing_to_check(store: Sortyard) -> None:
    assert json.loads(store("audit", "--json").out) == {"entries": 0, "last": []}


def test_who_carried_what_is_kept_elsewhere_is_in_the_audit_log(
    store: Sortyard, kept: Path
) -> None:
    store("export", kept / "all.jsonl")
    entry = json.loads(store("audit", "--json").out)["last"][-1]

    assert (entry["act"], entry["facts"]["revealed"]) == ("export", False)


@pytest.mark.parametrize("beyond", [("expire", "--days", "9" * 9), ("audit", "--last", "9" * 30)])
def test_numbers_beyond_any_calendar_are_refused_in_words(
    store: Sortyard, beyond: tuple[str, ...]
) -> None:
    said = store(*beyond)

    assert (said.code, "error[usage]" in said.err) == (2, True)
