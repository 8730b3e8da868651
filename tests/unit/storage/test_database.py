"""A store is opened late, and says in plain words why it cannot be used."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from sortyard.domain.errors import InvalidSettings, StoreAway
from sortyard.storage.database import Database
from sortyard.storage.records import Records
from tests.contracts.sinks import made_record
from tests.contracts.stores import POSTGRES, lent_store

NOBODY_LISTENS = "postgresql://someone:secret@127.0.0.1:1/sortyard"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("nonsense", "is not a URL"),
        ("mysql://host/name", "known are sqlite:///FILE and postgresql://USER@HOST/NAME"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_a_url_that_cannot_be_a_store_is_refused(url: str, problem: str) -> None:
    with pytest.raises(InvalidSettings, match=problem):
        Database.open(url)


def test_a_password_is_in_no_name() -> None:
    database = Database.open(NOBODY_LISTENS)

    assert database.name == "postgresql://127.0.0.1:1/sortyard"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_one_driver_serves_every_spelling(scheme: str) -> None:
    assert Database.open(f"{scheme}://host/name").engine.dialect.driver == "psycopg"


def test_a_store_that_is_away_is_noticed_when_it_is_used() -> None:
    database = Database.open(NOBODY_LISTENS)

    with pytest.raises(StoreAway, match="no server answers there") as refused:
        database.ping()

    assert "secret" not in str(refused.value)


def test_what_a_store_refuses_is_not_quoted(database: Database) -> None:
    """A driver's message may hold the values of a row, so it is dropped with its context."""
    with pytest.raises(StoreAway) as refused, database.writing() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES ('my private words')"))

    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert "private" not in str(refused.value)
    assert "sortyard store migrate" in str(refused.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreAway, match="its file cannot be opened"):
        Database.open(f"sqlite:///{tmp_path}/nowhere/store.db").ping()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_text("Dear diary, " * 100)

    with pytest.raises(StoreAway, match="its file is not a database"):
        Database.open(f"sqlite:///{tmp_path}/store.db").ping()


def test_a_value_that_no_database_takes_is_no_absence(postgres: Database) -> None:
    """Whoever tries again until a store is back must not try that for ever."""
    with pytest.raises(ValueError, match="takes no such value"), postgres.writing() as connection:
        connection.execute(text("SELECT CAST('many' AS integer)"))


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(database: Database) -> None:
    def write_and_fail() -> None:
        insert = "INSERT INTO releases VALUES ('a', '2026-01-01', 'quick', '{}')"
        with database.writing() as connection:
            connection.execute(text(insert))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()

    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM releases")).scalar() == 0


def test_a_writer_waits_for_another_one(database: Database) -> None:
    """Even one that holds the store for a while; nobody is refused."""
    began, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing() as connection:
            connection.execute(text("DELETE FROM releases"))
            began.set()
            done.wait(10.0)

    holder = threading.Thread(target=hold)
    holder.start()
    began.wait(10.0)
    threading.Timer(0.3, done.set).start()

    assert Records(database).write([made_record(1)]) == 1
    holder.join()


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("DELETE FROM releases"))

        assert Records(database).count() == 0


def test_what_was_committed_survives_a_power_cut(sqlite: Database) -> None:
    with sqlite.reading() as connection:
        journal = connection.execute(text("PRAGMA journal_mode")).scalar()
        synchronous = connection.execute(text("PRAGMA synchronous")).scalar()

    full = 2
    assert (journal, synchronous) == ("wal", full)


def test_a_disk_that_is_full_keeps_nothing_of_a_batch(sqlite: Database) -> None:
    """And takes all of it once there is room again."""
    records = Records(sqlite)
    batch = [made_record(number, text="long " * 1_000) for number in range(50)]
    _allow_pages(sqlite, 1)  # that is: no more than there are
    with pytest.raises(StoreAway, match="its disk is full"):
        records.write(batch)
    _allow_pages(sqlite, 1_000_000)

    assert records.count() == 0
    assert records.write(batch) == 50


def _allow_pages(database: Database, number: int) -> None:
    with database.reading() as connection:  # the only one of this process, so far
        connection.execute(text(f"PRAGMA max_page_count={number}"))


def test_a_connection_that_was_cut_is_replaced(postgres: Database) -> None:
    """As after a restart of the server: whoever was writing hears of it, the next one does not."""
    before = _backend(postgres)
    _end(before)

    assert _backend(postgres) != before
    assert Records(postgres).write([made_record(1)]) == 1


def test_a_transaction_that_was_cut_keeps_nothing(postgres: Database) -> None:
    def write_and_be_cut() -> None:
        with postgres.writing() as connection:
            connection.execute(text("INSERT INTO rollouts VALUES (1, 'a', '2026-01-01', 'b', 'c')"))
            _end(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
            connection.execute(text("SELECT 1"))

    with pytest.raises(StoreAway, match="it is shutting down"):
        write_and_be_cut()
    with postgres.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM rollouts")).scalar() == 0


def _backend(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(text("SELECT pg_backend_pid()")).scalar_one()


def _end(backend: int) -> None:
    server = Database.open(POSTGRES)
    with server.reading() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend({backend}, 5000)"))
    server.close()


def test_every_kind_of_store_is_lent_empty(tmp_path: Path) -> None:
    with lent_store("sqlite", tmp_path) as database:
        assert Records(database).count() == 0
