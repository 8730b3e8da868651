"""Counters of how often somebody asks: of one process, and of two that share a file."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from itertools import cycle
from pathlib import Path

from sortyard.serving.rates import Counter, Rates
from sortyard.serving.shared_rates import SharedRates
from tests.contracts.desks import FakeClock

MakeCounter = Callable[[FakeClock], AbstractContextManager[Counter]]


class InTurns:
    """The counters of several processes, of which a caller meets one after the other."""

    def __init__(self, counters: list[SharedRates]) -> None:
        self._next = cycle(counters)

    def take(self, name: str, per_minute: int) -> float:
        return next(self._next).take(name, per_minute)


@contextmanager
def of_one_process(clock: FakeClock) -> Iterator[Counter]:
    yield Rates(clock)


@contextmanager
def of_two_processes(clock: FakeClock) -> Iterator[Counter]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        counters = [SharedRates(folder / "rates", clock) for _ in range(2)]
        for one in counters:
            stack.enter_context(closing(one))
        yield InTurns(counters)


COUNTERS: dict[str, MakeCounter] = {
    "one process": of_one_process,
    "two processes": of_two_processes,
}
