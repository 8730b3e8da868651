"""
Micro-batches: what arrives while the worker is busy goes to it together.

`Gathering` decides what makes a batch, and when; it knows neither threads nor a clock. `Batcher`
runs it in an event loop, and the work in an executor.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from math import inf
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Finished: TypeAlias = Callable[[int, float, float], None]  # size, seconds waited, seconds worked


class TooLate(Exception):
    """The time of a call had passed before its turn came."""


class Closed(Exception):
    """Nothing more is taken in."""


class Gathering(Generic[Item]):
    """
    What waits for the worker, first come, first served.

    A batch holds at most `most` items. Items that find the worker idle and nobody before them are
    due at once: to wait for company would only cost time. What gathers while the worker is busy is
    due when the first of it has waited for `window`, or when it fills a batch.
    """

    def __init__(self, *, most: int, window: float) -> None:
        self._most = most
        self._window = window
        self._waiting: deque[tuple[Item, float, float]] = deque()  # with its arrival, and when due

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, items: Iterable[Item], *, now: float, idle: bool) -> None:
        """Let items wait; `idle` says whether the worker has nothing to do."""
        due = now if idle and not self._waiting else now + self._window
        self._waiting.extend((item, now, due) for item in items)

    @property
    def due(self) -> float | None:
        """When the next batch shall start, if the worker is free then; None when nobody waits."""
        if not self._waiting:
            return None
        _, since, due = self._waiting[0]
        return since if len(self._waiting) >= self._most else due

    def take(self, wanted: Callable[[Item], bool]) -> tuple[list[Item], float]:
        """Take the next batch, and when its first item came; what nobody wants is left out."""
        batch: list[Item] = []
        first = 0.0
        while self._waiting and len(batch) < self._most:
            item, since, _ = self._waiting.popleft()
            if wanted(item):
                first = first if batch else since
                batch.append(item)
        return batch, first


@dataclass(slots=True, eq=False)
class Call(Generic[Item, Result]):
    """Items that were submitted together, who waits for their results, and until when."""

    items: Sequence[Item]
    waiter: asyncio.Future[list[Result]]
    until: float
    results: dict[int, Result] = field(default_factory=dict)

    def settle(self, place: int, result: Result) -> None:
        """Take one result; the last one is given to the waiter with all others."""
        self.results[place] = result
        if len(self.results) == len(self.items) and not self.waiter.done():
            self.waiter.set_result([self.results[one] for one in range(len(self.items))])

    def fail(self, error: Exception) -> None:
        if not self.waiter.done():
            self.waiter.set_exception(error)


class Batcher(Generic[Item, Result]):
    """
    Gathers items into batches, and gives each caller the results of its own.

    Make it in the event loop in which it is used. `work` runs in the executor, one batch at a time,
    and gives one result for each item; what it raises is raised to every caller with an item in
    that batch, and to nobody else. `finished` is told of every batch, in the loop.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result]],
        executor: Executor,
        *,
        most: int,
        window: float,
        finished: Finished,
    ) -> None:
        self._work = work
        self._executor = executor
        self._most = most
        self._finished = finished
        self._loop = asyncio.get_running_loop()
        self._gathering: Gathering[tuple[Call[Item, Result], int]] = Gathering(
            most=most, window=window
        )
        self._timer: asyncio.Handle | None = None
        self._timer_due = 0.0
        self._busy = False
        self._callers = 0
        self._closed = False
        self._at_rest = asyncio.Event()
        self._at_rest.set()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def queued(self) -> int:
        """How many items wait for a batch."""
        return len(self._gathering)

    async def submit(
        self, items: Sequence[Item], *, patience: float, within: float | None = None
    ) -> list[Result]:
        """
        Wait for the results of some items, in their order.

        More than a batch is split, and queues again for every part, so that it does not hold up
        everybody else. Raises Closed, and TooLate where a part has queued for `patience` seconds,
        or has not begun `within` so many since the call. When the caller is cancelled, what has not
        begun never will.
        """
        if self._closed:
            raise Closed
        end = inf if within is None else self._loop.time() + within
        results: list[Result] = []
        self._callers += 1
        self._at_rest.clear()
        try:
            for start in range(0, len(items), self._most):
                until = min(end, self._loop.time() + patience)
                results += await self._enqueue(items[start : start + self._most], until)
        finally:
            self._callers -= 1
            if not self._callers:
                self._at_rest.set()
        return results

    async def close(self) -> None:
        """Take nothing more in, and wait until every caller has its results."""
        self._closed = True
        await self._at_rest.wait()

    def _enqueue(self, items: Sequence[Item], until: float) -> asyncio.Future[list[Result]]:
        call: Call[Item, Result] = Call(items, self._loop.create_future(), until)
        places = ((call, place) for place in range(len(items)))
        self._gathering.add(places, now=self._loop.time(), idle=not self._busy)
        self._plan()
        return call.waiter

    def _plan(self) -> None:
        """See to it that the next batch starts when it is due."""
        due = self._gathering.due
        if self._busy or due is None or (self._timer is not None and self._timer_due <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = due
        # Even what is due now waits for the rest of what came in this turn of the loop.
        late = due <= self._loop.time()
        self._timer = (
            self._loop.call_soon(self._start) if late else self._loop.call_at(due, self._start)
        )

    def _start(self) -> None:
        self._timer = None
        batch, since = self._gathering.take(self._is_wanted)
        if not batch:
            return
        self._busy = True
        began = self._loop.time()
        running = self._loop.run_in_executor(
            self._executor, self._work, [call.items[place] for call, place in batch]
        )
        running.add_done_callback(partial(self._finish, batch, since, began))

    def _finish(
        self,
        batch: Sequence[tuple[Call[Item, Result], int]],
        since: float,
        began: float,
        done: asyncio.Future[Sequence[Result]],
    ) -> None:
        self._busy = False
        try:
            results = done.result()
        except Exception as error:  # noqa: BLE001 -- whatever it is, its callers are told
            for call, _ in batch:
                call.fail(error)
        else:
            for (call, place), result in zip(batch, results, strict=True):
                call.settle(place, result)
        self._plan()
        self._finished(len(batch), began - since, self._loop.time() - began)

    def _is_wanted(self, one: tuple[Call[Item, Result], int]) -> bool:
        call, _ = one
        if call.until < self._loop.time():
            call.fail(TooLate())
        return not call.waiter.done()
