"""
Where every request comes in and every answer goes out.

A request gets an id, an answer the headers that browsers heed, and an error that nobody foresaw
becomes a 500 without a word of it. What happened is noted and measured.
"""

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sortyard.serving.http.leaving import ClientGone
from sortyard.serving.http.problems import Problem, problem_of
from sortyard.serving.http.visit import GONE, KEY, Visit, header_of
from sortyard.serving.intake import request_id
from sortyard.serving.observing import Observer
from sortyard.serving.telemetry.logs import Level, Log

FRONT = "http"
REQUEST_ID = b"x-request-id"
CLIENT_GONE = 499  # what nobody reads any more; the number is nginx's
SERVER_ERROR = 500
PROTOCOL = "/v2"  # where problems speak as the Open Inference Protocol does
UNROUTED = "none"

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
TLS_ONLY = (b"strict-transport-security", b"max-age=31536000")


class Reception:
    """The outermost part of the front, as ASGI middleware."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        observer: Observer,
        log: Log,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app = app
        self._observer = observer
        self._log = log
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = self._clock()
        visit = scope[KEY] = Visit(request_id(header_of(scope, REQUEST_ID)))
        own = _headers(scope, visit.request)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit.status = message["status"]
                message["headers"] = [*message.get("headers", ()), *own]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientGone:
            visit.status, visit.outcome = CLIENT_GONE, GONE
        except Exception as error:  # noqa: BLE001 -- whatever it is, its words stay here
            self._log.fault(error, request=visit.request)
            await _apologise(problem_of(error), scope, receive, sending)
        finally:
            self._note(scope, visit, self._clock() - began)

    def _note(self, scope: Scope, visit: Visit, seconds: float) -> None:
        route = scope.get("route")
        self._observer.request(FRONT, visit.outcome, seconds, visit.messages)
        self._log.write(
            "request",
            level=Level.ERROR if visit.status >= SERVER_ERROR else Level.INFO,
            front=FRONT,
            request=visit.request,
            trace=visit.trace,
            operation=getattr(route, "path", UNROUTED),
            status=visit.status,
            code=visit.outcome,
            ms=seconds * 1_000,
            messages=visit.messages,
            release=visit.release,
            key=visit.caller.name if visit.caller else None,
        )


async def say(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with a problem, from outside of the routes."""
    visit: Visit = scope[KEY]
    visit.outcome = problem.code
    response = problem.response(visit.request, as_text=scope["path"].startswith(PROTOCOL))
    await response(scope, receive, send)


async def _apologise(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    visit: Visit = scope[KEY]
    if visit.status:  # half of an answer is out; the server cuts the connection
        visit.outcome = problem.code
        return
    await say(problem, scope, receive, send)


def _headers(scope: Scope, request: str) -> tuple[tuple[bytes, bytes], ...]:
    own = (*HEADERS, (REQUEST_ID, request.encode("ascii")))
    return (*own, TLS_ONLY) if scope.get("scheme") == "https" else own
