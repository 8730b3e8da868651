"""Everything that watches one process while it serves: its log, its metrics, its traces."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sortyard.app.personal import log_redactor
from sortyard.app.posts import Post
from sortyard.serving.observing import Observer
from sortyard.serving.telemetry.exposition import Exposition
from sortyard.serving.telemetry.libraries import hearing_libraries
from sortyard.serving.telemetry.logs import EventLog
from sortyard.serving.telemetry.metrics import Metrics
from sortyard.serving.telemetry.traces import NoTracing, Tracing, open_traces
from sortyard.serving.telemetry.watchers import Turns, Watchers


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who is told of what happens; `observer` stands for all of them."""

    log: EventLog
    metrics: Metrics
    traces: Tracing
    exposition: Exposition
    observer: Observer


@contextmanager
def watching(post: Post) -> Iterator[Watch]:
    """
    Watch the process at a post.

    The log goes to standard error. What is still to be written or sent is, at the end.
    """
    with ExitStack() as stack:
        log = EventLog(sys.stderr, redact=log_redactor(post.workspace))
        stack.callback(log.close)
        stack.enter_context(hearing_libraries(log))
        metrics = Metrics()
        exposition = Exposition(metrics.panel, worker=str(post.worker), folder=post.figures)
        exposition.start()
        stack.callback(exposition.close)
        observers: list[Observer] = [metrics, Turns(log)]
        traces: Tracing = NoTracing()
        settings = post.workspace.settings
        if endpoint := settings.trace_endpoint:
            spans = open_traces(endpoint, share=settings.trace_share, worker=str(post.worker))
            stack.callback(spans.close)
            observers.append(spans.stages)
            traces = spans
        yield Watch(
            log=log,
            metrics=metrics,
            traces=traces,
            exposition=exposition,
            observer=Watchers(*observers),
        )
