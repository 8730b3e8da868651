"""What the tests of the recorder share: a worker that can die, and what they ask of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from sortyard.domain.records import Record
from sortyard.storage.journal import Journal
from sortyard.storage.journal_lines import line_of
from sortyard.storage.recorder import Recorder, RecorderFigures
from sortyard.storage.writer import TRIES
from tests.contracts.sinks import MemorySink, made_record

LINE = len(line_of(made_record(1)))
ROOM_FOR_SIX = 6 * LINE + LINE // 2  # bytes


@dataclass
class Worker:
    """A worker that stores by hand, and can die."""

    root: Path
    sink: MemorySink
    most_in_memory: int = 2**20
    now: float = 0.0
    journal: Journal = field(init=False)
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.journal = Journal(self.root)
        self.recorder = Recorder(
            self.sink,
            self.journal,
            most_in_memory=self.most_in_memory,
            clock=lambda: self.now,
        )

    def die(self) -> None:
        """Leave everything as it is; the system frees the lock."""
        self.journal.close()

    @property
    def figures(self) -> RecorderFigures:
        return self.recorder.figures


def records(*numbers: int) -> list[Record]:
    return [made_record(number) for number in numbers]


def stored(sink: MemorySink) -> list[int]:
    return [int(message_id[1:]) for message_id, _ in sink.stored]


def drain_often(worker: Worker) -> bool:
    """Try until what the store refuses without a reason is believed to be refused for ever."""
    return [worker.recorder.drain() for _ in range(TRIES)][-1]


def soon(condition: Callable[[], bool], *, seconds: float = 60.0) -> bool:
    deadline = monotonic() + seconds
    while not condition():
        if monotonic() > deadline:
            return False
        sleep(0.005)
    return True
