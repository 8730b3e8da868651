"""What is appended can be read by whoever comes next, and by nobody before."""

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sortyard.storage.journal import Journal, Segment
from sortyard.storage.journal_folder import JournalFolder
from tests.contracts.disks import full_disk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal"


@pytest.fixture
def journal(root: Path) -> Iterator[Journal]:
    journal = Journal(root)
    yield journal
    journal.close()


@pytest.fixture
def other(root: Path) -> Iterator[Journal]:
    """The journal of another worker."""
    other = Journal(root)
    yield other
    other.close()


def _folders(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.is_dir()]


def _sealed(journal: Journal) -> Segment:
    segment = journal.seal()
    assert segment is not None
    return segment


def _died(root: Path, *lines: bytes) -> None:
    """A worker that left one segment a line."""
    journal = Journal(root)
    for line in lines:
        journal.append(line)
        journal.seal()
    journal.close()


def test_nothing_is_on_disk_before_the_first_line(journal: Journal, root: Path) -> None:
    assert (journal.seal(), root.exists()) == (None, False)


@pytest.mark.parametrize("durable", [False, True])
def test_a_segment_holds_what_was_appended(root: Path, *, durable: bool) -> None:
    journal = Journal(root, durable=durable)
    journal.append(b"one\n")
    journal.append(b"two\n")

    segment = _sealed(journal)
    journal.close()

    assert (segment.read(), segment.size) == (b"one\ntwo\n", 8)


def test_a_line_is_on_its_way_to_the_disk_at_once(journal: Journal, root: Path) -> None:
    """Whoever looks while the worker lives sees it, so a killed worker has left it."""
    journal.append(b"one\n")

    assert [path.read_bytes() for path in root.glob("*/*.segment")] == [b"one\n"]


def test_the_next_line_begins_another_segment(journal: Journal) -> None:
    journal.append(b"one\n")
    first = _sealed(journal)
    journal.append(b"two\n")

    assert (first.path < _sealed(journal).path, first.read()) == (True, b"one\n")


def test_other_people_cannot_look_into_it(journal: Journal, root: Path) -> None:
    journal.append(b"one\n")

    found = [root, *_folders(root)]
    assert [stat.S_IMODE(path.stat().st_mode) for path in found] == [0o700, 0o700]


def test_two_workers_have_a_folder_each(journal: Journal, other: Journal, root: Path) -> None:
    journal.append(b"one\n")
    other.append(b"two\n")

    assert len(_folders(root)) == 2


def test_a_living_worker_is_left_alone(journal: Journal, other: Journal) -> None:
    other.append(b"one\n")
    other.seal()

    assert journal.adopt() == ()


def test_what_a_dead_worker_left_is_taken_over_oldest_first(journal: Journal, root: Path) -> None:
    _died(root, b"one\n", b"two\n")

    assert [segment.read() for segment in journal.adopt()] == [b"one\n", b"two\n"]


def test_nothing_is_taken_over_twice(journal: Journal, other: Journal, root: Path) -> None:
    _died(root, b"one\n")
    journal.adopt()

    assert (journal.adopt(), other.adopt()) == ((), ())


def test_a_folder_goes_with_its_last_segment(journal: Journal, root: Path) -> None:
    _died(root, b"one\n", b"two\n")
    first, second = journal.adopt()
    journal.forget(first)
    halfway = len(_folders(root))
    journal.forget(second)

    assert (halfway, _folders(root)) == (1, [])


def test_what_was_not_forgotten_is_there_for_the_next(
    journal: Journal, other: Journal, root: Path
) -> None:
    _died(root, b"one\n", b"two\n")
    journal.forget(journal.adopt()[0])
    journal.close()

    assert [segment.read() for segment in other.adopt()] == [b"two\n"]


def test_an_empty_folder_of_a_dead_worker_is_cleared_away(journal: Journal, root: Path) -> None:
    root.mkdir(parents=True)
    (root / "empty").mkdir()

    assert (journal.adopt(), _folders(root)) == ((), [])


