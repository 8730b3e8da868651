"""
An HTTP server that lives in the event loop of whoever starts it.

It takes a socket that is bound already, and leaves the signals to others.
"""

import asyncio
import logging
import resource
import socket
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import cast

import uvicorn
from starlette.types import ASGIApp

from sortyard.serving.http.protocol import Connection, Patience
from sortyard.serving.tls import Tls

LOGGER = "uvicorn.error"
MOST_CONNECTIONS = 4_096
# Seconds without a request: more than the 60 of common load balancers, so that it is never the
# server that closes a connection just as a request comes.
KEEP_ALIVE = 75
BACKLOG = 2_048
START_WITHIN = 30.0  # seconds
LOOK_EVERY = 0.005  # seconds


class HttpServer:
    """Serves one application on one socket. Raises InvalidSettings for an unusable certificate."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        sock: socket.socket,
        tls: Tls | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._sock = sock
        self._server = _Server(_config(app, tls, patience or Patience()))
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return when connections are accepted."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._sock]))
        async with asyncio.timeout(START_WITHIN):
            while not self._server.started:
                if self._serving.done():
                    self._serving.result()
                await asyncio.sleep(LOOK_EVERY)

    async def stop(self, grace: float) -> None:
        """Take no more connections, and finish what was asked, within so many seconds."""
        if self._serving is None:
            return
        self._server.config.timeout_graceful_shutdown = max(round(grace), 1)
        self._server.should_exit = True
        await self._serving


class _Server(uvicorn.Server):
    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


class _Wordless(logging.Filter):
    """Takes the words of exceptions out of what uvicorn logs, for they may quote a message."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


_WORDLESS = _Wordless()


def _config(app: ASGIApp, tls: Tls | None, patience: Patience) -> uvicorn.Config:
    context = None if tls is None else tls.context()
    logging.getLogger(LOGGER).addFilter(_WORDLESS)
    return uvicorn.Config(
        app,
        http=cast("type[Connection]", partial(Connection, patience=patience)),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_most_connections(),
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE,
        ssl_context_factory=None if context is None else lambda *_: context,
    )


def _most_connections() -> int:
    """Leave half of the files that the process may open to everything else."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if files < 0 else min(MOST_CONNECTIONS, files // 2)
