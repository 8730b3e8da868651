"""An answer that was kept is stored, once, whatever happens on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sortyard.domain.errors import CannotKeep
from sortyard.storage.backlog import ADOPT_EVERY
from sortyard.storage.journal_lines import line_of
from sortyard.storage.recorder import BATCH, RecorderFigures
from tests.contracts.sinks import MemorySink, check_record_sink, made_record
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


def _damage_a_line(root: Path, number: int) -> None:
    """Change one letter in the line of this message."""
    path = next(root.glob("*/*.segment"))
    path.write_bytes(path.read_bytes().replace(b'"m%d"' % number, b'"n%d"' % number))


def test_the_sink_of_these_tests_is_a_sink(sink: MemorySink) -> None:
    check_record_sink(sink, sink.stored.values)


def test_what_was_kept_is_stored(worker: Worker, sink: MemorySink) -> None:
    kept = records(1, 2)
    worker.recorder.keep(kept)

    assert worker.recorder.drain()
    assert list(sink.stored.values()) == kept


def test_keeping_nothing_leaves_nothing(worker: Worker, root: Path) -> None:
    worker.recorder.keep([])

    assert not root.exists()


def test_keeping_asks_nothing_of_the_store(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(records(1))

    assert sink.batches == []


def test_what_is_stored_is_not_in_the_journal_any_more(worker: Worker, root: Path) -> None:
    worker.recorder.keep(records(1))
    worker.recorder.drain()

    assert list(root.rglob("*.segment")) == []


def test_no_batch_is_larger_than_allowed(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(records(*range(2 * BATCH + 1)))
    worker.recorder.drain()

    assert sink.batches == [BATCH, BATCH, 1]


def test_the_first_record_of_a_message_stands(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep([made_record(1, text="first")])
    worker.recorder.keep([made_record(1, text="second")])
    worker.recorder.drain()

    assert [record.kept.text for record in sink.stored.values()] == ["first"]


def test_what_a_dead_worker_kept_is_stored_by_the_next(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(records(1, 2))
    worker.die()
    worker.begin()
    worker.recorder.drain()

    assert stored(sink) == [1, 2]


def test_what_a_dead_worker_kept_is_older_than_what_comes_in(
    worker: Worker, sink: MemorySink
) -> None:
    worker.recorder.keep(records(1))
    worker.die()
    worker.begin()
    worker.recorder.keep(records(2))
    worker.recorder.drain()

    assert stored(sink) == [1, 2]


def test_a_worker_that_dies_is_noticed_by_another(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.drain()
    other = Worker(worker.root, sink)
    other.recorder.keep(records(1))
    other.die()
    worker.now += ADOPT_EVERY
    worker.recorder.drain()

    assert stored(sink) == [1]


def test_while_the_store_is_away_keeping_goes_on(worker: Worker, sink: MemorySink) -> None:
    sink.away = True
    worker.recorder.keep(records(1))
    came_through = worker.recorder.drain()
    worker.recorder.keep(records(2))
    sink.away = False

    assert (came_through, worker.recorder.drain(), stored(sink)) == (False, True, [1, 2])


def test_a_batch_that_was_cut_off_is_stored_once(worker: Worker, sink: MemorySink) -> None:
    sink.cut_off = True
    worker.recorder.keep(records(1, 2, 3, 4))
    worker.recorder.drain()
    worker.recorder.drain()

    assert (stored(sink), worker.figures.repeated) == ([1, 2, 3, 4], 2)


def test_what_does_not_fit_into_memory_is_read_from_the_journal(
    small_worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    for number in range(50):
        small_worker.recorder.keep(records(number))
        small_worker.recorder.drain()
    sink.away = False
    small_worker.recorder.drain()

    assert stored(sink) == list(range(50))


def test_a_record_that_the_store_never_takes_is_set_aside(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    sink.refused = {"m3"}
    worker.recorder.keep(records(*range(8)))
    drain_often(worker)

    aside = [path.read_bytes() for path in root.glob("*.damaged")]
    assert (stored(sink), aside) == ([0, 1, 2, 4, 5, 6, 7], [line_of(made_record(3))])


def test_a_damaged_line_is_set_aside_and_counted(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    worker.recorder.keep(records(1, 2, 3))
    worker.die()
    _damage_a_line(root, 2)
    worker.begin()
    worker.recorder.drain()

    aside = b"".join(path.read_bytes() for path in root.glob("*.damaged"))
    assert (stored(sink), worker.figures.damaged, aside.count(b"\n")) == ([1, 3], 1, 1)


def test_a_line_that_was_cut_short_does_not_count(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    """Its answer was never given."""
    worker.recorder.keep(records(1))
    worker.die()
    with next(root.glob("*/*.segment")).open("ab") as stream:
        stream.write(line_of(made_record(2))[:-20])
    worker.begin()
    worker.recorder.drain()

    assert (stored(sink), worker.figures.damaged, list(root.iterdir())) == ([1], 0, [])


def test_a_segment_that_cannot_be_read_holds_nothing_up(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    worker.recorder.keep(records(1))
    worker.die()
    path = next(root.glob("*/*.segment"))
    path.unlink()
    path.mkdir()  # no more a file than a broken sector is
    worker.begin()
    worker.recorder.keep(records(2))

    assert (worker.recorder.drain(), stored(sink)) == (False, [2])


def test_a_segment_that_somebody_removed_is_counted(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    worker.recorder.keep(records(1, 2))
    worker.die()
    sink.away = True
    worker.begin()
    worker.recorder.drain()
    next(root.glob("*/*.segment")).unlink()
    sink.away = False

    assert (worker.recorder.drain(), worker.figures.damaged) == (True, 2)


def test_a_time_that_jumps_changes_nothing(worker: Worker, sink: MemorySink) -> None:
    """Order is that of keeping, whatever the records say of their time."""
    for number in (5, 1, 9, 3):
        worker.recorder.keep(records(number))
    worker.recorder.drain()

    assert stored(sink) == [5, 1, 9, 3]


def test_the_figures_tell_what_waits(worker: Worker, sink: MemorySink) -> None:
    sink.away = True
    worker.recorder.keep(records(1, 2))
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
    worker.recorder.keep(records(1, 2, 1))
    worker.recorder.drain()

    done = worker.figures
    assert (done.queued, done.journal_bytes, done.oldest_seconds) == (0, 0, 0.0)
    assert (done.written, done.repeated, done.failures) == (2, 1, 0)


def test_the_figures_count_what_a_dead_worker_left(worker: Worker, sink: MemorySink) -> None:
    worker.recorder.keep(records(1, 2, 3))
    worker.die()
    sink.away = True
    worker.begin()
    worker.recorder.drain()

    assert worker.figures.queued == 3


def test_a_closed_recorder_has_stored_everything_and_keeps_nothing(
    worker: Worker, sink: MemorySink, root: Path
) -> None:
    worker.recorder.keep(records(1))
    worker.recorder.close()

    with pytest.raises(CannotKeep):
        worker.recorder.keep(records(2))
    assert (stored(sink), list(root.iterdir())) == ([1], [])


def test_what_cannot_be_stored_at_the_end_is_there_at_the_next_start(
    worker: Worker, sink: MemorySink
) -> None:
    sink.away = True
    worker.recorder.keep(records(1))
    worker.recorder.close()
    sink.away = False
    worker.begin()
    worker.recorder.drain()

    assert stored(sink) == [1]
