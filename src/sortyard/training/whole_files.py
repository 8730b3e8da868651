"""What training writes: filled beside its place, then renamed."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sortyard.domain.errors import CannotWrite


def write_whole(path: Path, fill: Callable[[Path], object]) -> None:
    """Fill a file beside its place and rename it, so that nobody ever sees a half."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        fill(draft)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def put_in_place(folder: Path, place: Path) -> None:
    """
    Rename a folder to its place; what is there already goes only when the new one is there.

    Both lie on one disk. A reader finds the old folder or the new one, whole, but for the moment
    between two renames.
    """
    if not place.exists():
        folder.rename(place)
        return
    aside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    place.rename(aside)
    try:
        folder.rename(place)
    except BaseException:
        aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def disk_refusals(path: Path) -> Iterator[None]:
    """Say CannotWrite where the disk refuses."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or type(error).__name__) from error
