"""Where the disk refuses, an answer is stored before it is given, or held, or refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sortyard.domain.errors import CannotKeep
from sortyard.storage.journal_lines import line_of
from tests.contracts.disks import full_disk
from tests.contracts.sinks import MemorySink, made_record
from tests.unit.storage.workers import ROOM_FOR_SIX, Worker, drain_often, records, stored


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def worker(root: Path, sink: MemorySink) -> Iterator[Worker]:
    worker = Worker(root, sink)
    yield worker
    worker.die()


@pytest.fixture
def small_worker(root: Path, sink: MemorySink) -> Iterator[Worker]:
    worker = Worker(root, sink, most_in_memory=ROOM_FOR_SIX)
    yield worker
    worker.die()


def test_on_a_full_disk_a_record_is_stored_before_keeping_ends(
    worker: Worker, sink: MemorySink
) -> None:
    with full_disk():
        worker.recorder.keep(records(1))

    assert (stored(sink), worker.figures.failures) == ([1], 1)


def test_on_a_full_disk_with_no_store_memory_has_to_do(worker: Worker, sink: MemorySink) -> None:
    sink.away = True
    with full_disk():
        worker.recorder.keep(records(1))
        exposed = worker.figures.exposed
        sink.away = False
        worker.recorder.drain()

    assert (exposed, worker.figures.exposed, stored(sink)) == (1, 0, [1])


def test_when_memory_is_full_as_well_the_answer_is_not_given(
    small_worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    with full_disk():
        for number in range(6):
            small_worker.recorder.keep(records(number))
        with pytest.raises(CannotKeep):
            small_worker.recorder.keep(records(6))
    sink.away = False
    small_worker.recorder.drain()

    assert stored(sink) == [0, 1, 2, 3, 4, 5]


def test_what_the_journal_has_makes_room_for_what_it_has_not(
    small_worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    small_worker.recorder.keep(records(1, 2, 3, 4))
    with full_disk():
        small_worker.recorder.keep(records(5, 6, 7, 8))
    sink.away = False
    small_worker.recorder.drain()

    assert stored(sink) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_what_is_in_memory_alone_goes_into_the_journal_when_it_can(
    worker: Worker, sink: MemorySink
) -> None:
    """Then it outlives the worker, too."""
    sink.away = True
    with full_disk():
        worker.recorder.keep(records(1))
    worker.recorder.drain()
    worker.die()
    sink.away = False
    worker.begin()
    worker.recorder.drain()

    assert stored(sink) == [1]


def test_on_a_full_disk_a_record_to_set_aside_waits_for_room(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    sink.away = True
    with full_disk():
        worker.recorder.keep(records(1, 2))
        sink.away, sink.refused = False, {"m1"}
        done = drain_often(worker), worker.figures.exposed
    drain_often(worker)

    aside = [path.read_bytes() for path in root.glob("*.damaged")]
    assert (done, stored(sink), aside) == ((False, 1), [2], [line_of(made_record(1))])


def test_it_does_not_end_in_silence_with_records_in_memory_alone(
    worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    with full_disk():
        worker.recorder.keep(records(1))
        with pytest.raises(CannotKeep):
            worker.recorder.close()
