"""
Traces: one span for a request, with one below it for every stage that it went through.

Nothing is traced, and nothing loaded for it, unless an endpoint is configured.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sortyard.serving.telemetry.spans import Spans


class Tracing(Protocol):
    """What a front opens around each request."""

    def request(
        self, front: str, operation: str, headers: Mapping[str, str]
    ) -> AbstractContextManager[None]:
        """
        Trace what happens in the block, as a part of the caller's trace if it sent one.

        `operation` is a route as it is declared, never a path that was asked for. The names of
        `headers` are in lower case.
        """
        ...

    @property
    def trace(self) -> str | None:
        """The id of the trace that the present task is a part of, for its line in the log."""
        ...


class NoTracing:
    """A `Tracing` that traces nothing."""

    trace: str | None = None

    def request(
        self,
        front: str,  # noqa: ARG002 -- the port names them
        operation: str,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> AbstractContextManager[None]:
        return nullcontext()


def open_traces(endpoint: str, *, share: float = 1.0, worker: str = "0") -> "Spans":
    """
    Send traces to an OTLP endpoint, such as `http://collector:4318/v1/traces`.

    `share` is the part of the requests that is traced where the caller does not say so itself.
    Traces are sent in the background; what finds no room is left out.
    """
    from sortyard.serving.telemetry.spans import Spans  # noqa: PLC0415 -- as said above

    return Spans.sent_to(endpoint, share=share, worker=worker)
