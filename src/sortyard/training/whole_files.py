"""Files that training writes: filled beside their place, then renamed."""

import secrets
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


@contextmanager
def disk_refusals(path: Path) -> Iterator[None]:
    """Say CannotWrite where the disk refuses."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or type(error).__name__) from error
