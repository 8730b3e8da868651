"""What watching costs: a message counted, a line logged, a request traced, a scrape."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

from opentelemetry.sdk.trace import TracerProvider

from benchmarks.results import Section, arguments, number
from sortyard.app.change import Look
from sortyard.domain.predictions import Answer, Candidate, Choice, Route, Stage
from sortyard.serving.observing import Stages
from sortyard.serving.telemetry.exposition import Exposition
from sortyard.serving.telemetry.logs import EventLog
from sortyard.serving.telemetry.metrics import Metrics
from sortyard.serving.telemetry.spans import Spans

TIMES = 20_000
BATCH = 64
LABELS = 77  # of each dimension
DIMENSIONS = ("team", "topic", "urgency")
WORKERS = 4
MICRO, MILLI = 1e6, 1e3
BAR = 20.0  # microseconds a message


def main() -> None:
    given = arguments(__doc__).parse_args()
    times = given.rows or TIMES
    each, many = _message_alone(times), _message_of_many(times)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            ("one message alone: request, answer, stages", _micro(each), f"≤ {BAR:.0f} µs"),
            (f"one message of {BATCH} in a request", _micro(many), f"≤ {BAR:.0f} µs"),
            ("one line of the log, for who writes it", _micro(_line(times)), ""),
            ("one request traced, with four stages", _micro(_span(times)), ""),
            ("a scrape, one worker", _milli(_scrape(None)), ""),
            (f"a scrape, {WORKERS} workers", _milli(_scrape(Path(folder))), ""),
            ("reading a scrape, as `monitor top` does", _milli(_read()), ""),
        ]
    Section(
        name="telemetry",
        title="What watching costs",
        about=f"{len(DIMENSIONS)} dimensions with {LABELS} labels each. Processor time, the best "
        "of five runs.",
        header=("what", "time", "the bar"),
        rows=rows,
    ).publish(write=given.write)


def _answers(count: int) -> list[Answer]:
    return [
        Answer(
            message_id=str(number),
            release="r1",
            choices={
                name: Choice(
                    dimension=name,
                    labels=(f"area/label {number % LABELS}",),
                    confidence=0.93,
                    route=Route.AUTO,
                    candidates=(Candidate(f"area/label {number % LABELS}", 0.93),),
                    stage=Stage.STATIC,
                )
                for name in DIMENSIONS
            },
        )
        for number in range(count)
    ]


def _best(work: Callable[[], None], times: int) -> float:
    """Time a piece of work that does something so often, in seconds for each."""
    seconds = []
    for _ in range(5):
        began = process_time()
        work()
        seconds.append(process_time() - began)
    return min(seconds) / times


def _message_alone(times: int) -> float:
    metrics, (answer,) = Metrics(), _answers(1)

    def work() -> None:
        for _ in range(times):
            metrics.request("http", "ok", 0.004, 1)
            metrics.answered([answer], 0.003)
            metrics.stages(Stages(queue=0.001, prepare=0.0001, judge=0.002, record=0.0002))
            metrics.batch(1, 0.001, 0.002)
            metrics.cache(0, 1)

    return _best(work, times)


def _message_of_many(times: int) -> float:
    metrics, answers = Metrics(), _answers(BATCH)
    rounds = max(1, times // BATCH)

    def work() -> None:
        for _ in range(rounds):
            metrics.request("http", "ok", 0.004, BATCH)
            metrics.answered(answers, 0.003)
            metrics.stages(Stages(queue=0.001, prepare=0.0001, judge=0.002, record=0.0002))
            metrics.batch(BATCH, 0.001, 0.002)
            metrics.cache(0, BATCH)

    return _best(work, rounds * BATCH)


def _line(times: int) -> float:
    log = EventLog(io.StringIO(), most_waiting=times * 6)

    def work() -> None:
        for _ in range(times):
            log.write(
                "request", request="7f3a9c", front="http", operation="/v1/classify", status=200
            )

    found = _best(work, times)
    log.close(timeout=60)
    return found


def _span(times: int) -> float:
    traces = Spans(TracerProvider(shutdown_on_exit=False))
    rounds = max(1, times // 10)

    def work() -> None:
        for _ in range(rounds):
            with traces.request("http", "/v1/classify", {}):
                traces.stages.stages(
                    Stages(queue=0.001, prepare=0.0001, judge=0.002, record=0.0002)
                )

    return _best(work, rounds)


def _worker(name: str, folder: Path | None) -> Exposition:
    metrics = Metrics()
    metrics.request("http", "ok", 0.004, LABELS)
    metrics.answered(_answers(LABELS), 0.003)
    exposition = Exposition(metrics.panel, worker=name, folder=folder)
    exposition.start()
    return exposition


def _scrape(folder: Path | None) -> float:
    workers = [_worker(str(name), folder) for name in range(WORKERS if folder else 1)]
    found = _best(lambda: _ignore(workers[0].text()), 1)
    for one in workers:
        one.close()
    return found


def _read() -> float:
    text = _worker("0", None).text().decode()
    return _best(lambda: _ignore(Look.of(text, at=0.0)), 1)


def _ignore(_: object) -> None:
    """Let a result go."""


def _micro(seconds: float) -> str:
    return f"{number(MICRO * seconds)} µs"


def _milli(seconds: float) -> str:
    return f"{number(MILLI * seconds)} ms"


if __name__ == "__main__":
    main()
