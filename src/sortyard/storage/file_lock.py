"""A lock on an open file, which the system frees when its holder dies."""

import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def take(stream: IO[bytes]) -> bool:
        """Lock the file for this stream alone; False where another stream has it."""
        stream.seek(0)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def take(stream: IO[bytes]) -> bool:
        """Lock the file for this stream alone; False where another stream has it."""
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
