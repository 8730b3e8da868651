"""What a server does, in numbers that Prometheus collects."""

from collections.abc import Callable, Sequence

from sortyard.domain.predictions import Answer, Degradation
from sortyard.serving.observing import Stages
from sortyard.serving.served import Figures
from sortyard.serving.telemetry.choices import ChoiceMetrics
from sortyard.serving.telemetry.figures import DeskFigures, JournalFigures, JournalState, Process
from sortyard.serving.telemetry.instruments import Panel

SECONDS = (
    *(0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05),
    *(0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
OK = "ok"
MESSAGES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Metrics:
    """
    An `Observer` that counts; `panel` is what a scrape reads.

    The values of labels are words of the code (fronts, routes, codes of errors …), names of the
    taxonomy and of rules, and ids of releases; so there is a bounded number of them, and none
    comes out of a message.
    """

    def __init__(self) -> None:
        self.panel = panel = Panel()
        panel.add(Process())
        self._requests = panel.counts("requests", "Requests that ended.", "front", "outcome")
        self._messages = panel.counts("messages", "Messages in them.", "front", "outcome")
        self._seconds = panel.histogram(
            "request_seconds", "From messages to their answers.", SECONDS, "front"
        )
        self._core = panel.histogram("answer_seconds", "The serving core's part of it.", SECONDS)
        self._stages = panel.histogram("stage_seconds", "Where it was spent.", SECONDS, "stage")
        self._batches = panel.histogram("batch_messages", "Messages judged together.", MESSAGES)
        self._waits = panel.histogram(
            "batch_wait_seconds", "How long the oldest message of a batch waited.", SECONDS
        )
        self._works = panel.histogram("batch_seconds", "How long a batch took.", SECONDS)
        self._hits = panel.counts("cache_hits", "Messages whose answer was known.")
        self._misses = panel.counts("cache_misses", "Messages that had to be read.")
        self._failures = panel.counts("failures", "Messages without an answer.", "code")
        self._refusals = panel.counts("refusals", "Messages refused with their request.", "code")
        self._levels = panel.counts("degradations", "Times a level was entered.", "degradation")
        self._swaps = panel.histogram("swap_seconds", "How long a new release took.", SECONDS)
        self._not_swapped = panel.counts("swap_failures", "Releases that cannot load.", "code")
        self._choices = ChoiceMetrics(panel)

    def watch_desk(self, look: Callable[[], Figures]) -> None:
        """Tell from now on what the desk holds when somebody asks."""
        self.panel.add(DeskFigures(look))

    def watch_journal(self, look: Callable[[], JournalState]) -> None:
        """Tell from now on what waits for the store when somebody asks."""
        self.panel.add(JournalFigures(look))

    def request(self, front: str, outcome: str, seconds: float, messages: int) -> None:
        self._requests.add(front, outcome)
        self._messages.add(front, outcome, amount=messages)
        if outcome == OK and messages:  # a refusal is quick, and so is a look at the metrics
            self._seconds.add(seconds, front)

    def answered(self, answers: Sequence[Answer], seconds: float) -> None:
        self._core.add(seconds)
        for answer in answers:
            self._choices.add(answer)

    def stages(self, stages: Stages) -> None:
        self._stages.add(stages.queue, "queue")
        self._stages.add(stages.prepare, "prepare")
        self._stages.add(stages.judge, "judge")
        self._stages.add(stages.record, "record")

    def batch(self, size: int, waited: float, seconds: float) -> None:
        self._batches.add(size)
        self._waits.add(waited)
        self._works.add(seconds)

    def cache(self, hits: int, misses: int) -> None:
        self._hits.add(amount=hits)
        self._misses.add(amount=misses)

    def failed(self, code: str) -> None:
        self._failures.add(code)

    def refused(self, code: str, messages: int) -> None:
        self._refusals.add(code, amount=messages)

    def level(self, degradation: Degradation | None) -> None:
        self._levels.add(degradation)

    def swapped(self, before: str | None, after: str, seconds: float) -> None:  # noqa: ARG002
        self._swaps.add(seconds)

    def swap_failed(self, release: str, code: str) -> None:  # noqa: ARG002 -- as the port does
        self._not_swapped.add(code)
