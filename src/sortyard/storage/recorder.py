"""Keeps every answer: in the journal before it is given, in the store soon after."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from types import TracebackType
from typing import Self

from sortyard.domain.errors import CannotKeep, StoreAway
from sortyard.domain.records import Record
from sortyard.storage.backlog import MOST_IN_MEMORY, Backlog
from sortyard.storage.journal import Journal
from sortyard.storage.journal_lines import line_of, lines_of
from sortyard.storage.parts import Part
from sortyard.storage.ports import RecordSink
from sortyard.storage.writer import Writer

BATCH = 500  # records that are written to the store at once
# Seconds until fewer are written: every write is work beside the answers, and a big one holds
# them up for long.
GATHER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderFigures:
    """How keeping fares: what waits now, and what came to pass since the start."""

    queued: int  # records that the store does not have yet
    exposed: int  # of them, those in memory alone, because the disk refuses and the store is away
    journal_bytes: int
    oldest_seconds: float  # how long the oldest of them has waited
    written: int  # records that were new to the store
    repeated: int  # records that the store had already
    failures: int  # times that the store was away, the disk refused, or something else broke
    damaged: int  # lines that were set aside for a person to look at, or removed by somebody else
    away: bool  # whether the store was away at the last try


class Recorder:
    """
    Keeps records so that none is lost, and none is stored twice.

    What `keep` took is in the journal: a process that is killed at any moment leaves it to the next
    one. A thread writes it to the store, however long the store is away, and nobody waits for that.
    Only where the disk refuses does `keep` write to the store itself; where the store is away as
    well, records stay in memory until that is full, and from then on `keep` says `CannotKeep`.
    """

    def __init__(
        self,
        sink: RecordSink,
        journal: Journal,
        *,
        most_in_memory: int = MOST_IN_MEMORY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer = Writer(sink)
        self._backlog = Backlog(journal, most_in_memory=most_in_memory, clock=clock)
        self._clock = clock
        self._due = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._deadline = inf
        self._accidents = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Write to the store from now on, first what earlier processes left behind."""
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def keep(self, records: Sequence[Record]) -> None:
        """Return when these records are safe; `CannotKeep` where they can be kept nowhere."""
        if self._closed:
            raise CannotKeep("the server is stopping")
        if not records:
            return
        lines = lines_of(records)
        try:
            together = self._backlog.append(records, lines)
        except OSError as error:
            self._keep_without_journal(records, lines, error.strerror or "without a reason")
        else:
            if together >= BATCH and not self._writer.away:
                self._due.set()

    def drain(self) -> bool:
        """Store what was kept until now, oldest first; False where some of it has to wait."""
        self._backlog.adopt()
        self._backlog.rescue()
        try:
            self._are_stored(self._backlog.sealed())
            return self._are_stored(self._backlog.seal())
        except StoreAway:
            return False

    def close(self, timeout: float = 10.0) -> None:
        """
        Store what was kept, and stop.

        What the store does not take within `timeout` seconds stays in the journal for the next
        start; `CannotKeep` where some of it is in memory alone.
        """
        self._deadline = self._clock() + timeout
        self._closed = True
        self._due.set()
        if self._thread is None:
            self.drain()
            self._backlog.close()
        else:
            self._thread.join(timeout)
        exposed = self.figures.exposed
        if exposed:
            raise CannotKeep(f"{exposed} records are in memory alone, and the server stops")

    @property
    def figures(self) -> RecorderFigures:
        """Tell how keeping fares."""
        now, parts = self._clock(), self._backlog.snapshot()
        return RecorderFigures(
            queued=sum(part.waiting for part in parts),
            exposed=sum(part.waiting for part in parts if not part.journalled),
            journal_bytes=sum(part.size for part in parts if part.journalled),
            oldest_seconds=max((now - part.since for part in parts), default=0.0),
            written=self._writer.written,
            repeated=self._writer.repeated,
            failures=self._writer.failures + self._backlog.refusals + self._accidents,
            damaged=self._backlog.damaged,
            away=self._writer.away,
        )

    def _keep_without_journal(self, records: Sequence[Record], lines: bytes, why: str) -> None:
        """Write records to the store at once, or hold them in memory while it is away."""
        if not self._writer.away:
            with suppress(StoreAway):
                if self._writer.write(records):
                    raise CannotKeep(f"the journal refuses ({why}), and so does the store")
                return
        if not self._backlog.hold(records, lines):
            raise CannotKeep(f"the journal refuses ({why}), the store is away, and memory is full")

    def _are_stored(self, parts: Iterable[Part]) -> bool:
        """Store parts; False where one of them has to wait, which holds up no other."""
        waiting = [part for part in parts if not self._is_stored(part)]
        return not waiting

    def _is_stored(self, part: Part) -> bool:
        """Store one part and forget it; `StoreAway` leaves the rest of it for later."""
        if self._is_late():
            return False
        try:
            lines = self._backlog.contents(part)
        except FileNotFoundError:
            self._backlog.give_up(part)
            return True
        except OSError:  # too many open files, or a broken disk
            self._accidents += 1
            return False
        while part.stored < len(lines.records):
            if self._is_late():
                return False
            batch = lines.records[part.stored : part.stored + BATCH]
            part.refused += self._writer.write(batch)
            part.stored += len(batch)
        return self._is_forgotten(part, lines.damaged)

    def _is_forgotten(self, part: Part, damaged: Sequence[bytes]) -> bool:
        """Forget a part that is stored; False where the disk does not take what is set aside."""
        if part.refused and not part.journalled:
            return False
        aside = (*damaged, *map(line_of, part.refused))
        try:
            self._backlog.forget(part, aside)
        except OSError:
            return False
        return True

    def _is_late(self) -> bool:
        return self._clock() > self._deadline

    def _run(self) -> None:
        """Drain until closed, and once more; longer only for what is in memory alone."""
        while True:
            closing = self._closed
            try:
                self.drain()
            except Exception:  # noqa: BLE001 -- nothing may end this thread, or nothing is stored
                self._accidents += 1
            if closing and (self._is_late() or not self.figures.exposed):
                break
            self._due.wait(self._writer.pause or GATHER)
            self._due.clear()
        self._backlog.close()
