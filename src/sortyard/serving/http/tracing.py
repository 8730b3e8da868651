"""The span of a request, below the one that its caller names."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from sortyard.serving.http.reception import FRONT
from sortyard.serving.http.visit import visit_of
from sortyard.serving.telemetry.traces import Tracing

CARRIERS = ("traceparent", "tracestate")


@contextmanager
def traced(request: Request, tracing: Tracing, operation: str) -> Iterator[None]:
    """Trace what happens in the block."""
    carrier = {name: request.headers[name] for name in CARRIERS if name in request.headers}
    with tracing.request(FRONT, operation, carrier):
        visit_of(request).trace = tracing.trace
        yield