def test_a_worker_that_stored_all_leaves_nothing(journal: Journal, root: Path) -> None:
    journal.append(b"one\n")
    journal.forget(_sealed(journal))
    journal.close()

    assert list(root.iterdir()) == []


def test_a_new_folder_is_never_cleared_away_by_others(root: Path) -> None:
    """Others may take it over in the moment before its lock is held, and then remove it."""
    made = threading.Event()

    def clear_away() -> None:
        while not made.is_set():
            Journal(root).adopt()

    others = [threading.Thread(target=clear_away) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for _ in range(300):
            folder = JournalFolder.made(root)
            assert (folder.path / "lock").exists()
            folder.let_go()
    finally:
        made.set()
        for other in others:
            other.join()


def test_a_folder_that_vanished_meanwhile_is_nobodys(tmp_path: Path) -> None:
    assert JournalFolder.taken(tmp_path / "gone") is None


def test_a_folder_that_was_cleared_away_is_made_again(journal: Journal, root: Path) -> None:
    journal.append(b"one\n")
    journal.forget(_sealed(journal))
    for path in _folders(root):
        (path / "lock").unlink()
        path.rmdir()
    journal.append(b"two\n")

    assert _sealed(journal).read() == b"two\n"


@pytest.mark.parametrize("room", [0, 2, 4, 6])
def test_a_full_disk_takes_all_of_the_lines_or_none(journal: Journal, room: int) -> None:
    journal.append(b"one\n")
    with full_disk(after=room), pytest.raises(OSError, match="large"):
        journal.append(b"two\nthree\n")

    assert _sealed(journal).read() == b"one\n"


def test_a_disk_that_has_room_again_takes_the_next_line(journal: Journal) -> None:
    journal.append(b"one\n")
    with full_disk(after=6), pytest.raises(OSError, match="large"):
        journal.append(b"two\n")
    journal.append(b"three\n")

    assert _sealed(journal).read() == b"one\nthree\n"


def test_a_place_where_no_folder_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = Journal(tmp_path / "file" / "journal")

    with pytest.raises(NotADirectoryError):
        journal.append(b"one\n")


def test_it_does_no_harm_to_look_where_nothing_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert Journal(tmp_path / "file" / "journal").adopt() == ()


def test_a_refused_start_leaves_no_folder(journal: Journal, root: Path) -> None:
    """However often it is tried while the disk is full."""
    for _ in range(3):
        with full_disk(), pytest.raises(OSError, match="large"):
            journal.append(b"one\n")
    journal.close()

    assert list(root.iterdir()) == []


def test_lines_are_set_aside_for_a_person(journal: Journal, root: Path) -> None:
    journal.append(b"good\nbad\n")
    segment = _sealed(journal)
    journal.set_aside([b"bad\n"], segment)
    journal.forget(segment)

    assert [path.read_bytes() for path in root.glob("*.damaged")] == [b"bad\n"]


def test_on_a_full_disk_the_whole_segment_is_set_aside(journal: Journal, root: Path) -> None:
    journal.append(b"good\nbad\n")
    segment = _sealed(journal)
    with full_disk():
        journal.set_aside([b"bad\n"], segment)
    journal.forget(segment)

    assert [path.read_bytes() for path in root.glob("*.damaged")] == [b"good\nbad\n"]


def test_what_was_set_aside_can_be_taken_in_again(
    journal: Journal, other: Journal, root: Path
) -> None:
    """A person puts it into a folder of its own, as the first lines of the module say."""
    journal.append(b"mended\n")
    segment = _sealed(journal)
    journal.set_aside([b"mended\n"], segment)
    journal.forget(segment)
    (root / "again").mkdir()
    next(root.glob("*.damaged")).rename(root / "again" / "1.segment")

    assert [segment.read() for segment in other.adopt()] == [b"mended\n"]
