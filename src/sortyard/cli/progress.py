"""How far long work has come: bars at a terminal, one quiet line a stage elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sortyard.cli.output import note
from sortyard.domain.ports import Advance, Progress

WORTH_SAYING = 1.0  # seconds; a stage that is shorter needs no line


@contextmanager
def showing_progress() -> Iterator[Progress]:
    """Lend what shows progress on standard error, in the way that suits its reader."""
    if sys.stderr.isatty():
        from sortyard.cli.bars import showing_bars

        with showing_bars() as bars:
            yield bars
    else:
        yield Lines()


class Lines:
    """One line for every stage that took a while, when it is done."""

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Time a stage, and say how long it took."""
        start = time.perf_counter()
        yield _ignore
        seconds = time.perf_counter() - start
        if seconds >= WORTH_SAYING:
            size = f" ({total:,})" if total and total > 1 else ""
            note(f"{name}{size}: {seconds:.1f} s")


def _ignore(_steps: int) -> None:
    """A stage without a bar has nothing to move."""
