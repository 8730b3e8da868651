"""Whatever is killed, cut off, locked or filled up: what was kept is stored once."""

import os
import secrets
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("sqlalchemy", reason="the extra `serve` is not installed")

from sqlalchemy import text

from sortyard.domain.errors import CannotKeep
from sortyard.storage.database import Database
from sortyard.storage.journal import Journal
from sortyard.storage.migrating import migrate
from sortyard.storage.recorder import Recorder
from sortyard.storage.records import Records
from tests.contracts.sinks import NOON, MemorySink, made_record
from tests.contracts.stores import KINDS, lent_url
from tests.unit.storage.workers import soon

ROOT = Path(__file__).resolve().parents[2]
LIVES = 3
SMALL = 20_000  # bytes of lines: some thirty records


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a store that has no tables yet."""
    with lent_url(request.param, tmp_path) as lent:
        yield lent


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    with lent_url("postgresql", tmp_path) as lent:
        yield lent


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database.open(url)
    try:
        migrate(database, by="root", at=NOON)
        yield database
    finally:
        database.close()


def _stored(database: Database) -> Counter[int]:
    """How often each record is in the store."""
    return Counter(int(record.message_id[1:]) for record in Records(database).all())


def _keep_until_killed(journal: Path, store: str, *, first: int, most: int) -> list[int]:
    """Give the numbers of the records that a worker said it kept, before it was killed."""
    command = [sys.executable, "-m", "tests.functional.keeping", str(journal), store, str(first)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    kept = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as worker:
        assert worker.stdout is not None
        for line in worker.stdout:
            kept.append(int(line))
            if len(kept) == most:
                worker.kill()
    assert len(kept) >= most
    return kept


def test_a_killed_worker_loses_nothing_and_nothing_is_stored_twice(
    store: str, tmp_path: Path
) -> None:
    random, journal = Random(3), tmp_path / "journal"
    kept: list[int] = []
    with _opened(store) as database:
        for life in range(LIVES):
            most = random.randint(200, 2_000)
            kept += _keep_until_killed(journal, store, first=life * 1_000_000, most=most)
        with Recorder(Records(database), Journal(journal)):
            pass
        stored = _stored(database)

    assert (set(kept) - set(stored), set(stored.values())) == (set(), {1})
    assert list(journal.iterdir()) == []


def test_two_workers_that_are_killed_share_a_store(store: str, tmp_path: Path) -> None:
    """Each of them adopts what the other one left, while it keeps its own."""
    journal = tmp_path / "journal"
    with _opened(store) as database:
        kept = _keep_until_killed(journal, store, first=0, most=700)
        with Recorder(Records(database), Journal(journal)) as recorder:
            kept += _keep_until_killed(journal, store, first=1_000_000, most=700)
            for number in range(2_000_000, 2_000_300):
                recorder.keep([made_record(number)])
                kept.append(number)
        with Recorder(Records(database), Journal(journal)):
            pass
        stored = _stored(database)

    assert (set(kept) - set(stored), set(stored.values())) == (set(), {1})


def test_a_server_that_drops_its_connections_gets_each_record_once(
    postgres: str, tmp_path: Path
) -> None:
    name, numbers = f"sortyard_test_{secrets.token_hex(8)}", range(3_000)
    drop = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"
    ).bindparams(name=name)
    ours = f"{postgres}&application_name={name}"
    with _opened(postgres) as other, _opened(ours) as database:
        with Recorder(Records(database), Journal(tmp_path / "journal")) as recorder:
            for number in numbers:
                recorder.keep([made_record(number)])
                if number % 300 == 0:
                    with other.writing() as connection:
                        connection.execute(drop)
            done = soon(lambda: recorder.figures.queued == 0)
        stored = _stored(database)

    assert (done, stored) == (True, Counter(numbers))


def test_a_store_that_somebody_else_has_locked_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with _opened(f"sqlite:///{path}") as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with Recorder(Records(database), Journal(tmp_path / "journal")) as recorder:
            for number in range(600):
                recorder.keep([made_record(number)])
            waiting = recorder.figures.queued
            other.execute("COMMIT")
            other.close()
            done = soon(lambda: recorder.figures.queued == 0)

        assert (waiting, done, _stored(database)) == (600, True, Counter(range(600)))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a disk of its own cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _fill(disk: Path) -> Path:
    """Leave no room on a disk, and give the file that takes it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            while stream.write(bytes(4096)):
                pass
        except OSError:
            return ballast
    raise AssertionError("the disk has no end")


def _keep_as_many_as_can_be(recorder: Recorder, *, first: int = 0) -> range:
    """Keep records until no more can be kept."""
    for number in range(first, first + 100_000):
        try:
            recorder.keep([made_record(number)])
        except CannotKeep:
            return range(first, number)
    raise AssertionError("more is kept than there is room for")


def test_a_full_disk_with_no_store_stops_answers_and_loses_none(disk: Path) -> None:
    sink = MemorySink()
    sink.away = True
    with Recorder(sink, Journal(disk / "journal"), most_in_memory=SMALL) as recorder:
        kept = _keep_as_many_as_can_be(recorder)
        sink.away = False
        done = soon(lambda: recorder.figures.queued == 0)
        recorder.keep([made_record(len(kept))])  # there is room again

    assert done
    assert [message_id for message_id, _ in sink.stored] == [f"m{n}" for n in range(len(kept) + 1)]


def test_a_store_on_the_same_full_disk_loses_nothing_either(disk: Path) -> None:
    with _opened(f"sqlite:///{disk / 'store.db'}") as database:
        recorder = Recorder(Records(database), Journal(disk / "journal"), most_in_memory=SMALL)
        recorder.start()
        recorder.keep([made_record(0)])
        ballast = _fill(disk)
        kept = _keep_as_many_as_can_be(recorder, first=1)
        ballast.unlink()
        done = soon(lambda: recorder.figures.queued == 0)
        recorder.close()

        stored = _stored(database)
        assert (done, [n for n in kept if stored[n] != 1], max(stored.values())) == (True, [], 1)
