"""How fast a release answers on this machine, and how much memory it takes."""

import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from sortyard.data.archive import read_messages
from sortyard.domain.messages import Message
from sortyard.domain.ports import Progress
from sortyard.evaluation.latency import Latency
from sortyard.models.classifier import Classifier

SINGLES = 300
KILOBYTE = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Times on this machine; memory is the most that this process ever held, in megabytes."""

    opening_seconds: float
    latency: Latency
    batch_messages: int
    memory_mb: float | None


def sample(source: Path | None, *, count: int) -> tuple[Message, ...]:
    """Take messages from a file or from the demo's fresh ones, over and over, up to a count."""
    if source is None:
        from sortyard.data.demo.fresh import fresh_messages  # noqa: PLC0415 -- rarely needed

        found = fresh_messages()
    else:
        found = read_messages(source).messages
    return tuple(found[place % len(found)] for place in range(count))


def measure_speed(
    classifier: Classifier,
    messages: tuple[Message, ...],
    *,
    opening_seconds: float,
    progress: Progress,
) -> Speed:
    """Time messages one by one, and all of them in a batch."""
    singles = messages[:SINGLES]
    classifier.classify_batch(singles[:1])
    seconds = []
    with progress.stage("One by one", len(singles)) as advance:
        for message in singles:
            began = perf_counter()
            classifier.classify_batch([message])
            seconds.append(perf_counter() - began)
            advance(1)
    with progress.stage("In a batch", len(messages)) as advance:
        began = perf_counter()
        classifier.classify_batch(messages)
        took = perf_counter() - began
        advance(len(messages))
    return Speed(
        opening_seconds=opening_seconds,
        latency=Latency.of(seconds, messages_per_second=len(messages) / took),
        batch_messages=len(messages),
        memory_mb=_most_memory(),
    )


def _most_memory() -> float | None:
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 -- not every system has it

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / KILOBYTE / (KILOBYTE if sys.platform == "darwin" else 1)
