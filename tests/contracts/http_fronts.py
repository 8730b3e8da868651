"""The HTTP front around a real desk, asked in this process or over a real socket."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Unpack

import httpx
from fastapi import FastAPI

from sortyard.models.classifier import Classifier
from sortyard.serving.access import Gate
from sortyard.serving.desk import Desk
from sortyard.serving.http.app import make_app
from sortyard.serving.http.parts import Parts
from sortyard.serving.http.protocol import Patience
from sortyard.serving.server import HttpServer
from sortyard.serving.telemetry.logs import Fields, Level
from sortyard.serving.tls import Tls
from tests.contracts.desks import Watching, open_desk
from tests.contracts.loops import Loop
from tests.contracts.release_shelves import MemoryReleases

HERE = ("127.0.0.1", 50_000)
ELSEWHERE = ("192.0.2.7", 50_000)


@dataclass(slots=True)
class MemoryLog:
    """A `Log` that keeps its lines."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[BaseException, str | None]] = field(default_factory=list)

    def write(
        self,
        event: str,
        *,
        level: Level = Level.INFO,
        **fields: Unpack[Fields],
    ) -> None:
        self.lines.append({"event": event, "level": level, **fields})

    def fault(self, error: BaseException, *, request: str | None = None) -> None:
        self.faults.append((error, request))


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """A front, whom it told what, and a way to ask it."""

    loop: Loop
    app: FastAPI
    desk: Desk
    releases: MemoryReleases
    log: MemoryLog
    observer: Watching

    def ask(
        self,
        method: str,
        path: str,
        *,
        client: tuple[str, int] = HERE,
        host: str = "127.0.0.1:8080",
        **given: Any,
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=client)
        return self.loop.run(_ask(transport, f"http://{host}", method, path, **given))

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.ask("GET", path, **given)

    def post(self, path: str, json: Any = None, **given: Any) -> httpx.Response:
        return self.ask("POST", path, json=json, **given)


async def _ask(
    transport: httpx.ASGITransport, base: str, method: str, path: str, **given: Any
) -> httpx.Response:
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        return await client.request(method, path, **given)


@contextmanager
def open_front(
    loop: Loop, classifier: Classifier, *, wired: dict[str, Any] | None = None, **parts: Any
) -> Iterator[Front]:
    """Open a desk, `wired` as said, and put a front around it; `parts` replace the usual ones."""
    log, observer, releases = MemoryLog(), Watching(), MemoryReleases()
    with loop.inside(open_desk(classifier, **(wired or {}))) as opened:
        usual: dict[str, Any] = {
            "desk": opened,
            "gate": Gate(),
            "releases": releases,
            "metrics": lambda: b"sortyard_up 1\n",
            "log": log,
            "observer": observer,
        }
        app = make_app(Parts(**(usual | parts)))
        yield Front(loop=loop, app=app, desk=opened, releases=releases, log=log, observer=observer)


@contextmanager
def listening(
    front: Front, *, tls: Tls | None = None, patience: Patience | None = None
) -> Iterator[int]:
    """Serve a front on a free port of this machine, which is given."""
    with front.loop.inside(_listening(front.app, tls, patience)) as port:
        yield port


@asynccontextmanager
async def _listening(
    app: FastAPI, tls: Tls | None, patience: Patience | None
) -> AsyncIterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = HttpServer(app, sock=taken, tls=tls, patience=patience)
        await server.start()
        try:
            yield taken.getsockname()[1]
        finally:
            await server.stop(5.0)
