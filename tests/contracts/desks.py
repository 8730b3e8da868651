"""What a desk is wired with in tests: parts that are watched, held up, or refuse."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from threading import Event
from time import sleep
from typing import Any

from sortyard.domain.errors import CannotKeep
from sortyard.domain.ports import Advance
from sortyard.domain.predictions import Answer, Degradation
from sortyard.domain.records import Record
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import Encoder, TokenTerms, Vectors
from sortyard.serving.active import Active
from sortyard.serving.desk import Desk
from sortyard.serving.observing import Stages

POISON = "poison"  # an encoder of ours fails on a text with this word
RIDDLE = "riddle"  # and explains none with this one
PATIENCE = 20.0  # seconds that a test waits for what must come


@dataclass(slots=True)
class FakeClock:
    """A clock that goes on when it is told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class MemoryRecorder:
    """A `Recorder` that keeps in memory, or refuses."""

    records: list[Record] = field(default_factory=list)
    refuses: bool = False

    def keep(self, records: Sequence[Record]) -> None:
        if self.refuses:
            raise CannotKeep("the disk is full")
        self.records += records


@dataclass(slots=True)
class Watching:
    """An `Observer` that writes down what it is told."""

    events: list[tuple[Any, ...]] = field(default_factory=list)

    def named(self, name: str) -> list[tuple[Any, ...]]:
        return [rest for event, *rest in self.events if event == name]

    def request(self, front: str, outcome: str, seconds: float, messages: int) -> None:
        self.events.append(("request", front, outcome, seconds, messages))

    def answered(self, answers: Sequence[Answer], seconds: float) -> None:
        self.events.append(("answered", answers, seconds))

    def stages(self, stages: Stages) -> None:
        self.events.append(("stages", stages))

    def batch(self, size: int, waited: float, seconds: float) -> None:
        self.events.append(("batch", size, waited, seconds))

    def cache(self, hits: int, misses: int) -> None:
        self.events.append(("cache", hits, misses))

    def failed(self, code: str) -> None:
        self.events.append(("failed", code))

    def refused(self, code: str, messages: int) -> None:
        self.events.append(("refused", code, messages))

    def level(self, degradation: Degradation | None) -> None:
        self.events.append(("level", degradation))

    def swapped(self, before: str | None, after: str, seconds: float) -> None:
        self.events.append(("swapped", before, after, seconds))

    def swap_failed(self, release: str, code: str) -> None:
        self.events.append(("swap_failed", release, code))


@dataclass(frozen=True, slots=True)
class WatchedEncoder:
    """
    An encoder that notes what it reads, waits at a gate, takes its time, and fails on poison.

    It explains no riddle, and raises an error that can be chosen.
    """

    encoder: Encoder
    pause: float = 0.0  # seconds that every batch takes longer
    puzzled: Exception = field(default_factory=RuntimeError)
    texts: list[str] = field(default_factory=list)
    gate: Event = field(default_factory=Event)
    reached: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def width(self) -> int:
        return self.encoder.width

    @property
    def blocks(self) -> int:
        return self.encoder.blocks

    def encode(self, texts: Sequence[str], *, progress: Advance | None = None) -> Vectors:
        self.reached.set()
        assert self.gate.wait(PATIENCE)
        sleep(self.pause)
        self.texts.extend(texts)
        if any(POISON in text for text in texts):
            raise RuntimeError(texts)
        return self.encoder.encode(texts, progress=progress)

    def token_terms(self, text: str) -> TokenTerms:
        if RIDDLE in text:
            raise self.puzzled
        return self.encoder.token_terms(text)


def watched(classifier: Classifier, *, pause: float = 0.0) -> tuple[Classifier, WatchedEncoder]:
    """Give a release whose student is watched, and the student."""
    student = WatchedEncoder(classifier.eyes.static, pause)
    return replace(classifier, eyes=replace(classifier.eyes, static=student)), student


def puzzled(classifier: Classifier, error: Exception) -> Classifier:
    """Give a release that answers riddles, and raises this error where it shall explain them."""
    assert classifier.eyes.encoder is not None
    encoder = WatchedEncoder(classifier.eyes.encoder, puzzled=error)
    return replace(classifier, eyes=replace(classifier.eyes, encoder=encoder))


async def until(is_so: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait for what must come; TimeoutError where it does not in time."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 -- what is waited for knows of no event
            await asyncio.sleep(0.001)


@asynccontextmanager
async def open_desk(classifier: Classifier, **parts: Any) -> AsyncIterator[Desk]:
    """Open a desk whose only release is this one; its warm-up has been forgotten."""
    desk = Desk(Active(lambda: classifier.release, lambda _: classifier), **parts)
    await desk.start()
    student = classifier.eyes.static
    if isinstance(student, WatchedEncoder):
        student.texts.clear()
        student.reached.clear()
    try:
        yield desk
    finally:
        await desk.close()
