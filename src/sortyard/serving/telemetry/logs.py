"""
What happened, one JSON object a line, and never a word of a message.

Only the fields of `Fields` are written, and only values that look like what they should be: a
number, or one short word. So no text slips in, whoever writes the line. Of the id of a request,
which its caller chose, what is personal is taken out. A line is written in the
background: a pipe that nobody reads slows no answer. Lines that find no room are counted, and the
log says how many they were once there is room again.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from queue import Empty, Full, Queue
from threading import Lock, Thread
from time import sleep, time
from typing import Protocol, TextIO, TypeAlias, TypedDict, Unpack

WORD = re.compile(r"[A-Za-z0-9._:/{}-]{1,128}")
HIDDEN = "?"  # in place of a value that is no word
MOST_WAITING = 10_000  # lines
AT_ONCE = 2_000
GATHERING = 0.05  # seconds, so that a busy server does not wake the writer for every line


class Level(StrEnum):
    """How grave it is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Fields(TypedDict, total=False):
    """All that a line may say beside its time, its level and the name of its event."""

    request: str | None  # its id
    trace: str | None
    front: str
    operation: str  # a route as it is declared, never a path that was asked for
    status: int | str
    code: str | None  # of an error
    ms: float
    messages: int
    release: str | None
    before: str | None  # the release that answered until then
    key: str | None  # the public id of an API key
    degradation: str | None
    worker: str
    seconds: float
    count: int
    logger: str
    error: str | None  # its type
    where: str  # a module and a line of it


class Log(Protocol):
    """Notes what happened, and cannot note a word of a message."""

    def write(self, event: str, *, level: Level = Level.INFO, **fields: Unpack[Fields]) -> None: ...

    def fault(self, error: BaseException, *, request: str | None = None) -> None:
        """Note an error that nobody foresaw, without its words."""
        ...


class NoLog:
    """A `Log` that notes nothing."""

    def write(self, event: str, *, level: Level = Level.INFO, **fields: Unpack[Fields]) -> None:
        """Let it pass."""

    def fault(self, error: BaseException, *, request: str | None = None) -> None:
        """Let it pass."""


Redact: TypeAlias = Callable[[str], str]  # takes what is personal out of a text
Line: TypeAlias = tuple[float, Level, str, Mapping[str, object]]


class EventLog:
    """A `Log` that writes to a stream; close it, so that its last lines are written."""

    def __init__(
        self,
        stream: TextIO,
        *,
        least: Level = Level.INFO,
        most_waiting: int = MOST_WAITING,
        redact: Redact = str,
    ) -> None:
        self._stream = stream
        self._redact = redact
        self._silenced = tuple(Level)[: tuple(Level).index(least)]
        self._waiting: Queue[Line | None] = Queue(most_waiting)
        self._lock = Lock()
        self._lost = 0
        self._thread = Thread(target=self._write_all, name="log", daemon=True)
        self._thread.start()

    def write(self, event: str, *, level: Level = Level.INFO, **fields: Unpack[Fields]) -> None:
        """Write one line soon."""
        if level in self._silenced:
            return
        try:
            self._waiting.put_nowait((time(), level, event, fields))
        except Full:
            self._lose(1)

    def fault(self, error: BaseException, *, request: str | None = None) -> None:
        """Write of an error that nobody foresaw: its type and where it arose, not its words."""
        kind = type(error).__name__
        self.write("fault", level=Level.ERROR, request=request, error=kind, where=place(error))

    def close(self, *, timeout: float = 2.0) -> None:
        """Write what waits, as far as there is time."""
        try:
            self._waiting.put(None, timeout=timeout)
        except Full:
            return
        self._thread.join(timeout)

    def _lose(self, count: int) -> None:
        with self._lock:
            self._lost += count

    def _write_all(self) -> None:
        going = True
        while going:
            found = self._next()
            going = None not in found
            lines = [line_of(*one, redact=self._redact) for one in found if one is not None]
            lost = self._lost
            if lost:
                lines.append(line_of(time(), Level.WARNING, "lines-lost", {"count": lost}))
            try:
                self._stream.write("".join(lines))
                self._stream.flush()
            except (OSError, ValueError):  # nobody reads any more, which stops no server
                self._lose(len(lines) - bool(lost))
            else:
                self._lose(-lost)

    def _next(self) -> list[Line | None]:
        """Wait for a line, and take along what follows it soon."""
        found = [self._waiting.get()]
        if found[0] is not None:
            sleep(GATHERING)
        while found[-1] is not None and len(found) < AT_ONCE:
            try:
                found.append(self._waiting.get_nowait())
            except Empty:
                break
        return found


def line_of(
    at: float, level: Level, event: str, fields: Mapping[str, object], *, redact: Redact = str
) -> str:
    """Write one line: what is known to be harmless, and nothing else."""
    when = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    shown = {
        name: _harmless(value)
        for name, value in fields.items()
        if value is not None and name in Fields.__annotations__
    }
    if isinstance(request := shown.get("request"), str):
        shown["request"] = redact(request)
    facts = {"time": when, "level": level.value, "event": _harmless(event), **shown}
    return json.dumps(facts, allow_nan=False) + "\n"


def place(error: BaseException) -> str:
    """Name the module and the line in which an error arose."""
    step = error.__traceback__
    if step is None:
        return "unknown"
    while step.tb_next is not None:
        step = step.tb_next
    return f"{step.tb_frame.f_globals.get('__name__', 'unknown')}:{step.tb_lineno}"


def _harmless(value: object) -> str | float:
    if isinstance(value, str):
        return value if WORD.fullmatch(value) else HIDDEN
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else HIDDEN
    return value if isinstance(value, int) else HIDDEN
