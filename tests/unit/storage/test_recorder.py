"""An answer that was kept is stored, once, whatever happens on the way."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import pytest

from sortyard.domain.errors import CannotKeep
from sortyard.domain.records import Record
from sortyard.storage.backlog import ADOPT_EVERY
from sortyard.storage.journal import Journal
from sortyard.storage.journal_lines import line_of
from sortyard.storage.recorder import BATCH, Recorder, RecorderFigures
from sortyard.storage.writer import TRIES
from tests.contracts.disks import full_disk
from tests.contracts.sinks import MemorySink, check_record_sink, made_record

LINE = len(line_of(made_record(1)))
SMALL = 6 * LINE + LINE // 2  # bytes: room for six records in memory


@dataclass
class Worker:
    """A worker that stores by hand, and can die."""

    root: Path
    sink: MemorySink
    most_in_memory: int = 2**20
    now: float = 0.0
    journal: Journal = field(init=False)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.journal = Journal(self.root)
        self.recorder = Recorder(
            self.sink,
            self.journal,
            most_in_memory=self.most_in_memory,
            clock=lambda: self.now,
        )

    def die(self) -> None:
        """Leave everything as it is; the system frees the lock."""
        self.journal.close()

    @property
    def figures(self) -> RecorderFigures:
        return self.recorder.figures


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
    worker = Worker(root, sink, most_in_memory=SMALL)
    yield worker
    worker.die()


def _records(*numbers: int) -> list[Record]:
    return [made_record(number) for number in numbers]


def _stored(sink: MemorySink) -> list[int]:
    return [int(message_id[1:]) for message_id, _ in sink.stored]


def _drain_often(worker: Worker) -> bool:
    """Try until what the store refuses without a reason is believed to be refused for ever."""
    return [worker.recorder.drain() for _ in range(TRIES)][-1]


def _soon(condition: Callable[[], bool], *, seconds: float = 30.0) -> bool:
    deadline = monotonic() + seconds
    while not condition():
        if monotonic() > deadline:
            return False
        sleep(0.005)
    return True


def _recorder_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "recorder"]


def _damage_a_line(root: Path, number: int) -> None:
    """Change one letter in the line of this message."""
    path = next(root.glob("*/*.segment"))
    path.write_bytes(path.read_bytes().replace(b'"m%d"' % number, b'"n%d"' % number))


def test_the_sink_of_these_tests_is_a_sink(sink: MemorySink) -> None:
    check_record_sink(sink, sink.stored.values)


def test_what_was_kept_is_stored(worker: Worker, sink: MemorySink) -> None:
    records = _records(1, 2)
    worker.recorder.keep(records)

    assert worker.recorder.drain()
    assert list(sink.stored.values()) == records


def test_keeping_nothing_leaves_nothing(worker: Worker, root: Path) -> None:
    worker.recorder.keep([])

    assert not root.exists()


def test_keeping_asks_nothing_of_the_store(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(_records(1))

    assert sink.batches == []


def test_what_is_stored_is_not_in_the_journal_any_more(worker: Worker, root: Path) -> None:
    worker.recorder.keep(_records(1))
    worker.recorder.drain()

    assert list(root.rglob("*.segment")) == []


def test_no_batch_is_larger_than_allowed(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(_records(*range(2 * BATCH + 1)))
    worker.recorder.drain()

    assert sink.batches == [BATCH, BATCH, 1]


def test_the_first_record_of_a_message_stands(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep([made_record(1, text="first")])
    worker.recorder.keep([made_record(1, text="second")])
    worker.recorder.drain()

    assert [record.kept.text for record in sink.stored.values()] == ["first"]


def test_what_a_dead_worker_kept_is_stored_by_the_next(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(_records(1, 2))
    worker.die()
    worker.begin()
    worker.recorder.drain()

    assert _stored(sink) == [1, 2]


def test_what_a_dead_worker_kept_is_older_than_what_comes_in(
    worker: Worker, sink: MemorySink
) -> None:
    worker.recorder.keep(_records(1))
    worker.die()
    worker.begin()
    worker.recorder.keep(_records(2))
    worker.recorder.drain()

    assert _stored(sink) == [1, 2]


def test_a_worker_that_dies_is_noticed_by_another(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.drain()
    other = Worker(worker.root, sink)
    other.recorder.keep(_records(1))
    other.die()
    worker.now += ADOPT_EVERY
    worker.recorder.drain()

    assert _stored(sink) == [1]


def test_while_the_store_is_away_keeping_goes_on(worker: Worker, sink: MemorySink) -> None:
    sink.away = True
    worker.recorder.keep(_records(1))
    came_through = worker.recorder.drain()
    worker.recorder.keep(_records(2))
    sink.away = False

    assert (came_through, worker.recorder.drain(), _stored(sink)) == (False, True, [1, 2])


def test_a_batch_that_was_cut_off_is_stored_once(worker: Worker, sink: MemorySink) -> None:
    sink.cut_off = True
    worker.recorder.keep(_records(1, 2, 3, 4))
    worker.recorder.drain()
    worker.recorder.drain()

    assert (_stored(sink), worker.figures.repeated) == ([1, 2, 3, 4], 2)


def test_what_does_not_fit_into_memory_is_read_from_the_journal(
    small_worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    for number in range(50):
        small_worker.recorder.keep(_records(number))
        small_worker.recorder.drain()
    sink.away = False
    small_worker.recorder.drain()

    assert _stored(sink) == list(range(50))


def test_a_record_that_the_store_never_takes_is_set_aside(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    sink.refused = {"m3"}
    worker.recorder.keep(_records(*range(8)))
    _drain_often(worker)

    aside = [path.read_bytes() for path in root.glob("*.damaged")]
    assert (_stored(sink), aside) == ([0, 1, 2, 4, 5, 6, 7], [line_of(made_record(3))])


def test_a_damaged_line_is_set_aside_and_counted(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    worker.recorder.keep(_records(1, 2, 3))
    worker.die()
    _damage_a_line(root, 2)
    worker.begin()
    worker.recorder.drain()

    aside = b"".join(path.read_bytes() for path in root.glob("*.damaged"))
    assert (_stored(sink), worker.figures.damaged, aside.count(b"\n")) == ([1, 3], 1, 1)


def test_a_line_that_was_cut_short_does_not_count(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    """Its answer was never given."""
    worker.recorder.keep(_records(1))
    worker.die()
    with next(root.glob("*/*.segment")).open("ab") as stream:
        stream.write(line_of(made_record(2))[:-20])
    worker.begin()
    worker.recorder.drain()

    assert (_stored(sink), worker.figures.damaged, list(root.iterdir())) == ([1], 0, [])


def test_a_segment_that_cannot_be_read_holds_nothing_up(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    worker.recorder.keep(_records(1))
    worker.die()
    path = next(root.glob("*/*.segment"))
    path.unlink()
    path.mkdir()  # no more a file than a broken sector is
    worker.begin()
    worker.recorder.keep(_records(2))

    assert (worker.recorder.drain(), _stored(sink)) == (True, [2])
    assert (worker.figures.damaged, path.exists()) == (1, True)


def test_on_a_full_disk_a_record_is_stored_before_keeping_ends(
    worker: Worker, sink: MemorySink
) -> None:
    with full_disk():
        worker.recorder.keep(_records(1))

    assert (_stored(sink), worker.figures.failures) == ([1], 1)


def test_on_a_full_disk_with_no_store_memory_has_to_do(worker: Worker, sink: MemorySink) -> None:
    sink.away = True
    with full_disk():
        worker.recorder.keep(_records(1))
        exposed = worker.figures.exposed
        sink.away = False
        worker.recorder.drain()

    assert (exposed, worker.figures.exposed, _stored(sink)) == (1, 0, [1])


def test_when_memory_is_full_as_well_the_answer_is_not_given(
    small_worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    with full_disk():
        for number in range(6):
            small_worker.recorder.keep(_records(number))
        with pytest.raises(CannotKeep):
            small_worker.recorder.keep(_records(6))
    sink.away = False
    small_worker.recorder.drain()

    assert _stored(sink) == [0, 1, 2, 3, 4, 5]


def test_what_the_journal_has_makes_room_for_what_it_has_not(
    small_worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    small_worker.recorder.keep(_records(1, 2, 3, 4))
    with full_disk():
        small_worker.recorder.keep(_records(5, 6, 7, 8))
    sink.away = False
    small_worker.recorder.drain()

    assert _stored(sink) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_what_is_in_memory_alone_goes_into_the_journal_when_it_can(
    worker: Worker, sink: MemorySink
) -> None:
    """Then it outlives the worker, too."""
    sink.away = True
    with full_disk():
        worker.recorder.keep(_records(1))
    worker.recorder.drain()
    worker.die()
    sink.away = False
    worker.begin()
    worker.recorder.drain()

    assert _stored(sink) == [1]


def test_on_a_full_disk_a_record_to_set_aside_waits_for_room(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    sink.away = True
    with full_disk():
        worker.recorder.keep(_records(1, 2))
        sink.away, sink.refused = False, {"m1"}
        done = _drain_often(worker), worker.figures.exposed
    _drain_often(worker)

    aside = [path.read_bytes() for path in root.glob("*.damaged")]
    assert (done, _stored(sink), aside) == ((False, 1), [2], [line_of(made_record(1))])


def test_a_time_that_jumps_changes_nothing(worker: Worker, sink: MemorySink) -> None:
    """Order is that of keeping, whatever the records say of their time."""
    for number in (5, 1, 9, 3):
        worker.recorder.keep(_records(number))
    worker.recorder.drain()

    assert _stored(sink) == [5, 1, 9, 3]


def test_the_figures_tell_what_waits(worker: Worker, sink: MemorySink) -> None:
    sink.away = True
    worker.recorder.keep(_records(1, 2))
    worker.now = 7.0
    worker.recorder.drain()

    assert worker.figures == RecorderFigures(
        queued=2,
        exposed=0,
        journal_bytes=len(line_of(made_record(1))) + len(line_of(made_record(2))),
        oldest_seconds=7.0,
        written=0,
        repeated=0,
        failures=1,
        damaged=0,
        away=True,
    )


def test_the_figures_tell_what_was_done(worker: Worker) -> None:
    worker.recorder.keep(_records(1, 2, 1))
    worker.recorder.drain()

    done = worker.figures
    assert (done.queued, done.journal_bytes, done.oldest_seconds) == (0, 0, 0.0)
    assert (done.written, done.repeated, done.failures) == (2, 1, 0)


def test_the_figures_count_what_a_dead_worker_left(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(_records(1, 2, 3))
    worker.die()
    sink.away = True
    worker.begin()
    worker.recorder.drain()

    assert worker.figures.queued == 3


def test_a_closed_recorder_has_stored_everything_and_keeps_nothing(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    worker.recorder.keep(_records(1))
    worker.recorder.close()

    with pytest.raises(CannotKeep):
        worker.recorder.keep(_records(2))
    assert (_stored(sink), list(root.iterdir())) == ([1], [])


def test_what_cannot_be_stored_at_the_end_is_there_at_the_next_start(
    worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    worker.recorder.keep(_records(1))
    worker.recorder.close()
    sink.away = False
    worker.begin()
    worker.recorder.drain()

    assert _stored(sink) == [1]


def test_it_does_not_end_in_silence_with_records_in_memory_alone(
    worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    with full_disk():
        worker.recorder.keep(_records(1))
        with pytest.raises(CannotKeep):
            worker.recorder.close()


# From here on the thread stores.


def test_what_was_kept_is_stored_in_the_background(root: Path, sink: MemorySink) -> None:
    with Recorder(sink, Journal(root)) as recorder:
        recorder.keep(_records(1))

        assert _soon(lambda: _stored(sink) == [1])


def test_a_full_batch_is_stored_at_once(root: Path, sink: MemorySink) -> None:
    with Recorder(sink, Journal(root)) as recorder:
        recorder.keep(_records(*range(BATCH)))

        assert _soon(lambda: len(sink.stored) == BATCH)


def test_a_slow_store_holds_nobody_up(root: Path, sink: MemorySink) -> None:
    sink.open.clear()
    with Recorder(sink, Journal(root)) as recorder:
        for number in range(3 * BATCH):
            recorder.keep(_records(number))
        kept = recorder.figures.queued
        sink.open.set()

    assert (kept, _stored(sink)) == (3 * BATCH, list(range(3 * BATCH)))


def test_a_store_that_comes_back_gets_everything(root: Path, sink: MemorySink) -> None:
    sink.away = True
    with Recorder(sink, Journal(root)) as recorder:
        recorder.keep(_records(1, 2))
        noticed = _soon(lambda: recorder.figures.away)
        sink.away = False

        assert (noticed, _soon(lambda: _stored(sink) == [1, 2])) == (True, True)


def test_many_threads_keep_at_once(root: Path, sink: MemorySink) -> None:
    def keep(first: int) -> None:
        for number in range(first, first + 200):
            recorder.keep(_records(number))

    with Recorder(sink, Journal(root)) as recorder:
        threads = [threading.Thread(target=keep, args=(start,)) for start in range(0, 1600, 200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(_stored(sink)) == list(range(1600))


def test_what_is_in_memory_alone_keeps_the_end_waiting(root: Path, sink: MemorySink) -> None:
    """The store comes back while the recorder closes."""
    sink.away = True
    recorder = Recorder(sink, Journal(root))
    recorder.start()
    with full_disk():
        recorder.keep(_records(1))
        returns = threading.Timer(0.2, lambda: setattr(sink, "away", False))
        returns.start()
        recorder.close(timeout=30.0)

    assert _stored(sink) == [1]


def test_a_store_that_never_answers_does_not_keep_the_server_from_stopping(
    root: Path, sink: MemorySink
) -> None:
    sink.open.clear()
    recorder = Recorder(sink, Journal(root))
    recorder.start()
    recorder.keep(_records(1))
    recorder.close(timeout=0.05)
    left = [path.read_bytes() for path in root.glob("*/*.segment")]
    sink.open.set()
    ended = _soon(lambda: _recorder_threads() == [])

    assert (ended, left) == (True, [line_of(made_record(1))])
