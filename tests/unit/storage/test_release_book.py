"""A store remembers which releases there were, and which of them answered when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sortyard.storage.database import Database
from sortyard.storage.releases import KnownRelease, ReleaseBook, Rollout
from tests.contracts.sinks import NOON

FIRST = KnownRelease(
    id="r1", created=NOON, recipe="quick", figures={"team": {"accuracy": 0.9, "ece": None}}
)
HOUR = timedelta(hours=1)


def test_a_release_is_remembered_once(database: Database) -> None:
    book = ReleaseBook(database)

    assert [book.add(one) for one in (FIRST, replace(FIRST, recipe="edge"))] == [True, False]
    assert (book.find("r1"), book.find("r2")) == (FIRST, None)


def test_the_newest_release_comes_first(database: Database) -> None:
    book, second = ReleaseBook(database), replace(FIRST, id="r0", created=NOON + HOUR)
    book.add(FIRST)
    book.add(second)

    assert book.all() == (second, FIRST)


@pytest.mark.parametrize(
    ("hours", "release"), [(-1, None), (0, "r1"), (1.5, "r2"), (2, "r1"), (99, "r1")]
)
def test_what_answered_when_is_known(database: Database, hours: float, release: str | None) -> None:
    book = ReleaseBook(database)
    turns = [
        Rollout(release="r1", at=NOON, by="root", act="promote"),
        Rollout(release="r2", at=NOON + HOUR, by="root", act="promote"),
        Rollout(release="r1", at=NOON + 2 * HOUR, by="k1", act="rollback"),
    ]
    for turn in turns:
        book.note(turn)

    assert book.rollouts() == tuple(turns)
    assert book.answering(NOON + hours * HOUR) == release
