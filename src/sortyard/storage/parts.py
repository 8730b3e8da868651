"""Records that wait for the store, with no more of them in memory than allowed."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sortyard.domain.records import Record
from sortyard.storage.journal import Segment


@dataclass(slots=True, eq=False, kw_only=True)
class Part:
    """
    Records that are stored and forgotten together.

    They are in the journal, in memory, or in both: `records` is None where the journal alone has
    them. `stored` counts those that the store has, from the first; `refused` it can never take.
    """

    since: float
    journalled: bool
    segment: Segment | None = None  # of the journal, once the part has stopped growing
    records: list[Record] | None = field(default_factory=list)
    count: int = 0
    size: int = 0  # of their lines, in bytes
    stored: int = 0
    refused: list[Record] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many records are neither in the store nor set aside."""
        return max(0, self.count - self.stored) + len(self.refused)


class Parts:
    """
    Parts in the order in which they were kept, of which the last one may grow.

    Memory is measured in bytes of lines. What is in the journal leaves it first, because it can be
    read again.
    """

    def __init__(self, most_in_memory: int) -> None:
        self.growing: Part | None = None
        self.in_memory = 0  # bytes of lines
        self._sealed: deque[Part] = deque()
        self._most_in_memory = most_in_memory

    def __iter__(self) -> Iterator[Part]:
        """Go through all parts, oldest first."""
        yield from self._sealed
        if self.growing is not None:
            yield self.growing

    @property
    def sealed(self) -> tuple[Part, ...]:
        """The parts that do not grow any more."""
        return tuple(self._sealed)

    def add(self, records: Sequence[Record], *, size: int, at: float) -> Part:
        """Add records that are in the segment at hand, and give the part that has them."""
        part = self._growing(journalled=True, at=at)
        part.count += len(records)
        part.size += size
        if part.records is not None:
            part.records += records
            self.in_memory += size
            if self.in_memory > self._most_in_memory:
                self._leave_memory(part)
        return part

    def hold(self, records: Sequence[Record], *, size: int, at: float) -> bool:
        """Add records that are nowhere else; False where memory has no room for them."""
        if not self._make_room(size):
            return False
        part = self._growing(journalled=False, at=at)
        if part.records is not None:  # always, because it is nowhere else
            part.records += records
        part.count += len(records)
        part.size += size
        self.in_memory += size
        return True

    def seal(self, segment: Segment | None) -> None:
        """End the part that grows; this is its segment if it is in the journal."""
        if self.growing is not None:
            self.growing.segment = segment
            self._sealed.append(self.growing)
            self.growing = None

    def adopt(self, part: Part) -> None:
        """Add a part that is older than all others."""
        self._sealed.appendleft(part)

    def remove(self, part: Part) -> None:
        """Forget a part that does not grow any more."""
        self._sealed.remove(part)
        self._leave_memory(part)

    def _growing(self, *, journalled: bool, at: float) -> Part:
        if self.growing is not None and self.growing.journalled != journalled:
            self.seal(None)
        if self.growing is None:
            self.growing = Part(since=at, journalled=journalled)
        return self.growing

    def _make_room(self, size: int) -> bool:
        for part in reversed(self._sealed):
            if self.in_memory + size <= self._most_in_memory:
                break
            if part.journalled:
                self._leave_memory(part)
        return self.in_memory + size <= self._most_in_memory

    def _leave_memory(self, part: Part) -> None:
        if part.records is not None:
            part.records = None
            self.in_memory -= part.size
