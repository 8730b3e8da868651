"""The thread stores what was kept, and nobody waits for it."""

import threading
from pathlib import Path

import pytest

from sortyard.storage.journal import Journal
from sortyard.storage.journal_lines import line_of
from sortyard.storage.recorder import BATCH, Recorder
from tests.contracts.disks import full_disk
from tests.contracts.sinks import MemorySink, made_record
from tests.unit.storage.workers import records, soon, stored


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def _recorder_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "recorder"]


def test_what_was_kept_is_stored_in_the_background(root: Path, sink: MemorySink) -> None:
    with Recorder(sink, Journal(root)) as recorder:
        recorder.keep(records(1))

        assert soon(lambda: stored(sink) == [1])


def test_a_full_batch_is_stored_at_once(root: Path, sink: MemorySink) -> None:
    with Recorder(sink, Journal(root)) as recorder:
        recorder.keep(records(*range(BATCH)))

        assert soon(lambda: len(sink.stored) == BATCH)


def test_a_slow_store_holds_nobody_up(root: Path, sink: MemorySink) -> None:
    sink.open.clear()
    with Recorder(sink, Journal(root)) as recorder:
        for number in range(3 * BATCH):
            recorder.keep(records(number))
        kept = recorder.figures.queued
        sink.open.set()

    assert (kept, stored(sink)) == (3 * BATCH, list(range(3 * BATCH)))


def test_a_store_that_comes_back_gets_everything(root: Path, sink: MemorySink) -> None:
    sink.away = True
    with Recorder(sink, Journal(root)) as recorder:
        recorder.keep(records(1, 2))
        noticed = soon(lambda: recorder.figures.away)
        sink.away = False

        assert (noticed, soon(lambda: stored(sink) == [1, 2])) == (True, True)


def test_many_threads_keep_at_once(root: Path, sink: MemorySink) -> None:
    def keep(first: int) -> None:
        for number in range(first, first + 200):
            recorder.keep(records(number))

    with Recorder(sink, Journal(root)) as recorder:
        threads = [threading.Thread(target=keep, args=(start,)) for start in range(0, 1600, 200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(stored(sink)) == list(range(1600))


def test_what_is_in_memory_alone_keeps_the_end_waiting(root: Path, sink: MemorySink) -> None:
    """The store comes back while the recorder closes."""
    sink.away = True
    recorder = Recorder(sink, Journal(root))
    recorder.start()
    with full_disk():
        recorder.keep(records(1))
        returns = threading.Timer(0.2, lambda: setattr(sink, "away", False))
        returns.start()
        recorder.close(timeout=30.0)

    assert stored(sink) == [1]


def test_a_store_that_never_answers_does_not_keep_the_server_from_stopping(
    root: Path, sink: MemorySink
) -> None:
    sink.open.clear()
    recorder = Recorder(sink, Journal(root))
    recorder.start()
    recorder.keep(records(1))
    recorder.close(timeout=0.05)
    left = [path.read_bytes() for path in root.glob("*/*.segment")]
    sink.open.set()
    ended = soon(lambda: _recorder_threads() == [])

    assert (ended, left) == (True, [line_of(made_record(1))])
