"""One process at a time: a lock on a file, freed by the system when its holder dies."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sortyard.app.files import refusals
from sortyard.domain.errors import Busy
from sortyard.storage.file_lock import take

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
        while not take(stream):
            if time.monotonic() > deadline:
                raise Busy(str(path), wait)
            time.sleep(PAUSE)
        yield  # the stream is closed afterwards, and the lock with it
