"""Writes into a sink that may be away for a while, or never take one record or another."""

import threading
from collections.abc import Sequence

from sortyard.domain.errors import StoreAway
from sortyard.domain.records import Record
from sortyard.storage.ports import RecordSink

FIRST_PAUSE = 0.5  # seconds until an absent sink is tried again, doubled each time
LONGEST_PAUSE = 5.0
TRIES = 3  # in a row that fail for no reason we know, before the records are to blame


class Writer:
    """
    Writes into a sink, one batch at a time, and knows how it fares.

    `pause` is how long to leave the sink alone; it is zero while the sink is there.
    """

    def __init__(self, sink: RecordSink) -> None:
        self.pause = 0.0
        self.written = 0  # records that were new to the sink
        self.repeated = 0  # records that it had already
        self.failures = 0  # writes that failed
        self._sink = sink
        self._strange = 0  # failures in a row for no reason we know
        self._lock = threading.Lock()

    @property
    def away(self) -> bool:
        return self.pause > 0.0

    def write(self, records: Sequence[Record]) -> list[Record]:
        """Write one batch, and give back what the sink can never take; `StoreAway` if it is."""
        with self._lock:
            try:
                refused = self._refused(records)
            except StoreAway:
                self.failures += 1
                self.pause = min(max(FIRST_PAUSE, 2 * self.pause), LONGEST_PAUSE)
                raise
            self.pause, self._strange = 0.0, 0
            return refused

    def _refused(self, records: Sequence[Record]) -> list[Record]:
        """Write records, and in the end halve them until what is refused stands alone."""
        try:
            new = self._sink.write(records)
        except StoreAway:
            raise
        except Exception as error:
            self._strange += 1
            if self._strange < TRIES:  # it may pass by itself
                raise StoreAway("of the recorder", type(error).__name__) from error
            if len(records) == 1:
                return list(records)
            middle = len(records) // 2
            return [*self._refused(records[:middle]), *self._refused(records[middle:])]
        self.written += new
        self.repeated += len(records) - new
        return []
