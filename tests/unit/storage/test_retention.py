"""What is to be forgotten is gone, stays gone, and leaves a number behind."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sortyard.domain.corrections import Correction
from sortyard.domain.records import Record
from sortyard.storage import retention
from sortyard.storage.audit import AuditLog
from sortyard.storage.corrections import Corrections
from sortyard.storage.database import Database
from sortyard.storage.partitions import Partitions
from sortyard.storage.records import Records
from sortyard.storage.retention import Erased, Expired, Retention
from sortyard.storage.reviews import Reviews
from sortyard.storage.schema import forgotten, record_keys
from tests.contracts.sinks import NOON, made_record

LATER = NOON + timedelta(hours=1)
ONE_DAY = timedelta(days=1)


def _correction(number: int) -> Correction:
    return Correction(
        message_id=f"m{number}",
        release="first",
        dimension="team",
        before=("orders",),
        after=("billing/refunds",),
        reviewer="r1",
        at=NOON,
    )


def _by(author: str, *numbers: int) -> list[Record]:
    return [replace(made_record(number), author=author) for number in numbers]


def _keep(database: Database, records: Sequence[Record]) -> None:
    Records(database).write(records)
    Corrections(database).add([_correction(number) for number in range(2)])


def _keys(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(record_keys)).scalar_one()


def test_a_message_is_forgotten_with_all_that_hangs_on_it(database: Database) -> None:
    _keep(database, [made_record(0), made_record(0, release="second"), made_record(1)])

    erased = Retention(database).forget_message("m0", by="root", at=LATER)

    assert erased == Erased(records=2, reviews=2, corrections=1)
    assert [one.message_id for one in Records(database).all()] == ["m1"]
    assert [one.message_id for one in Reviews(database).all()] == ["m1"]
    assert [one.message_id for one in Corrections(database).all()] == ["m1"]
    assert _keys(database) == 1


def test_an_author_is_forgotten_in_every_form(database: Database) -> None:
    _keep(database, [*_by("anna", 0, 1), *_by("5ca1ab1e", 2), *_by("bert", 3)])

    erased = Retention(database).forget_author(("anna", "5ca1ab1e"), by="root", at=LATER)

    assert erased == Erased(records=3, reviews=3, corrections=2)
    assert [one.message_id for one in Records(database).all()] == ["m3"]


def test_what_still_waits_in_a_journal_is_forgotten_too(database: Database) -> None:
    """It was received before the wish, and comes to the store after it."""
    retention, records = Retention(database), Records(database)
    retention.forget_message("m0", by="root", at=LATER)
    retention.forget_author(("anna",), by="root", at=LATER)

    assert records.write([made_record(0), *_by("anna", 1), *_by("bert", 2)]) == 1
    assert [one.message_id for one in records.all()] == ["m2"]
    assert _keys(database) == 1


def test_who_writes_again_later_is_kept_again(database: Database) -> None:
    Retention(database).forget_author(("anna",), by="root", at=NOON)
    later = [replace(one, received=LATER) for one in _by("anna", 1)]

    assert Records(database).write(later) == 1


def test_a_wish_may_be_repeated(database: Database) -> None:
    wishes = Retention(database)
    wishes.forget_message("m0", by="root", at=NOON - ONE_DAY)
    Records(database).write([made_record(0)])

    assert wishes.forget_message("m0", by="root", at=LATER).records == 1
    assert Records(database).write([made_record(0)]) == 0


def test_the_audit_log_counts_and_names_nobody(database: Database) -> None:
    _keep(database, _by("anna@example.org", 0, 1))
    wishes = Retention(database)
    wishes.forget_author(("anna@example.org",), by="root", at=LATER)
    wishes.forget_message("m7", by="root", at=LATER)

    message, author = AuditLog(database).latest(2)

    assert (author.deed.act, message.deed.act) == ("forget-author", "forget-message")
    assert dict(author.deed.facts) == {"records": 2, "reviews": 2, "corrections": 2}
    assert "anna" not in repr(author)
    assert "m7" not in repr(message)


def test_the_words_are_gone_from_the_file(sqlite: Database) -> None:
    """Also from the free pages of the file, and from its log."""
    Records(sqlite).write([made_record(0, text="utterly private"), made_record(1)])
    Retention(sqlite).forget_message("m0", by="root", at=LATER)

    files = list(Path(sqlite.name).parent.glob("store.db*"))

    assert not [file for file in files if b"utterly private" in file.read_bytes()]


@pytest.mark.parametrize("step", [1, 2, 100])
def test_days_that_are_over_expire(
    database: Database, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", step)
    now = datetime.now(UTC).replace(hour=12)
    records = Records(database)
    every = [
        replace(made_record(number), received=now - (number // 2) * ONE_DAY) for number in range(8)
    ]
    records.write(every)
    Corrections(database).add([_correction(7)])

    expired = Retention(database).expire(now - ONE_DAY, by="root", at=now)

    assert (expired.records, expired.reviews) == (4, 4)
    assert {one.message_id for one in records.all()} == {"m0", "m1", "m2", "m3"}
    assert _keys(database) == 4
    assert Corrections(database).count() == 1


def test_on_postgresql_old_days_go_as_a_whole(postgres: Database) -> None:
    now = datetime.now(UTC)
    old = (now - 3 * ONE_DAY).date()
    Records(postgres).write([replace(made_record(1), received=now - 3 * ONE_DAY)])

    expired = Retention(postgres).expire(now, by="root", at=now)

    assert expired == Expired(records=1, reviews=1, partitions=(old.isoformat(),))
    assert old not in Partitions(postgres).all()


def test_what_no_partition_holds_expires_too(postgres: Database) -> None:
    records = Records(postgres)
    records.write([replace(made_record(1), received=datetime(1970, 5, 4, tzinfo=UTC))])

    assert Retention(postgres).expire(NOON, by="root", at=NOON).records == 1
    assert records.count() == 0


def test_nothing_old_is_nothing_to_do(database: Database) -> None:
    assert Retention(database).expire(NOON, by="root", at=NOON) == Expired(records=0, reviews=0)


def test_old_wishes_expire(database: Database) -> None:
    """By then no journal holds anything that they are about."""
    wishes = Retention(database)
    wishes.forget_message("m0", by="root", at=NOON)
    wishes.expire(NOON + 2 * ONE_DAY, by="root", at=NOON + 2 * ONE_DAY)

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(forgotten)).scalar_one() == 0


def test_expiring_is_noted(database: Database) -> None:
    Retention(database).expire(NOON, by="root", at=NOON)

    deed = AuditLog(database).latest(1)[0].deed

    assert (deed.actor, deed.act, deed.subject) == ("root", "expire", "before 2026-03-01")


def test_whether_anything_is_due_is_known_before(database: Database) -> None:
    now = datetime.now(UTC).replace(hour=12)
    retention = Retention(database)
    Records(database).write([replace(made_record(0), received=now - 3 * ONE_DAY)])
    before = retention.is_due(now - 3 * ONE_DAY)
    due = retention.is_due(now - 2 * ONE_DAY)
    retention.expire(now - 2 * ONE_DAY, by="root", at=now)

    assert (before, due, retention.is_due(now - 2 * ONE_DAY)) == (False, True, False)


def test_old_wishes_are_due_too(database: Database) -> None:
    Retention(database).forget_message("m0", by="root", at=NOON)

    assert Retention(database).is_due(NOON + 2 * ONE_DAY)


def test_who_is_stopped_leaves_the_rest_for_the_next_time(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers of both times add up to what there was."""
    monkeypatch.setattr(retention, "STEP", 1)
    Records(sqlite).write([made_record(number) for number in range(4)])
    late, steps = NOON + 2 * ONE_DAY, iter([True] * 7 + [False] * 20)

    first = Retention(sqlite).expire(late, by="root", at=late, going_on=lambda: next(steps))
    second = Retention(sqlite).expire(late, by="root", at=late)

    assert 0 < first.records < 4
    assert first.records + second.records == 4
    assert not Retention(sqlite).is_due(late)


@pytest.mark.parametrize("asked", range(1, 16))
def test_who_is_killed_leaves_something_for_the_next_one_to_note(
    database: Database, monkeypatch: pytest.MonkeyPatch, asked: int
) -> None:
    """At whatever step: what is forgotten is never without an entry in the audit log."""
    monkeypatch.setattr(retention, "STEP", 1)
    Records(database).write([made_record(number) for number in range(4)])
    late, asks = NOON + 2 * ONE_DAY, count(1)

    def killed() -> bool:
        if next(asks) == asked:
            raise InterruptedError
        return True

    with suppress(InterruptedError):
        Retention(database).expire(late, by="root", at=late, going_on=killed)
    if Retention(database).is_due(late):
        Retention(database).expire(late, by="root", at=late)

    acts = [entry.deed.act for entry in AuditLog(database).entries()]
    assert (Records(database).count(), acts.count("expire")) == (0, 1)
