"""A folder of the journal, which one process alone may touch while it lives."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from sortyard.storage.file_lock import take

LOCK = "lock"
SUFFIX = ".segment"
ASIDE = ".damaged"  # lines that cannot be stored, for a person to look at


class JournalFolder:
    """
    A folder that this process holds until it lets go, or dies.

    A folder is made once, by the worker that writes into it; after that it is only ever read to
    the end and removed. The lock is removed while it is held: whoever opened it just before finds
    that it is not the file in the folder any more, and looks for another folder.
    """

    def __init__(self, path: Path, lock: IO[bytes]) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def made(cls, root: Path) -> Self:
        """
        Make a folder that nobody else has, and nobody else may look into.

        `OSError` where the disk refuses.
        """
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = root / secrets.token_hex(8)
            path.mkdir(mode=0o700)
            try:
                held = cls.taken(path)
            except OSError:
                with suppress(OSError):
                    path.rmdir()
                raise
            if held is not None:
                return held

    @classmethod
    def taken(cls, path: Path) -> Self | None:
        """Take a folder over; None where another process holds it, or has removed it."""
        try:
            lock = (path / LOCK).open("ab")
        except FileNotFoundError:
            return None
        if take(lock) and _is_in_its_place(lock, path / LOCK):
            return cls(path, lock)
        lock.close()
        return None

    def segments(self) -> list[Path]:
        """List the segments, oldest first."""
        return sorted(self.path.glob(f"*{SUFFIX}"))

    def let_go(self) -> None:
        """Leave the folder to whoever takes it next; remove it if it holds nothing."""
        with suppress(OSError):
            if not self.segments():
                (self.path / LOCK).unlink(missing_ok=True)
                self.path.rmdir()
        self._lock.close()


def _is_in_its_place(stream: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False
