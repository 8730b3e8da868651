"""
One process that serves: everything in it is opened here, and closed in the opposite order.

The fronts close before the desk, so that whoever is in gets an answer; the desk before the
recorder, so that every answer is kept; and the log last of all.
"""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sortyard.app.chores import chores
from sortyard.app.desks import opened_desk
from sortyard.app.expiring import expiring
from sortyard.app.posts import STOPPING, Announce, Opened, Post
from sortyard.app.rates import rates_of
from sortyard.app.recording import Keeping, recording
from sortyard.app.watching import Watch, watching
from sortyard.domain.errors import InvalidUsage
from sortyard.serving.access import is_loopback, may_listen_on
from sortyard.serving.desk import Desk
from sortyard.serving.telemetry.logs import EventLog, Level

if TYPE_CHECKING:  # see `_load_fronts`
    from sortyard.app.fronts import Fronts

SWITCH = 0.0005  # seconds that a thread goes on while another one waits for its turn


def serve_here(post: Post, announce: Announce) -> None:
    """Serve in this process until a signal stops it."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(post, announce, until=asyncio.Event()))


async def serve(post: Post, announce: Announce, *, until: asyncio.Event) -> None:
    """Open everything, say so, and close it all when a signal or somebody else sets the event."""
    began = perf_counter()
    loop = asyncio.get_running_loop()
    for number in STOPPING:
        with suppress(NotImplementedError):  # Windows interrupts the loop instead
            loop.add_signal_handler(number, until.set)
    async with _opened(post, began) as opened:
        announce(opened)
        await until.wait()


@asynccontextmanager
async def _opened(post: Post, began: float) -> AsyncIterator[Opened]:
    async with AsyncExitStack() as stack:
        watch = stack.enter_context(watching(post))
        rates = stack.enter_context(rates_of(post, watch.log))
        keeping = stack.enter_context(recording(post.workspace, watch.log, rates=rates))
        _check_who_can_come(post, keeping, watch)
        loading = asyncio.create_task(asyncio.to_thread(_load_fronts))
        desk = await stack.enter_async_context(opened_desk(post, keeping, watch))
        await loading
        await stack.enter_async_context(_beside(keeping.gate.watch(), watch.log))
        if post.worker == 0:
            stack.enter_context(expiring(post.workspace, keeping.database, watch.log))
            work = chores(post.workspace, keeping.database)
            await stack.enter_async_context(_beside(work, watch.log))
        fronts = await stack.enter_async_context(_fronts(post, desk, keeping, watch))
        opened = Opened(
            http=fronts.http,
            grpc=fronts.grpc,
            release=desk.readiness.release,
            problem=desk.readiness.problem,
            workers=post.workers,
            seconds=perf_counter() - began,
        )
        _settle()
        me, release = str(post.worker), opened.release
        watch.log.write("started", worker=me, release=release, seconds=opened.seconds)
        yield opened
        watch.log.write("stopping", worker=me)


def _settle() -> None:
    """
    Let nothing that is done beside the answers hold them up for long.

    What was loaded stays until the end, and for the garbage collector to look through it again and
    again stops every answer for as long. A thread that waits for its turn gets it soon, instead of
    after the 5 ms that are Python's own, in which whoever writes to the store goes on.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH)


def _load_fronts() -> None:
    """Import what takes a while, beside a release that is being loaded."""
    import sortyard.app.fronts  # noqa: F401, PLC0415 -- as said


def _fronts(
    post: Post, desk: Desk, keeping: Keeping, watch: Watch
) -> AbstractAsyncContextManager["Fronts"]:
    from sortyard.app.fronts import Wiring, opened_fronts  # noqa: PLC0415 -- as above

    return opened_fronts(Wiring(post=post, desk=desk, keeping=keeping, watch=watch))


def _check_who_can_come(post: Post, keeping: Keeping, watch: Watch) -> None:
    """Refuse to stand open to others without a key, and warn where they would show it to all."""
    host = post.http.host
    if not may_listen_on(host, keeping.gate):
        raise InvalidUsage(
            f"Others can reach {host}, and no API key keeps them out yet.",
            "Make one with `sortyard keys create NAME`, or serve on 127.0.0.1.",
        )
    if not is_loopback(host) and not post.workspace.settings.tls_cert:
        watch.log.write("no-tls", level=Level.WARNING)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None], log: EventLog) -> AsyncIterator[None]:
    """Do some work beside the block, for as long as that lasts."""

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.fault(error)

    task = asyncio.create_task(work)
    task.add_done_callback(ended)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Take the fastest event loop that this system has."""
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 -- not every system has it

    return uvloop.new_event_loop
