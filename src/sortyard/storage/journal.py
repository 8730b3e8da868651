"""
The journal: where an answer is before it is given.

    journal/
    ├── 5f0c81d2…/                    a worker's folder; its lock is held while the worker lives
    │   ├── lock
    │   ├── 000000000041.segment      lines that the store may not have yet, oldest first
    │   └── 000000000042.segment      the one at hand
    └── 5f0c81d2…-000000000039.damaged    lines that cannot be stored, for a person to look at

A segment is removed once the store has all of it; no clock is asked. What was set aside and then
repaired is taken in again as a segment in a folder of its own.
"""

import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from sortyard.storage.journal_folder import ASIDE, SUFFIX, JournalFolder


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the journal to which nothing is added any more."""

    path: Path
    size: int

    def read(self) -> bytes:
        return self.path.read_bytes()


class Journal:
    """
    The journal of one worker, and what it took over from workers that died.

    Nothing happens on disk before the first line, so that a full disk does not keep a server from
    starting. With `durable` a line survives a power cut, too, for the price of a flush each time.
    One thread may append and seal while another one adopts, forgets and sets aside.
    """

    def __init__(self, root: Path, *, durable: bool = False) -> None:
        self.size = 0  # bytes in the segment at hand
        self._root = root
        self._durable = durable
        self._folder: JournalFolder | None = None
        self._path = root  # of the segment at hand
        self._stream: FileIO | None = None
        self._number = 0
        self._adopted: dict[Path, JournalFolder] = {}
        self._left: Counter[Path] = Counter()  # segments in each of the adopted folders

    def append(self, lines: bytes) -> None:
        """Add lines at the end, all or none; `OSError` where the disk refuses."""
        stream = self._stream if self._stream is not None else self._begin()
        try:
            stream.seek(self.size)  # over whatever an append that failed may have left there
            _write_all(stream, lines)
            if self._durable:
                os.fsync(stream.fileno())
        except OSError:
            with suppress(OSError):
                stream.truncate(self.size)
            raise
        self.size += len(lines)

    def seal(self) -> Segment | None:
        """End the segment at hand; None where there is nothing in it."""
        if self.size == 0:
            return None
        segment = Segment(self._path, self.size)
        self._end()
        return segment

    def adopt(self) -> tuple[Segment, ...]:
        """Take over the segments of workers that died, oldest first."""
        segments: list[Segment] = []
        for path in self._folders():
            with suppress(OSError):
                folder = JournalFolder.taken(path)
                if folder is not None:
                    segments += self._taken_over(folder)
        return tuple(segments)

    def forget(self, segment: Segment) -> None:
        """Remove a segment that the store has, and with the last one a folder that was adopted."""
        with suppress(OSError):  # then it is read again after the next start, which does no harm
            segment.path.unlink(missing_ok=True)
        folder = segment.path.parent
        if folder in self._adopted:
            self._left[folder] -= 1
            if not self._left[folder]:
                self._adopted.pop(folder).let_go()

    def set_aside(self, lines: Sequence[bytes], segment: Segment) -> None:
        """Keep lines of a segment where a person finds them; on a full disk, the whole segment."""
        aside = self._root / f"{segment.path.parent.name}-{segment.path.stem}{ASIDE}"
        try:
            aside.write_bytes(b"".join(lines))
        except OSError:
            segment.path.replace(aside)

    def close(self) -> None:
        """Leave what is in the journal to whoever starts next."""
        if self._stream is not None and self.size == 0:
            with suppress(OSError):
                self._path.unlink()
        self._end()
        for folder in self._adopted.values():
            folder.let_go()
        self._adopted.clear()
        if self._folder is not None:
            self._folder.let_go()
            self._folder = None

    def _begin(self) -> FileIO:
        """Open the next segment, in a folder of our own."""
        folder = self._own_folder()
        self._number += 1
        self._path = folder.path / f"{self._number:012}{SUFFIX}"
        self._stream = stream = FileIO(self._path, "x")
        if self._durable:
            _flush_folder(folder.path)
            _flush_folder(self._root)
        return stream

    def _own_folder(self) -> JournalFolder:
        if self._folder is not None and not self._folder.path.is_dir():  # somebody cleared it away
            self._folder.let_go()
            self._folder = None
        if self._folder is None:
            self._folder = JournalFolder.made(self._root)
        return self._folder

    def _end(self) -> None:
        if self._stream is not None:
            with suppress(OSError):
                self._stream.close()
        self._stream, self.size = None, 0

    def _folders(self) -> list[Path]:
        try:
            return sorted(path for path in self._root.iterdir() if path.is_dir())
        except OSError:
            return []

    def _taken_over(self, folder: JournalFolder) -> list[Segment]:
        segments = [Segment(path, path.stat().st_size) for path in folder.segments()]
        if segments:
            self._adopted[folder.path] = folder
            self._left[folder.path] = len(segments)
        else:
            folder.let_go()
        return segments


def _write_all(stream: FileIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]


def _flush_folder(path: Path) -> None:
    """Make a new name in this folder survive a power cut, where the system can."""
    with suppress(PermissionError):  # Windows opens no folder, and needs no such thing
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
