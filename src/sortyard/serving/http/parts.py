"""What the HTTP front is put together from."""

from dataclasses import dataclass, field

from sortyard.serving.access import Gate
from sortyard.serving.desk import Desk
from sortyard.serving.http.limits import HttpLimits
from sortyard.serving.http.ports import Metrics, Ping, Releases
from sortyard.serving.intake import Limits
from sortyard.serving.observing import Nobody, Observer
from sortyard.serving.ports import Now, utc_now
from sortyard.serving.telemetry.logs import Log, NoLog
from sortyard.serving.telemetry.traces import NoTracing, Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """
    Everything that the routes and what is around them need.

    Without `releases`, `metrics` or `store` the server has none, and says so.
    """

    desk: Desk
    gate: Gate
    releases: Releases | None = None
    metrics: Metrics | None = None
    store: Ping | None = None
    intake: Limits = field(default_factory=Limits)
    http: HttpLimits = field(default_factory=HttpLimits)
    observer: Observer = field(default_factory=Nobody)
    log: Log = field(default_factory=NoLog)
    tracing: Tracing = field(default_factory=NoTracing)
    now: Now = utc_now
