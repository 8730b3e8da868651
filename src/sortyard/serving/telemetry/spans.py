"""
Traces with OpenTelemetry.

A span carries the names of its front and its operation, and the type of an error: no text, no id of
a message, no words of an exception.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Self

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import SpanKind, StatusCode, Tracer, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sortyard.serving.observing import Nobody, Stages
from sortyard.serving.version import VERSION

NANOSECONDS = 1_000_000_000
STAGES = ("queue", "prepare", "judge", "record")  # in the order in which a request meets them
PATIENCE = 3.0  # seconds, for a collector that does not answer


class Spans:
    """A `Tracing`; `stages` is the `Observer` that completes it with a span for every stage."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("sortyard", VERSION)
        self._propagator = TraceContextTextMapPropagator()
        self.stages = StageSpans(self._tracer)

    @classmethod
    def sent_to(cls, endpoint: str, *, share: float, worker: str) -> Self:
        """Trace a share of the requests, and send what is traced to an OTLP endpoint."""
        name = {"service.name": "sortyard", "service.version": VERSION}
        provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(share),
            resource=Resource.create({**name, "service.instance.id": worker}),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=PATIENCE)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return cls(provider)

    @property
    def trace(self) -> str | None:
        context = get_current_span().get_span_context()
        return format_trace_id(context.trace_id) if context.is_valid else None

    @contextmanager
    def request(self, front: str, operation: str, headers: Mapping[str, str]) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            operation,
            context=self._propagator.extract(headers),
            kind=SpanKind.SERVER,
            attributes={"sortyard.front": front, "sortyard.operation": operation},
            record_exception=False,  # its words may quote a message
            set_status_on_exception=False,  # and so would the status
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def close(self) -> None:
        """Send what is left; a collector that is away delays this only for a moment."""
        closing = Thread(target=self._provider.shutdown, name="traces", daemon=True)
        closing.start()
        closing.join(PATIENCE)


class StageSpans(Nobody):
    """
    An `Observer` that turns the stages of a request into spans.

    Stages are told when all of them are over. They are laid end to end, so that the last one ends
    now: exact for a request that was one batch, and in sum for every other.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def stages(self, stages: Stages) -> None:
        if not get_current_span().is_recording():
            return
        end = time.time_ns()
        for name in reversed(STAGES):
            start = end - round(getattr(stages, name) * NANOSECONDS)
            if start < end:
                self._tracer.start_span(name, start_time=start).end(end)
            end = start
