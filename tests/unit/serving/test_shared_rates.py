"""What several processes count together, they count once, whatever happens between them."""

import fcntl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from math import inf, nan
from pathlib import Path
from time import monotonic

import pytest

from sortyard.serving import shared_rates
from sortyard.serving.rates import MINUTE
from sortyard.serving.shared_rates import SLOT, SharedRates
from tests.contracts.desks import FakeClock

RATE = 500  # a minute
TIMES = 400


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rates"


@pytest.fixture
def rates(file: Path) -> Iterator[SharedRates]:
    with closing(SharedRates(file, FakeClock())) as rates:
        yield rates


@pytest.fixture
def cramped(monkeypatch: pytest.MonkeyPatch) -> int:
    """A file with room for a few names."""
    monkeypatch.setattr(shared_rates, "SLOTS", 4)
    return 4


def test_no_count_is_lost_when_all_ask_at_once(file: Path) -> None:
    """Each has the file open for itself, as a process has, and asks as fast as it can."""
    clock = FakeClock()

    def ask(_: int) -> int:
        with closing(SharedRates(file, clock)) as rates:
            return sum(rates.take("k", RATE) == 0 for _ in range(TIMES))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(4))) == RATE


def test_a_process_that_starts_again_goes_on_counting(rates: SharedRates, file: Path) -> None:
    rates.take("k", 1)
    with closing(SharedRates(file, FakeClock())) as successor:
        assert successor.take("k", 1) > 0


def test_who_keeps_the_file_holds_nobody_up_for_long(
    rates: SharedRates, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_rates, "PATIENCE", 0.001)
    with file.open("rb") as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)

        assert (rates.take("k", 1), rates.take("k", 1) > 0) == (0, True)


def test_only_the_first_waits_for_who_keeps_the_file(
    rates: SharedRates, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a process that was stopped in the middle would slow down every request of the others."""
    monkeypatch.setattr(shared_rates, "PATIENCE", 0.05)
    with file.open("rb") as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)
        began = monotonic()
        for _ in range(20):
            rates.take("k", RATE)

        assert monotonic() - began < 20 * 0.05 / 2


@pytest.mark.parametrize(
    ("tokens", "filled"),
    [(nan, 0.0), (inf, 0.0), (-inf, 0.0), (-1e300, 0.0), (RATE + 1, 0.0), (1.0, nan), (1.0, inf)],
)
def test_nonsense_in_the_file_is_not_believed(
    rates: SharedRates, file: Path, tokens: float, filled: float
) -> None:
    """It neither refuses anybody nor lets anybody in for ever."""
    rates.take("k", RATE)
    places = len(file.read_bytes()) // SLOT.size
    mark = file.read_bytes()[-SLOT.size :][:16]
    file.write_bytes(SLOT.pack(mark, RATE, tokens, filled) * places)

    assert sum(rates.take("k", RATE) == 0 for _ in range(2 * RATE)) == RATE


def test_a_disk_that_refuses_makes_a_process_count_for_itself() -> None:
    with closing(SharedRates(Path("/dev/full"), FakeClock())) as rates:
        assert (rates.take("k", 1), rates.take("k", 1) > 0) == (0, True)


def test_names_that_come_after_each_other_need_no_more_room(file: Path, cramped: int) -> None:
    clock = FakeClock()
    with closing(SharedRates(file, clock)) as rates:
        for number in range(10 * cramped):
            clock.now += MINUTE
            assert (rates.take(f"k{number}", 1), rates.take(f"k{number}", 1) > 0) == (0, True)

    assert file.stat().st_size <= cramped * SLOT.size


def test_more_names_than_there_is_room_for_are_let_in(rates: SharedRates, cramped: int) -> None:
    """Some of them are counted anew, which refuses nobody."""
    assert {rates.take(f"k{number}", 1) for number in range(10 * cramped)} == {0}


def test_only_the_owner_reads_it(rates: SharedRates, file: Path) -> None:
    rates.take("k", 1)

    assert file.stat().st_mode & 0o077 == 0
