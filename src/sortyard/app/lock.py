"""One process at a time: a lock on a file, freed by the system when its holder dies."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sortyard.app.files import refusals
from sortyard.domain.errors import Busy

WAIT = 30.0  # seconds; whoever holds it only renames a small file
PAUSE = 0.02


@contextmanager
def locked(path: Path, *, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock during the block; `Busy` where another process keeps it for `wait` seconds."""
    with refusals(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("ab")
    with stream:
        deadline = time.monotonic() + wait
        while not _take(stream):
            if time.monotonic() > deadline:
                raise Busy(str(path), wait)
            time.sleep(PAUSE)
        try:
            yield
        finally:
            _free(stream)


if sys.platform == "win32":
    import msvcrt

    def _take(stream: IO[bytes]) -> bool:
        stream.seek(0)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _free(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)
