"""The time of day may jump under load: nothing that waits, counts or keeps heeds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sortyard.domain.access import Scope
from sortyard.models.classifier import Classifier
from sortyard.serving.access import Gate
from sortyard.storage.journal import Journal
from sortyard.storage.recorder import Recorder
from sortyard.storage.records import Records
from tests.contracts.desks import FakeClock
from tests.contracts.http_fronts import open_front
from tests.contracts.key_books import MadeKey, MemoryBook
from tests.contracts.loops import Loop
from tests.contracts.stores import lent_store
from tests.contracts.tiny_release import tiny_dataset

PATH = "/v1/classify"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
TEXTS = tiny_dataset(100, seed=5).texts
KEY = MadeKey.of("helpdesk", Scope.CLASSIFY, per_minute=len(TEXTS))
HEADERS = {"authorization": KEY.authorization}
JUMPS: dict[str, Sequence[timedelta]] = {
    "ahead and back": [36 * AN_HOUR, -2 * AN_HOUR],
    "by years": [40_000 * AN_HOUR, -7_000 * AN_HOUR],
    "to and fro": [(-1) ** place * AN_HOUR for place in range(50)],
}


@dataclass(slots=True)
class TimeOfDay:
    """A clock that somebody sets."""

    wrong: timedelta = timedelta()

    def __call__(self) -> datetime:
        return NOON + self.wrong


@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
def test_every_message_is_answered_and_kept_once_while_the_clock_jumps(
    loop: Loop, trained: Classifier, tmp_path: Path, jumps: Sequence[timedelta]
) -> None:
    now = TimeOfDay()
    with lent_store("sqlite", tmp_path) as database:
        records = Records(database)
        with Recorder(records, Journal(tmp_path / "journal")) as recorder:
            wired = {"recorder": recorder, "now": now}
            gate = Gate(MemoryBook([KEY.key]), now=now)
            gate.refresh()
            with open_front(loop, trained, wired=wired, gate=gate, now=now) as front:
                statuses = set()
                for place, text in enumerate(TEXTS):
                    now.wrong = jumps[place * len(jumps) // len(TEXTS)]
                    body = {"id": f"m{place}", "text": text}
                    statuses.add(front.post(PATH, body, headers=HEADERS).status_code)

        assert statuses == {200}
        assert sorted(one.message_id for one in records.all()) == sorted(
            f"m{place}" for place in range(len(TEXTS))
        )


def test_a_clock_that_jumps_gives_nobody_more_than_the_rate(
    loop: Loop, trained: Classifier
) -> None:
    now = TimeOfDay()
    key = MadeKey.of("console", Scope.CLASSIFY, per_minute=3)
    gate = Gate(MemoryBook([key.key]), now=now, clock=FakeClock())
    gate.refresh()
    statuses = []
    with open_front(loop, trained, gate=gate) as front:
        for hours in (0, 36, -2, 36):
            now.wrong = hours * AN_HOUR
            answer = front.post(PATH, {"text": "a"}, headers={"authorization": key.authorization})
            statuses.append(answer.status_code)

    assert statuses == [200, 200, 200, 429]
