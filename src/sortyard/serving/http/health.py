"""`/healthz`, `/readyz` and `/metrics`: for those who watch."""

import asyncio
import time
from collections.abc import Callable

from fastapi import APIRouter
from pydantic import BaseModel
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from sortyard.domain.errors import StoreAway
from sortyard.domain.facts import Facts
from sortyard.serving.http.describing import PROBLEMS
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.ports import Ping
from sortyard.serving.http.problems import refused

LOOK_EVERY = 2.0  # seconds
PATIENCE = 1.0  # seconds
TEXT = "text/plain; version=0.0.4; charset=utf-8"
REACHABLE, AWAY = "reachable", "away"


class Health(BaseModel):
    """That the process runs."""

    status: str


class Ready(BaseModel):
    """
    Whether messages are answered now.

    `current` tells whether they are by the release that shall answer, and `problem` why none is, or
    another one. An absent store makes no answer wait, so `store` may be `away` while `ready` is
    true.
    """

    ready: bool
    release: str | None
    current: bool
    problem: str | None
    store: str | None


def health_routes(parts: Parts) -> APIRouter:
    """Give the routes that tell how the server is."""
    router = APIRouter(tags=["health"])
    store = parts.store and StoreWatch(parts.store)

    @router.get("/healthz", summary="Whether the process runs.", response_model=Health)
    async def healthz() -> Response:
        return _json({"status": "ok"})

    @router.get(
        "/readyz",
        summary="Whether messages are answered now.",
        response_model=Ready,
        responses={503: {"model": Ready, "description": "No message is answered now."}},
    )
    async def readyz() -> Response:
        found = parts.desk.readiness
        facts = {
            "ready": found.ready,
            "release": found.release,
            "current": found.ready and found.problem is None,
            "problem": found.problem,
            "store": await store.state() if store else None,
        }
        return _json(facts, status=200 if found.ready else 503)

    @router.get(
        "/metrics",
        summary="What Prometheus reads.",
        response_model=None,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **PROBLEMS},
    )
    async def metrics(request: Request) -> Response:  # noqa: ARG001 -- so that its key is shown
        if parts.metrics is None:
            raise refused(404, "This server measures nothing.")
        return Response(await asyncio.to_thread(parts.metrics), headers={"content-type": TEXT})

    return router


class StoreWatch:
    """
    Knows whether the store answers, and asks it at most every two seconds.

    However often somebody asks for it, the database sees one question at a time; one that it does
    not answer in a second counts as no.
    """

    def __init__(self, ping: Ping, clock: Callable[[], float] = time.monotonic) -> None:
        self._ping = ping
        self._clock = clock
        self._asking: asyncio.Task[str] | None = None
        self._state = AWAY
        self._until = clock()

    async def state(self) -> str:
        """Tell whether the store is `reachable` or `away`."""
        if self._clock() < self._until:
            return self._state
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        done, _ = await asyncio.wait((self._asking,), timeout=PATIENCE)
        self._state = self._asking.result() if done else AWAY
        self._until = self._clock() + LOOK_EVERY
        return self._state

    async def _ask(self) -> str:
        try:
            await asyncio.to_thread(self._ping)
        except StoreAway:
            return AWAY
        return REACHABLE


def _json(facts: Facts, *, status: int = 200) -> Response:
    return Response(to_json(facts), status, media_type="application/json")
