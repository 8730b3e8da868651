"""A line of the journal is read as it was written, or it is told apart."""

import string
from dataclasses import replace
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from sortyard.domain.languages import Foreign
from sortyard.domain.predictions import Degradation
from sortyard.domain.records import Record
from sortyard.storage.journal_lines import line_of, lines_of, read_lines
from tests.contracts.sinks import HARD_TEXTS, made_record

texts = st.text(st.characters(exclude_categories=()))  # half of a surrogate pair is one, too
records = st.builds(made_record, st.integers(0, 99), text=texts | st.sampled_from(HARD_TEXTS))
few_records = st.lists(records, min_size=1, max_size=4)


@given(few_records)
def test_what_was_written_is_read(kept: list[Record]) -> None:
    assert read_lines(lines_of(kept)).records == kept


@given(records)
def test_a_record_is_one_line(record: Record) -> None:
    assert line_of(record).index(b"\n") == len(line_of(record)) - 1


@given(few_records, st.data())
def test_a_cut_takes_nothing_but_the_line_it_goes_through(
    kept: list[Record], data: st.DataObject
) -> None:
    content = lines_of(kept)
    cut = data.draw(st.integers(0, len(content)))
    whole = content[:cut].count(b"\n")

    found = read_lines(content[:cut])

    assert (found.records, found.damaged) == (kept[:whole], [])


@given(few_records, st.data())
def test_a_flipped_bit_is_never_read_as_a_record(kept: list[Record], data: st.DataObject) -> None:
    content = bytearray(lines_of(kept))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 7))

    assert all(record in kept for record in read_lines(bytes(content)).records)


@given(few_records, records, st.data())
def test_a_damaged_line_in_the_middle_is_given_back(
    before: list[Record], after: Record, data: st.DataObject
) -> None:
    *_, damaged = lines = [line_of(one)[:-1] for one in before]
    place = data.draw(st.integers(0, len(damaged) - 1))
    lines[-1] = damaged[:place] + b"\x00" + damaged[place + 1 :]  # a byte that no line has

    found = read_lines(b"\n".join([*lines, line_of(after)]))

    assert (found.records, found.damaged) == ([*before[:-1], after], [lines[-1] + b"\n"])


def test_a_record_of_a_later_version_is_given_back() -> None:
    """A checksum alone does not make a record."""
    later = line_of(made_record(1)).replace(b'"route":"auto"', b'"route":"pool"')
    facts = later.split(b" ", 1)[1].rstrip(b"\n")
    line = b"%08x %b\n" % (crc32(facts), facts)

    found = read_lines(line)

    assert (found.records, found.damaged) == ([], [line])


def test_a_file_of_zeros_holds_nothing() -> None:
    """A power cut may leave a file that is long and empty."""
    found = read_lines(bytes(4096))

    assert (found.records, found.damaged) == ([], [])


def test_a_line_is_plain_ascii() -> None:
    line = line_of(made_record(1, text="grüße \ud800"))

    assert set(line.decode("ascii")) <= set(string.printable)


def test_an_answer_in_another_language_says_so_when_it_is_read() -> None:
    answer = replace(made_record(1).answer, foreign=Foreign("fr", translated=True))
    foreign = replace(made_record(1), answer=answer)

    assert read_lines(line_of(foreign)).records == [foreign]


def test_a_degraded_answer_says_so_when_it_is_read() -> None:
    answer = replace(made_record(1).answer, degraded=Degradation.NO_ENCODER)
    degraded = replace(made_record(1), answer=answer)

    assert read_lines(line_of(degraded)).records == [degraded]
