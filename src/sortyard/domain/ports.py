"""What the lower layers ask of whoever calls them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeAlias

Advance: TypeAlias = Callable[[int], None]  # tells how many more steps are done


class Progress(Protocol):
    """Shows a person how far long work has come."""

    def stage(self, name: str, total: int | None = None) -> AbstractContextManager[Advance]:
        """
        Open one stage of the work, and close it at the end of the `with` block.

        `total` is the number of steps; None where nobody can know it.
        """
        ...


class Silence:
    """A `Progress` that shows nothing."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 -- the port names them
        """Open a stage that nobody sees."""
        yield _ignore


def _ignore(_steps: int) -> None:
    """Take a number of steps, and say nothing."""
