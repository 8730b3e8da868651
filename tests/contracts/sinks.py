"""The contract of `RecordSink` in `sortyard.storage.ports`, and a sink in memory that keeps it."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sortyard.domain.errors import StoreAway
from sortyard.domain.predictions import Answer, Candidate, Choice, Reason, Route, Stage
from sortyard.domain.records import KeptText, Record, TextForm
from sortyard.storage.ports import RecordSink

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HARD_TEXTS = (
    "",
    "\x00",
    "\ud800 alone",
    "👩‍👩‍👧 ﷺ",
    "'; DROP TABLE records; --",
    "a\nb\r\n\u2028c",
)


def made_record(
    number: int, *, release: str = "first", text: str = "Where is my refund?"
) -> Record:
    """Make the record of a message that has this number."""
    team = Choice(
        dimension="team",
        labels=("billing/refunds",),
        confidence=0.75,
        route=Route.AUTO,
        candidates=(Candidate("billing/refunds", 0.75), Candidate("orders", 0.125)),
        novelty=0.25,
        stage=Stage.STATIC,
    )
    flags = Choice(
        dimension="flags", labels=(), confidence=None, route=Route.REVIEW, reason=Reason.EMPTY
    )
    return Record(
        answer=Answer(
            message_id=f"m{number}", release=release, choices={"team": team, "flags": flags}
        ),
        kept=KeptText(form=TextForm.PLAIN, text=text, metadata={"source": "email", "vip": True}),
        received=NOON + timedelta(milliseconds=number),
        milliseconds=2.5,
        author="a@example.org",
        origin="http",
    )


class MemorySink:
    """A sink that can be sent away, held up, cut off half-way, or given what it never takes."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], Record] = {}
        self.batches: list[int] = []
        self.away = False
        self.cut_off = False  # the next batch is written by half
        self.refused: set[str] = set()  # ids of messages
        self.open = threading.Event()  # while it is not set, whoever writes waits
        self.open.set()

    def write(self, records: Sequence[Record]) -> int:
        self.open.wait()
        if self.away:
            raise StoreAway("memory", "it was sent away")
        if any(record.message_id in self.refused for record in records):
            raise ValueError("one of the records is refused")
        self.batches.append(len(records))
        if self.cut_off:
            self.cut_off = False
            self._add(records[: len(records) // 2])
            raise StoreAway("memory", "it was cut off")
        return self._add(records)

    def _add(self, records: Iterable[Record]) -> int:
        before = len(self.stored)
        for record in records:
            self.stored.setdefault((record.message_id, record.release), record)
        return len(self.stored) - before


def check_record_sink(sink: RecordSink, stored: Callable[[], Iterable[Record]]) -> None:
    """Hold an empty sink against its contract; `stored` tells what is in it."""
    one, two, three = (made_record(number) for number in range(3))
    assert sink.write([]) == 0
    assert sink.write([one]) == 1
    assert sink.write([one, two]) == 1
    assert sink.write([three, three]) == 1

    changed = replace(two, milliseconds=9.5)
    assert sink.write([changed]) == 0

    other = made_record(1, release="second")
    assert sink.write([other]) == 1

    hard = [made_record(10 + number, text=text) for number, text in enumerate(HARD_TEXTS)]
    assert sink.write(hard) == len(hard)
    _assert_same(stored(), [one, two, three, other, *hard])


def _assert_same(found: Iterable[Record], expected: Iterable[Record]) -> None:
    assert sorted(found, key=_key) == sorted(expected, key=_key)


def _key(record: Record) -> tuple[str, str]:
    return record.message_id, record.release
