"""
Several processes that serve the same addresses: started, watched, started again, stopped.

The system shares connections out among them. This process serves nothing itself; it keeps the
addresses, so that nobody else takes them while a worker is started again.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Event, Thread

from sortyard.app.addresses import reserved
from sortyard.app.extras import explaining_absence
from sortyard.app.posts import STOPPING, Announce, Opened, Post
from sortyard.domain.errors import SortyardError
from sortyard.serving.telemetry.logs import EventLog, Level

LOOK = 0.2  # seconds between two looks at the workers
FIRST_PAUSE = 0.2  # seconds between two starts of a worker that dies, doubled each time
LONGEST_PAUSE = 10.0
STEADY = 30.0  # seconds that a worker has to live to be trusted again
LAST_ORDERS = 25.0  # seconds for the workers to end by themselves once they are told to
FAILED = 2  # how a worker ends that cannot serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One worker: its process, and the line on which it reports that it serves."""

    post: Post
    process: SpawnProcess
    line: Connection
    deaths: int = 0  # of the workers at this post, one soon after the other
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def start(cls, post: Post, *, deaths: int = 0) -> "Member":
        """Start a worker; it is given a fresh interpreter, so that no thread is torn in two."""
        context = get_context("spawn")
        line, its_end = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(post, its_end), name=f"worker-{post.worker}")
        process.start()
        its_end.close()
        return cls(post=post, process=process, line=line, deaths=deaths)

    @property
    def missed(self) -> bool:
        """Whether it has died, and it is time to start another in its place."""
        pause = min(FIRST_PAUSE * 2**self.deaths, LONGEST_PAUSE)
        return not self.process.is_alive() and time.monotonic() > self.started + pause

    def successor(self) -> "Member":
        """Start another in its place."""
        steady = time.monotonic() > self.started + STEADY
        self.line.close()
        return self.start(self.post, deaths=0 if steady else self.deaths + 1)

    def report(self) -> Opened:
        """Wait until it serves. Raises what kept it from that."""
        wait([self.line, self.process.sentinel])
        try:
            said = self.line.recv() if self.line.poll() else None
        except EOFError:
            said = None
        if isinstance(said, SortyardError):
            raise said
        if not isinstance(said, Opened):
            raise RuntimeError("a worker ended before it served, and did not say why")  # noqa: TRY004 -- it is no matter of types
        return said


def serve_together(post: Post, announce: Announce) -> None:
    """Serve in several processes until a signal stops them all."""
    began = time.monotonic()
    with ExitStack() as stack:
        log = EventLog(sys.stderr)
        stack.callback(log.close)
        stopping = stack.enter_context(_hearing_signals())
        kept, http = reserved(post.http)
        stack.enter_context(kept)
        post = replace(post, http=http)
        stack.callback(_clear_away, post)
        crew: list[Member] = []
        stack.callback(_dismiss, crew)
        crew.extend(Member.start(replace(post, worker=number)) for number in range(post.workers))
        opened = [member.report() for member in crew]
        announce(replace(opened[0], seconds=time.monotonic() - began))
        while not stopping.is_set():
            _look_after(crew, log)


def _look_after(crew: list[Member], log: EventLog) -> None:
    """Wait a moment, and put another worker in the place of each that has died."""
    wait([one.process.sentinel for one in crew if one.process.is_alive()], LOOK)
    for place, member in enumerate(crew):
        if member.missed:
            ended = member.process.exitcode or 0
            log.write(
                "worker-ended", level=Level.ERROR, worker=str(member.post.worker), status=ended
            )
            crew[place] = member.successor()


def _dismiss(crew: list[Member]) -> None:
    """Tell all workers to end, and end those that do not."""
    for member in crew:
        member.process.terminate()
    deadline = time.monotonic() + LAST_ORDERS
    for member in crew:
        member.process.join(max(0.0, deadline - time.monotonic()))
        if member.process.is_alive():
            member.process.kill()
            member.process.join()


def _clear_away(post: Post) -> None:
    """Remove the folder in which the workers left their figures."""
    if post.figures is not None:
        shutil.rmtree(post.figures, ignore_errors=True)


@contextmanager
def _hearing_signals() -> Iterator[Event]:
    """Turn the signals that ask to stop into an event."""
    stopping = Event()
    before = {number: signal.signal(number, lambda *_: stopping.set()) for number in STOPPING}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _work(post: Post, line: Connection) -> None:
    """Serve in a process of its own, until it is told to stop or nobody is left to tell it."""
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        with explaining_absence():
            from sortyard.app.serving import serve_here  # noqa: PLC0415 -- the parent stays small

            serve_here(post, line.send)
    except SortyardError as error:
        line.send(error)
        raise SystemExit(FAILED) from None


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
