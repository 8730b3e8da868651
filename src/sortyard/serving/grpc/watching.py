"""Who is told of every call, when it is over."""

from dataclasses import dataclass, field

import grpc

from sortyard.serving.grpc.calls import FRONT, Call
from sortyard.serving.observing import Nobody, Observer
from sortyard.serving.telemetry.logs import Level, Log, NoLog
from sortyard.serving.telemetry.traces import NoTracing, Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchers:
    """What measures, traces and notes."""

    observer: Observer = field(default_factory=Nobody)
    tracing: Tracing = field(default_factory=NoTracing)
    log: Log = field(default_factory=NoLog)

    def broke(self, call: Call, error: Exception) -> None:
        """Note an error that nobody foresaw, without its words."""
        self.log.fault(error, request=call.request)

    def ended(self, call: Call) -> None:
        """Measure a call that is over, and note it."""
        seconds = call.seconds
        self.observer.request(FRONT, call.outcome, seconds, call.messages)
        self.log.write(
            "request",
            level=Level.ERROR if call.status is grpc.StatusCode.INTERNAL else Level.INFO,
            front=FRONT,
            request=call.request,
            trace=call.trace,
            operation=call.operation,
            status=call.status.name,
            code=call.outcome,
            ms=seconds * 1_000,
            messages=call.messages,
            release=call.release,
            key=call.key,
        )
