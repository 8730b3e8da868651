"""
HTTP/1.1 on one connection, with the bounds that uvicorn leaves to others.

Its fast parser collects headers of any length for any time, and a connection that has sent nothing
may stay for ever, as may one that never reads its answer. Here all of that ends.
"""

import sys
from asyncio import TimerHandle
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sortyard.serving.http.problems import Refused, problem_of, refused
from sortyard.serving.http.reception import HEADERS, REQUEST_ID

VERSIONS = {"1.0", "1.1"}
STATUS_LINES = {
    400: b"HTTP/1.1 400 Bad Request\r\n",
    408: b"HTTP/1.1 408 Request Timeout\r\n",
    431: b"HTTP/1.1 431 Request Header Fields Too Large\r\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a connection may take for what, in seconds, and how long a head may be."""

    head_bytes: int = 32_768
    head_seconds: float = 5.0
    unread_body_seconds: float = 5.0  # after an answer that did not wait for the whole body
    unread_answer_seconds: float = 15.0  # without any progress


class Connection(HttpToolsProtocol):
    """One connection, which ends where patience does."""

    def __init__(self, *given: Any, patience: Patience, **named: Any) -> None:  # noqa: ANN401 -- uvicorn's
        super().__init__(*given, **named)
        self._patience = patience
        self._in_head = True  # a head is awaited or arriving, no body
        self._head_bytes = 0
        self._deadline: TimerHandle | None = None
        self._reading: TimerHandle | None = None
        self._left_unread = 0
        # Up to the limit a connection is told that the server is full, and a little beyond it too.
        self._most_connections = (self.config.limit_concurrency or sys.maxsize) * 5 // 4

    # What arrives

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 -- of asyncio or of uvloop
        super().connection_made(transport)
        if len(self.connections) > self._most_connections:
            self.transport.abort()
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        if self._reading is not None:
            self._reading.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._head_bytes += len(data) if self._in_head else 0
        super().data_received(data)
        if not self._in_head or self.transport.is_closing():
            return
        if self._head_bytes > self._patience.head_bytes:
            self._refuse(refused(431, "The head of the request is too long."))
        elif self._head_bytes and self._deadline is None:  # else it is idle, and may stay
            self._expect_head()

    def on_headers_complete(self) -> None:
        if self.parser.get_http_version() not in VERSIONS:
            raise refused(400, "This server speaks HTTP/1.1.")
        self._in_head = False
        self._head_bytes = 0
        self._in_time()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head = True
        self._in_time()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(refused(400, msg))

    # What is late

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self._patience.head_seconds, self._head_is_late)

    def _in_time(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _head_is_late(self) -> None:
        if self._is_answering:  # what arrives slowly is the next request; this one comes first
            self._expect_head()
        elif self._head_bytes:
            self._refuse(refused(408, "The head of the request did not arrive in time."))
        else:
            self.transport.close()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    # What goes out

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch_reading()
        if not self._in_head and self._deadline is None:  # the body goes on, though it was answered
            self._deadline = self.loop.call_later(
                self._patience.unread_body_seconds, self.transport.close
            )

    def _watch_reading(self) -> None:
        """Look after a while whether the client reads its answer."""
        self._left_unread = self.transport.get_write_buffer_size()
        if self._left_unread and self._reading is None:
            self._reading = self.loop.call_later(
                self._patience.unread_answer_seconds, self._check_reading
            )

    def _check_reading(self) -> None:
        self._reading = None
        if self.transport.get_write_buffer_size() < self._left_unread:
            self._watch_reading()
        elif self._left_unread:
            self.transport.abort()

    def _refuse(self, error: Refused) -> None:
        """Say why, as the routes would, and close the connection."""
        problem = problem_of(error)
        request = uuid4().hex
        response = problem.response(request)
        headers = [
            *response.raw_headers,
            *HEADERS,
            (REQUEST_ID, request.encode()),
            (b"connection", b"close"),
        ]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(STATUS_LINES[problem.status] + lines + b"\r\n" + bytes(response.body))
        self.transport.close()
