"""What the recorder asks of the store."""

from collections.abc import Sequence
from typing import Protocol

from sortyard.domain.records import Record


class RecordSink(Protocol):
    """
    Where records end up.

    A message has one record a release and the first one stands, so that writing it again changes
    nothing. A sink is asked by one thread at a time, though not always by the same one.
    """

    def write(self, records: Sequence[Record]) -> int:
        """
        Write records, and tell how many of them were new.

        `StoreAway` where a later try may succeed, within seconds rather than minutes; what was
        written before it may stand. Any other error means that one of the records can never be
        written.
        """
        ...
