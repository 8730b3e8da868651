"""What was kept and is not stored yet: the journal, and what of it is still in memory."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import inf

from sortyard.domain.records import Record
from sortyard.storage.journal import Journal, Segment
from sortyard.storage.journal_lines import Lines, lines_of, read_lines
from sortyard.storage.parts import Part, Parts

SEGMENT_SIZE = 4 * 2**20  # bytes; a segment is read whole, and again after a crash
MOST_IN_MEMORY = 8 * 2**20  # bytes of lines
ADOPT_EVERY = 5.0  # seconds between two looks for workers that died


class Backlog:
    """
    Takes records from any thread, and gives them to one that stores them part by part.

    The lock is over the segment at hand and the parts; it is never held while the store is asked.
    """

    def __init__(
        self, journal: Journal, *, most_in_memory: int, clock: Callable[[], float]
    ) -> None:
        self.refusals = 0  # times that the disk refused
        self.damaged = 0  # lines that were set aside, or removed by somebody else
        self._journal = journal
        self._parts = Parts(most_in_memory)
        self._clock = clock
        self._lock = threading.Lock()
        self._next_adoption = -inf

    def append(self, records: Sequence[Record], lines: bytes) -> int:
        """
        Add records to the journal; `OSError` where the disk refuses.

        Gives the number of records that wait for each other to be stored together.
        """
        with self._lock:
            try:
                self._journal.append(lines)
            except OSError:
                self.refusals += 1
                raise
            part = self._parts.add(records, size=len(lines), at=self._clock())
            if part.size >= SEGMENT_SIZE:
                self._seal(journalled=True)
            return part.count

    def hold(self, records: Sequence[Record], lines: bytes) -> bool:
        """Keep records in memory alone; False where there is no room for them."""
        with self._lock:
            self._seal(journalled=True)
            return self._parts.hold(records, size=len(lines), at=self._clock())

    def sealed(self) -> tuple[Part, ...]:
        """Give the parts that do not grow any more, oldest first."""
        with self._lock:
            return self._parts.sealed

    def seal(self) -> tuple[Part, ...]:
        """Give all that was kept until now, oldest first."""
        with self._lock:
            self._seal(journalled=True)
            self._seal(journalled=False)
            return self._parts.sealed

    def snapshot(self) -> tuple[Part, ...]:
        """Give all parts as they are, oldest first; they are not to be changed."""
        with self._lock:
            return tuple(self._parts)

    def contents(self, part: Part) -> Lines:
        """Give the records of a part, from memory or else from the journal."""
        records = part.records  # asked once, because it may leave memory meanwhile
        if records is not None:
            return Lines(records)
        if part.segment is None:  # which cannot be: only what is in the journal leaves memory
            raise FileNotFoundError
        return read_lines(part.segment.read())

    def forget(self, part: Part, aside: Sequence[bytes] = ()) -> None:
        """Forget a part that is stored, but for the lines that a person has to look at."""
        if part.segment is not None:
            if aside:
                self._journal.set_aside(aside, part.segment)
            self._journal.forget(part.segment)
        with self._lock:
            self._parts.remove(part)
            self.damaged += len(aside)

    def give_up(self, part: Part) -> None:
        """Forget a part whose segment somebody has removed."""
        with self._lock:
            self._parts.remove(part)
            self.damaged += max(1, part.waiting)

    def adopt(self) -> None:
        """Take over what workers that died have left, unless we looked just now."""
        now = self._clock()
        if now < self._next_adoption:
            return
        self._next_adoption = now + ADOPT_EVERY
        for segment in reversed(self._journal.adopt()):
            part = Part(
                since=now,
                journalled=True,
                segment=segment,
                records=None,
                count=_lines_in(segment),
                size=segment.size,
            )
            with self._lock:
                self._parts.adopt(part)

    def rescue(self) -> None:
        """Put into the journal what is in memory alone, as far as the disk takes it now."""
        with self._lock:
            self._seal(journalled=False)
        for part in self.sealed():
            if part.journalled or part.records is None:
                continue
            rest = part.records[part.stored :] + part.refused
            lines = lines_of(rest)
            with self._lock:
                try:
                    self._journal.append(lines)
                except OSError:
                    return
                self._parts.remove(part)
                self._parts.add(rest, size=len(lines), at=part.since)

    def close(self) -> None:
        """Leave the journal to whoever starts next."""
        with self._lock:
            self._journal.close()

    def _seal(self, *, journalled: bool) -> None:
        """End the part that grows, if it is of this kind; in the journal, its segment with it."""
        if self._parts.growing is not None and self._parts.growing.journalled is journalled:
            self._parts.seal(self._journal.seal() if journalled else None)


def _lines_in(segment: Segment) -> int:
    with suppress(OSError):
        return segment.read().count(b"\n")
    return 0
