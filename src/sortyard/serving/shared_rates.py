"""
How often somebody may ask a server of several processes, whichever of them they meet.

The processes share one small file. A look at it takes microseconds, and nobody waits long for it:
where it cannot be had, a process counts for itself, and a request is never refused for that.
"""

import fcntl
import hashlib
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from sortyard.serving.rates import MINUTE, Bucket, Rates

SLOTS = 4_096  # names that are counted at once; what comes after them takes the place of another
SLOT = struct.Struct("=16sqdd")  # the mark of a name, and its bucket
PATIENCE = 0.05  # seconds; who holds the file for so long has been stopped in the middle
PAUSE = 0.0001
RESPITE = 1.0  # seconds without waiting at all, after waiting has been in vain


class _Slot(NamedTuple):
    mark: bytes
    bucket: Bucket


class SharedRates:
    """
    A `Counter` in a file that several processes share; one thread of each asks it.

    Their clocks are one: `monotonic` counts from the start of the machine. Raises OSError where
    there can be no such file; close it afterwards.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._own = Rates(clock)
        self._hurries_until = 0.0
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, name: str, per_minute: int) -> float:
        """Take a token of somebody, and give 0; else give the seconds until there is one."""
        try:
            with self._alone():
                return self._take(
                    hashlib.blake2b(name.encode(), digest_size=16).digest(), per_minute
                )
        except OSError:  # as on a full disk
            return self._own.take(name, per_minute)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def _take(self, mark: bytes, per_minute: int) -> float:
        now = self._clock()
        place, bucket = self._find(mark, now)
        if bucket is None or bucket.per_minute != per_minute:
            bucket = Bucket(per_minute, float(per_minute), now)
        wait = bucket.take(now)
        slot = SLOT.pack(mark, bucket.per_minute, bucket.tokens, bucket.filled)
        os.pwrite(self._file, slot, place * SLOT.size)
        return wait

    def _find(self, mark: bytes, now: float) -> tuple[int, Bucket | None]:
        """Find the place of a name, or one for it: behind those that were taken before it came."""
        first, free = int.from_bytes(mark[:8]) % SLOTS, None
        for step in range(SLOTS):
            place = (first + step) % SLOTS
            found = self._read(place)
            if found is None:
                return (place if free is None else free), None
            bucket = found.bucket if found.bucket.makes_sense else None  # a disk may have erred
            if found.mark == mark:
                return place, bucket
            full_again = bucket is None or abs(now - bucket.filled) > MINUTE
            if full_again and free is None:
                free = place
        return (first if free is None else free), None

    def _read(self, place: int) -> _Slot | None:
        """Read a place; None where nobody ever was."""
        found = os.pread(self._file, SLOT.size, place * SLOT.size)
        if not any(found):  # also beyond the end of the file
            return None
        mark, per_minute, tokens, filled = SLOT.unpack(found)
        return _Slot(mark, Bucket(per_minute, tokens, filled))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the file during the block; without that, after a while, a count may be lost."""
        deadline = monotonic()
        if deadline > self._hurries_until:
            deadline += PATIENCE
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > deadline:
                    self._hurries_until = monotonic() + RESPITE
                    break
                sleep(PAUSE)
            else:
                break
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
