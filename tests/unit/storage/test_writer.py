"""A sink that is away is left alone; a record that it never takes is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.errors import StoreAway
from sortyard.storage.writer import FIRST_PAUSE, LONGEST_PAUSE, TRIES, Writer
from tests.contracts.sinks import MemorySink, made_record

RECORDS = [made_record(number) for number in range(20)]


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def writer(sink: MemorySink) -> Writer:
    return Writer(sink)


def _fail(writer: Writer) -> float:
    """Write once to a sink that is away, and give the pause after it."""
    with pytest.raises(StoreAway):
        writer.write(RECORDS)
    return writer.pause


def test_pauses_grow_up_to_a_limit(writer: Writer, sink: MemorySink) -> None:
    sink.away = True
    pauses = [_fail(writer) for _ in range(6)]

    assert (pauses[:2], pauses[-2:]) == ([FIRST_PAUSE, 2 * FIRST_PAUSE], [LONGEST_PAUSE] * 2)


def test_a_write_that_succeeds_ends_the_pause(writer: Writer, sink: MemorySink) -> None:
    sink.away = True
    _fail(writer)
    sink.away = False
    writer.write(RECORDS)

    assert (writer.away, writer.failures, writer.written) == (False, 1, len(RECORDS))


def test_a_strange_failure_may_pass_by_itself(writer: Writer, sink: MemorySink) -> None:
    sink.refused = {"m3"}
    for _ in range(TRIES - 1):
        _fail(writer)
    sink.refused = set()

    assert (writer.write(RECORDS), len(sink.stored)) == ([], len(RECORDS))


@given(st.sets(st.sampled_from(range(20))))
def test_exactly_what_the_sink_never_takes_is_given_back(never: set[int]) -> None:
    sink = MemorySink()
    sink.refused = {f"m{number}" for number in never}
    writer = Writer(sink)
    for _ in range(TRIES - 1 if never else 0):
        _fail(writer)

    assert writer.write(RECORDS) == [RECORDS[number] for number in sorted(never)]
    assert len(sink.stored) == len(RECORDS) - len(never)
