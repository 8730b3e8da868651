"""The audit log is one chain, whoever writes to it, and nobody changes it unnoticed."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from sortyard.domain.audit import START, Deed
from sortyard.domain.errors import TamperedAudit
from sortyard.storage import statements
from sortyard.storage.audit import AuditLog
from sortyard.storage.database import Database
from sortyard.storage.schema import SCHEMA
from tests.contracts.sinks import NOON

words = st.text(max_size=20)
facts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
deeds = st.builds(
    Deed,
    at=st.datetimes(
        min_value=datetime(1970, 1, 2),  # noqa: DTZ001 -- the strategy adds the zone
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001 -- as above
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
    ),
    actor=words,
    act=words,
    subject=st.text(st.characters(exclude_categories=()), max_size=20),
    facts=st.dictionaries(words, facts, max_size=3),
)


def _deed(number: int) -> Deed:
    return Deed(at=NOON, actor="root", act="promote", subject=f"r{number}", facts={"n": number})


def test_every_entry_follows_from_the_one_before(database: Database) -> None:
    log = AuditLog(database)
    one, two = log.append(_deed(1)), log.append(_deed(2))

    first, *others = log.entries()

    assert (first.number, first.before) == (1, START)
    assert (one.number, one.before) == (2, first.hash)
    assert (two.number, two.before) == (3, one.hash)
    assert others == [one, two]
    assert log.latest(1) == (two,)
    assert log.verify() == 3


def test_the_log_of_a_new_store_begins_with_how_it_was_made(database: Database) -> None:
    (first,) = AuditLog(database).entries()

    assert (first.deed.act, first.deed.facts) == ("migrate", {"before": 0, "version": SCHEMA})


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_a_deed_is_hashed_as_it_is_read_back(database: Database, deed: Deed) -> None:
    log = AuditLog(database)
    entry = log.append(deed)

    assert log.latest(1) == (entry,)
    assert entry.deed.at == deed.at
    assert log.verify() == entry.number


def test_facts_in_any_order_of_names_are_the_same(database: Database) -> None:
    """Names that are numbers become words, which sort in another order."""
    log = AuditLog(database)
    log.append(Deed(at=NOON, actor="a", act="b", subject="c", facts={10: 1, 9: (2, 3)}))  # type: ignore[dict-item]

    assert log.verify() == 2


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor = 'somebody else' WHERE number = 3",
        "UPDATE audit SET facts = '{}' WHERE number = 3",
        "UPDATE audit SET facts = 'no JSON' WHERE number = 3",
        "UPDATE audit SET hash = before WHERE number = 3",
        "DELETE FROM audit WHERE number = 2",
    ],
)
def test_a_change_is_found_where_it_was_made(database: Database, change: str) -> None:
    log = AuditLog(database)
    for number in range(5):
        log.append(_deed(number))
    with database.writing() as connection:
        connection.execute(text(change))

    with pytest.raises(TamperedAudit, match="Entry 3"):
        log.verify()


def test_writers_never_fork_the_chain(database: Database) -> None:
    def write() -> None:
        for number in range(10):
            AuditLog(database).append(_deed(number))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert AuditLog(database).verify() == 1 + 40


def test_a_long_log_is_read_page_by_page(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "PAGE", 3)
    log = AuditLog(database)
    for number in range(10):
        log.append(_deed(number))

    assert [entry.number for entry in log.entries(since=4)] == [4, 5, 6, 7, 8, 9, 10, 11]
    assert log.verify() == 1 + 10
