"""
What a request may bring, enforced before it is parsed: its head, its body, and the time it takes.

Bodies are read here, as they arrive: one that is too long is refused at the byte that is too many,
one that is too slow when its time is up, and all that are held at once share one budget.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sortyard.domain.errors import Overloaded, TooLarge
from sortyard.serving.http.leaving import ClientGone
from sortyard.serving.http.problems import Refused, problem_of, refused
from sortyard.serving.http.reception import say
from sortyard.serving.http.visit import values_of

RETRY_AFTER = 1.0  # seconds
IDENTITY = "identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """
    How much one request, and all of them together, may take up before they are answered.

    Times are in seconds. `bytes` is the most that one body holds; `bytes_held` what all bodies
    together hold, from their first byte to the end of their answer.
    """

    bytes: int = 8_000_000
    bytes_held: int = 128_000_000
    requests: int = 1_024
    body_seconds: float = 15.0
    headers: int = 64
    header_bytes: int = 16_384
    target_bytes: int = 4_096  # of the path and the query


class Limiter:
    """ASGI middleware that holds requests to their limits."""

    def __init__(self, app: ASGIApp, *, limits: HttpLimits, exempt: Iterable[str] = ()) -> None:
        self._app = app
        self._limits = limits
        self._exempt = frozenset(exempt)  # paths that answer however busy it is
        self._held = 0
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        counted = scope["path"] not in self._exempt
        body = Body(self._limits.bytes)
        self._requests += counted
        try:
            if counted:
                self._check_room()
            self._check_head(scope)
            await self._read(body, receive)
        except (Refused, TooLarge, Overloaded) as error:
            await say(problem_of(error), scope, receive, send)
        else:
            await self._app(scope, body.replayed(receive), send)
        finally:
            self._requests -= counted
            self._held -= body.size

    def _check_room(self) -> None:
        if self._requests > self._limits.requests:
            raise Overloaded(self._requests, RETRY_AFTER)

    def _check_head(self, scope: Scope) -> None:
        limits, headers = self._limits, scope["headers"]
        size = sum(len(name) + len(value) for name, value in headers)
        if len(headers) > limits.headers or size > limits.header_bytes:
            raise refused(431, "The request has too many headers, or too long ones.")
        target = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        if target > limits.target_bytes:
            raise refused(414, f"The address is longer than {limits.target_bytes:,} bytes.")
        if any(value.lower() != IDENTITY for value in values_of(scope, b"content-encoding")):
            raise refused(415, "The body is encoded. Send it as it is.")
        for announced in values_of(scope, b"content-length"):
            if not announced.isdecimal():
                raise refused(400, "The content length is not a number.")
            if int(announced) > limits.bytes:
                raise TooLarge("The request", limits.bytes, "bytes")

    async def _read(self, body: "Body", receive: Receive) -> None:
        """Read a whole body. Raises TooLarge, Overloaded, Refused and ClientGone."""
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                while not body.whole:
                    self._held += body.add(await receive())
                    if self._held > self._limits.bytes_held:
                        raise Overloaded(self._requests, RETRY_AFTER)
        except TimeoutError:
            raise refused(408, "The body did not arrive in time.") from None


class Body:
    """A body as it arrives, to be received once more by whoever is behind."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.whole = False
        self._most = most
        self._chunks: list[bytes] = []

    def add(self, message: Message) -> int:
        """Add what arrived, and give its size. Raises TooLarge and ClientGone."""
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk: bytes = message.get("body", b"")
        if self.size + len(chunk) > self._most:
            raise TooLarge("The request", self._most, "bytes")
        self.size += len(chunk)
        self._chunks.append(chunk)
        self.whole = not message.get("more_body", False)
        return len(chunk)

    def replayed(self, receive: Receive) -> Receive:
        """Give a way to receive the whole body as one message, and then what comes after it."""

        async def replay() -> Message:
            if not self._chunks:
                return await receive()
            whole = b"".join(self._chunks)
            self._chunks.clear()
            return {"type": "http.request", "body": whole, "more_body": False}

        return replay
