"""A disk that is full, as this process sees it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full_disk(*, after: int = 0) -> Iterator[None]:
    """
    Let this process write no file beyond a number of bytes.

    The system refuses as it does on a full disk, also half-way through a write; nothing is faked.
    """
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
