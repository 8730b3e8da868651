"""A batch is never too large and never starts too late, and every caller gets its own results."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import Event, get_ident

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.serving.batching import Batcher, Closed, Gathering, TooLate
from tests.contracts.desks import PATIENCE

SHORT = 0.01

# What may happen next: so many items come, the clock goes on, or the worker gets free.
STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([0.0, 0.5, 1.0, 2.5]), st.booleans()),
    max_size=40,
)


@given(STEPS, st.integers(1, 5), st.sampled_from([0.0, 1.0, 2.0]))
def test_a_batch_keeps_its_size_its_deadline_and_the_order(
    steps: list[tuple[int, float, bool]], most: int, window: float
) -> None:
    """Whatever comes when: played on a clock of our own, with a worker that is busy or free."""
    gathering: Gathering[tuple[int, float]] = Gathering(most=most, window=window)
    now, number, busy, free_since = 0.0, 0, False, 0.0
    taken: list[int] = []
    for count, passes, gets_free in steps:
        gathering.add([(number + one, now) for one in range(count)], now=now, idle=not busy)
        number += count
        end = now + passes
        while not busy and gathering.due is not None and gathering.due <= end:
            now = max(now, gathering.due)
            batch, first = gathering.take(lambda _: True)
            assert 1 <= len(batch) <= most
            assert first == batch[0][1]
            # It started as soon as the worker was free and the window over, or even before.
            assert now <= max(first + window, free_since)
            taken += [one for one, _ in batch]
            busy = True
        now = end
        if busy and gets_free:
            busy, free_since = False, now
    while gathering:
        taken += [one for (one, _) in gathering.take(lambda _: True)[0]]
    assert taken == list(range(number))


def test_an_item_that_finds_the_worker_idle_does_not_wait() -> None:
    gathering: Gathering[str] = Gathering(most=8, window=2.0)
    gathering.add(["a"], now=5.0, idle=True)
    assert gathering.due == 5.0


def test_one_that_finds_it_busy_waits_for_company() -> None:
    gathering: Gathering[str] = Gathering(most=3, window=2.0)
    gathering.add(["a"], now=5.0, idle=False)
    assert gathering.due == 7.0
    gathering.add(["b", "c"], now=6.0, idle=False)
    assert gathering.due == 5.0  # the batch is full


def test_what_nobody_wants_takes_no_place_in_a_batch() -> None:
    gathering: Gathering[int] = Gathering(most=2, window=0.0)
    gathering.add([1, 2, 3, 4], now=0.0, idle=False)
    assert gathering.take(lambda one: one % 2 == 0)[0] == [2, 4]
    assert len(gathering) == 0


class Work:
    """Doubles numbers; a gate holds it up, and a negative number breaks the batch."""

    def __init__(self) -> None:
        self.batches: list[Sequence[int]] = []
        self.threads: set[int] = set()
        self.gate = Event()
        self.gate.set()
        self.reached = Event()

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.reached.set()
        assert self.gate.wait(PATIENCE)
        self.batches.append(items)
        self.threads.add(get_ident())
        if any(one < 0 for one in items):
            raise ValueError("a negative number")
        return [2 * one for one in items]

    async def at_work(self) -> None:
        """Return when a batch has reached the gate."""
        assert await asyncio.to_thread(self.reached.wait, PATIENCE)
        self.reached.clear()


@asynccontextmanager
async def batching(
    work: Work, *, most: int = 4, window: float = 0.0
) -> AsyncIterator[Batcher[int, int]]:
    with ThreadPoolExecutor(1) as executor:
        batcher: Batcher[int, int] = Batcher(
            work, executor, most=most, window=window, finished=lambda *_: None
        )
        yield batcher
        work.gate.set()
        await batcher.close()


def test_everybody_gets_the_results_of_what_they_gave() -> None:
    async def scenario() -> None:
        async with batching(Work()) as batcher:
            calls = [batcher.submit([one] * (one % 7), patience=PATIENCE) for one in range(40)]
            results = await asyncio.gather(*calls)
        assert results == [[2 * one] * (one % 7) for one in range(40)]

    asyncio.run(scenario())


def test_what_comes_in_one_turn_of_the_loop_goes_together() -> None:
    async def scenario() -> None:
        work = Work()
        async with batching(work) as batcher:
            await asyncio.gather(*(batcher.submit([one], patience=PATIENCE) for one in range(3)))
        assert work.batches == [[0, 1, 2]]

    asyncio.run(scenario())


def test_what_comes_while_the_worker_is_busy_goes_together() -> None:
    async def scenario() -> None:
        work = Work()
        work.gate.clear()
        async with batching(work) as batcher:
            first = asyncio.create_task(batcher.submit([0], patience=PATIENCE))
            await work.at_work()
            rest = [asyncio.create_task(batcher.submit([n], patience=PATIENCE)) for n in (1, 2, 3)]
            await asyncio.sleep(0)
            work.gate.set()
            await asyncio.gather(first, *rest)
        assert work.batches == [[0], [1, 2, 3]]

    asyncio.run(scenario())


def test_a_large_request_is_split_and_lets_others_in_between() -> None:
    async def scenario() -> None:
        work = Work()
        work.gate.clear()
        async with batching(work) as batcher:
            large = asyncio.create_task(batcher.submit(list(range(10)), patience=PATIENCE))
            await work.at_work()
            small = asyncio.create_task(batcher.submit([99], patience=PATIENCE))
            await asyncio.sleep(0)
            work.gate.set()
            assert await large == [2 * one for one in range(10)]
            assert await small == [198]
        assert max(map(len, work.batches)) <= 4
        assert 99 in work.batches[1]

    asyncio.run(scenario())


def test_the_event_loop_goes_on_while_the_worker_works() -> None:
    async def scenario() -> None:
        work = Work()
        work.gate.clear()
        async with batching(work) as batcher:
            running = asyncio.create_task(batcher.submit([1], patience=PATIENCE))
            await work.at_work()
            work.gate.set()  # only a loop that is free gets here
            await running
        assert get_ident() not in work.threads

    asyncio.run(scenario())


def test_what_nobody_waits_for_is_never_begun() -> None:
    async def scenario() -> None:
        work = Work()
        work.gate.clear()
        async with batching(work) as batcher:
            first = asyncio.create_task(batcher.submit([0], patience=PATIENCE))
            await work.at_work()
            gone = asyncio.create_task(batcher.submit([1], patience=PATIENCE))
            stays = asyncio.create_task(batcher.submit([2], patience=PATIENCE))
            await asyncio.sleep(0)
            gone.cancel()
            work.gate.set()
            assert await stays == [4]
            await first
        assert work.batches == [[0], [2]]

    asyncio.run(scenario())


def test_what_is_late_is_refused_before_its_work_begins() -> None:
    async def scenario() -> None:
        work = Work()
        work.gate.clear()
        async with batching(work) as batcher:
            first = asyncio.create_task(batcher.submit([0], patience=PATIENCE))
            await work.at_work()
            late = asyncio.create_task(batcher.submit([1], patience=PATIENCE, within=SHORT))
            bored = asyncio.create_task(batcher.submit([2], patience=SHORT))
            await asyncio.sleep(2 * SHORT)
            work.gate.set()
            for refused in (late, bored):
                with pytest.raises(TooLate):
                    await refused
            await first
        assert work.batches == [[0]]

    asyncio.run(scenario())


def test_what_fails_fails_for_its_own_batch_alone() -> None:
    async def scenario() -> None:
        work = Work()
        async with batching(work) as batcher:
            with pytest.raises(ValueError, match="negative"):
                await batcher.submit([-1], patience=PATIENCE)
            assert await batcher.submit([1], patience=PATIENCE) == [2]

    asyncio.run(scenario())


def test_closing_waits_for_what_is_there_and_takes_nothing_more() -> None:
    async def scenario() -> None:
        work = Work()
        work.gate.clear()
        async with batching(work) as batcher:
            large = asyncio.create_task(batcher.submit(list(range(10)), patience=PATIENCE))
            await work.at_work()
            closing = asyncio.create_task(batcher.close())
            await asyncio.sleep(0)
            with pytest.raises(Closed):
                await batcher.submit([1], patience=PATIENCE)
            assert not closing.done()
            work.gate.set()
            await closing
            assert await large == [2 * one for one in range(10)]

    asyncio.run(scenario())


def test_nothing_is_answered_with_nothing() -> None:
    async def scenario() -> None:
        work = Work()
        async with batching(work) as batcher:
            assert await batcher.submit([], patience=PATIENCE) == []
        assert work.batches == []

    asyncio.run(scenario())
