"""Streams of questions and answers: in order, some at a time, and no faster than they are read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeAlias, TypeVar

from sortyard.domain.errors import NotReady

Question = TypeVar("Question")
Answer = TypeVar("Answer")

Work: TypeAlias = Callable[[Question], Coroutine[Any, Any, Answer]]
Write: TypeAlias = Callable[[Answer], Awaitable[None]]


class Streams:
    """
    Runs streams, and ends them all when the server stops.

    At most `most` questions of a stream are at work or wait for their answer to be read; the next
    one stays with its sender until then.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._readers: set[asyncio.Task[None]] = set()
        self._closing = False

    async def run(
        self,
        questions: AsyncIterator[Question],
        work: Work[Question, Answer],
        write: Write[Answer],
    ) -> None:
        """
        Answer questions as they come, in their order.

        Raises what the questions or the work raise, when all that came before is answered, and
        NotReady for a stream that the server ends: then whoever asked knows that the rest was not
        read. A write that began is never broken off for it: gRPC forgets what it had sent of an
        answer, and could not tell anybody how the stream ended.
        """
        answers: asyncio.Queue[asyncio.Task[Answer] | None] = asyncio.Queue()  # None after the last
        room = asyncio.Semaphore(self._most)

        async def read() -> None:
            await room.acquire()
            async for question in questions:
                answers.put_nowait(asyncio.create_task(work(question)))
                await room.acquire()

        reader = self._start(asyncio.create_task(read()))
        reader.add_done_callback(lambda _: answers.put_nowait(None))
        try:
            while (answer := await answers.get()) is not None:
                await write(await answer)
                room.release()
            if reader.cancelled():
                raise NotReady("the server is about to stop")
            reader.result()
        finally:
            await _let_go(reader)  # first, for it starts the others
            left = [answers.get_nowait() for _ in range(answers.qsize())]
            await _let_go(*(task for task in left if task is not None))

    def close(self) -> None:
        """Read nothing more; what was read is answered."""
        self._closing = True
        for reader in self._readers:
            reader.cancel()

    def _start(self, reader: asyncio.Task[None]) -> asyncio.Task[None]:
        self._readers.add(reader)
        reader.add_done_callback(self._readers.discard)
        if self._closing:
            reader.cancel()
        return reader


async def _let_go(*tasks: asyncio.Task[Any]) -> None:
    """Wait until tasks are over whose outcome nobody needs any more."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
