"""Progress as bars at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from sortyard.domain.ports import Advance


class Count(ProgressColumn):
    """How many steps of how many are done, where there are several."""

    def render(self, task: Task) -> Text:
        if task.total is None or task.total <= 1:
            return Text("")
        return Text(f"{task.completed:,.0f} of {task.total:,.0f}")


class Bars:
    """A bar for every stage, one under the other until the work is done."""

    def __init__(self, display: Progress) -> None:
        self._display = display

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        """Show a bar; one that only moves to and fro where nobody knows the total."""
        task = self._display.add_task(name, total=total)
        yield lambda steps: self._display.advance(task, steps)
        done = 1 if total is None else total
        self._display.update(task, total=done, completed=done)


@contextmanager
def showing_bars() -> Iterator[Bars]:
    """Draw bars on standard error during the block."""
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        Count(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as display:
        yield Bars(display)
