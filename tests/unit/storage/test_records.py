"""A record is kept once, as it was, whoever writes it and however often."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from sortyard.domain.predictions import (
    Answer,
    Candidate,
    Choice,
    Degradation,
    Reason,
    Route,
    Source,
    Stage,
)
from sortyard.domain.records import KeptText, Record, TextForm
from sortyard.storage import statements
from sortyard.storage.columns import digest, escaped, unescaped
from sortyard.storage.database import Database
from sortyard.storage.records import Records
from sortyard.storage.reviews import Reviews
from tests.contracts.sinks import NOON, check_record_sink, made_record

# Any character at all, also NUL and halves of surrogate pairs, which databases refuse.
texts = st.text(st.characters(exclude_categories=()), max_size=20)
words = st.text(max_size=20)  # JSON joins two halves of a pair, so only whole characters
moments = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001 -- as above
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)
chances = st.floats(0.0, 1.0)
choices = st.builds(
    Choice,
    dimension=st.just("team"),
    labels=st.lists(words, max_size=3).map(tuple),
    confidence=chances,
    route=st.sampled_from(Route),
    candidates=st.lists(st.builds(Candidate, words, chances), max_size=3).map(
        lambda some: tuple(sorted(some, key=lambda one: -one.confidence))
    ),
    reason=st.none() | st.sampled_from(Reason),
    novelty=st.none() | chances,
    stage=st.none() | st.sampled_from(Stage),
    source=st.sampled_from(Source),
    rule=st.none() | words,
)
metadata = st.dictionaries(
    words, words | st.integers() | st.floats(allow_nan=False) | st.booleans(), max_size=3
)
kept_texts = st.builds(
    KeptText,
    form=st.sampled_from(TextForm),
    subject=st.none() | texts,
    text=st.none() | texts,
    metadata=metadata,
)
answers = st.builds(
    Answer,
    message_id=texts.filter(bool),
    release=texts,
    choices=choices.map(lambda one: {one.dimension: one}),
    degraded=st.none() | st.sampled_from(Degradation),
)
made_records = st.builds(
    Record,
    answer=answers,
    kept=kept_texts,
    received=moments,
    milliseconds=st.floats(0.0, 1e6),
    author=st.none() | texts,
    origin=texts,
)


def _many(number: int) -> list[Record]:
    return [made_record(place) for place in range(number)]


def test_a_store_is_a_sink(database: Database) -> None:
    records = Records(database)

    check_record_sink(records, records.all)


@given(texts)
def test_whatever_a_database_refuses_is_written_as_something_else(text: str) -> None:
    written = escaped(text)

    assert unescaped(written) == text
    assert "\x00" not in written
    assert written.encode("utf-8").decode("utf-8") == written


@given(st.lists(texts).map(tuple), st.lists(texts).map(tuple))
def test_only_the_same_texts_have_the_same_digest(
    some: tuple[str, ...], others: tuple[str, ...]
) -> None:
    assert (digest(*some) == digest(*others)) == (some == others)


numbers = count()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made_records)
def test_a_record_comes_back_as_it_was(database: Database, record: Record) -> None:
    own = replace(
        record,
        answer=replace(record.answer, message_id=f"{record.message_id}{next(numbers)}"),
    )
    records = Records(database)

    assert records.write([own]) == 1
    assert records.of_message(own.message_id) == (own,)


def test_a_record_comes_back_in_utc(database: Database) -> None:
    received = datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=5)))
    records = Records(database)
    records.write([replace(made_record(1), received=received)])

    found = records.latest(1)[0].received

    assert (found.isoformat(), found) == ("2026-02-28T20:00:00+00:00", received)


def test_an_id_may_be_longer_than_any_index_allows(database: Database) -> None:
    """PostgreSQL's own limit is a third of a page."""
    name = "".join(f"{place:x}" for place in range(5_000))
    long = replace(made_record(1), answer=replace(made_record(1).answer, message_id=name))
    records = Records(database)

    assert records.write([long]) == 1
    assert records.write([long]) == 0
    assert records.of_message(name) == (long,)


def test_what_answered_a_message_is_told_in_order(database: Database) -> None:
    old = made_record(1, release="first")
    new = replace(made_record(1, release="second"), received=NOON + timedelta(hours=1))
    records = Records(database)
    records.write([new, old])

    assert records.of_message("m1") == (old, new)
    assert records.of_message("m2") == ()


def test_a_time_is_read_in_order_page_by_page(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where several messages came in at the same moment."""
    monkeypatch.setattr(statements, "PAGE", 3)
    every = _many(20)
    crowded = [replace(one, received=NOON + timedelta(milliseconds=7)) for one in every[5:12]]
    every[5:12] = crowded
    records = Records(database)
    records.write(every[::-1])

    start, end = NOON + timedelta(milliseconds=2), NOON + timedelta(milliseconds=15)
    found = list(records.between(start, end))

    assert sorted(one.message_id for one in found) == sorted(one.message_id for one in every[2:15])
    assert [one.received for one in found] == sorted(one.received for one in found)


def test_a_time_is_read_for_one_release(database: Database) -> None:
    records = Records(database)
    records.write([made_record(1), made_record(1, release="second")])

    found = list(records.between(NOON, NOON + timedelta(days=1), release="second"))

    assert [one.release for one in found] == ["second"]


def test_the_latest_come_first(database: Database) -> None:
    records = Records(database)
    records.write(_many(5))

    assert [one.message_id for one in records.latest(2)] == ["m4", "m3"]


def test_a_large_batch_is_kept_at_once(database: Database) -> None:
    records = Records(database)

    assert records.write(_many(2_500)) == records.count() == 2_500


def test_a_batch_is_kept_as_a_whole_or_not_at_all(database: Database) -> None:
    good, last = _many(1_500), made_record(1_500)
    bad = replace(last, kept=replace(last.kept, metadata={"a": object()}))
    records = Records(database)

    with pytest.raises(StatementError):
        records.write([*good, bad])

    assert records.count() == 0
    assert records.write(_many(1_500)) == 1_500


def test_writers_that_bring_the_same_records_keep_each_once(database: Database) -> None:
    records, every, new = Records(database), _many(300), []

    def write(step: int) -> None:
        mine = every if step % 2 else every[::-1]
        batches = (mine[start : start + 30] for start in range(0, len(mine), 30))
        new.extend(map(records.write, batches))

    writers = [threading.Thread(target=write, args=(step,)) for step in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sum(new) == records.count() == 300


def test_what_goes_to_a_person_opens_a_review_once(database: Database) -> None:
    records, record = Records(database), made_record(1)  # whose flags go to a person
    records.write([record])
    records.write([record])

    waiting = Reviews(database).waiting(10)

    assert [(one.message_id, one.dimensions) for one in waiting] == [("m1", ("flags",))]
