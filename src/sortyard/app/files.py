"""Files that are either whole or absent: written beside, then renamed."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sortyard.domain.errors import CannotWrite

REFUSALS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the disk is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota is used up",
    errno.EFBIG: "the file is larger than the disk allows",
    errno.EISDIR: "a folder has this name",
    errno.ENOTDIR: "a part of the path is a file",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EEXIST: "something else has this name",
    errno.ENOTEMPTY: "something else has this name",
    errno.EIO: "the disk reports a fault",
}


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Say `CannotWrite` where the disk refuses; let every other error pass."""
    try:
        yield
    except OSError as error:
        why = REFUSALS.get(error.errno or 0)
        if why is None:
            raise
        raise CannotWrite(str(path), why) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """
    Lend a file beside `path`, and put it in its place when the block ends well.

    Until then readers see the old file, or none; when the block fails nothing is left behind.
    """
    with refusals(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _beside(path)
        draft.touch(exist_ok=False)
        try:
            yield draft
            _flush(draft)
            draft.replace(path)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        flush_folder(path.parent)


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Lend an empty folder beside `folder`, and rename it to that when the block ends well."""
    with refusals(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = _beside(folder)
        draft.mkdir()
        try:
            yield draft
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        flush_folder(folder.parent)


def write_whole(path: Path, content: str) -> None:
    """Write a text file so that nobody ever sees half of it."""
    with replacing(path) as draft:
        draft.write_text(content, encoding="utf-8")


def append_line(path: Path, line: str) -> None:
    """Add one line at the end, also where the last one was cut short by a crash."""
    with refusals(path), path.open("ab+") as stream:
        stream.seek(0, os.SEEK_END)
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        stream.write(line.encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut, where the system can."""
    with suppress(OSError):  # Windows cannot open a folder, and needs no such thing
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _beside(path: Path) -> Path:
    """A name in the same folder that nobody else uses."""
    return path.with_name(f".{secrets.token_hex(8)}.part")
