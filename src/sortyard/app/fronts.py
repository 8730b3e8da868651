"""The fronts of a server: HTTP always, gRPC where it is asked for."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from sortyard.app.addresses import Address, bound, port_of
from sortyard.app.places import tls_of
from sortyard.app.posts import Post
from sortyard.app.recording import Keeping
from sortyard.app.releases import Releases
from sortyard.app.settings import Settings
from sortyard.app.watching import Watch
from sortyard.serving.desk import Desk
from sortyard.serving.http.app import make_app
from sortyard.serving.http.limits import HttpLimits
from sortyard.serving.http.parts import Parts
from sortyard.serving.intake import Limits
from sortyard.serving.server import HttpServer

GRACE = 6.0  # seconds for whoever is in when the server is asked to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What the fronts of one process share."""

    post: Post
    desk: Desk
    keeping: Keeping
    watch: Watch

    @property
    def settings(self) -> Settings:
        return self.post.workspace.settings


@dataclass(frozen=True, slots=True)
class Fronts:
    """Where callers come in: the URL of HTTP, and the host and port of gRPC."""

    http: str
    grpc: str | None = None


@asynccontextmanager
async def opened_fronts(wiring: Wiring) -> AsyncIterator[Fronts]:
    """Let callers in during the block; at its end, nobody new, and those who are in get answers."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(_http(wiring))
        grpc = None
        if wiring.post.grpc is not None:
            grpc = await stack.enter_async_context(_grpc(wiring, wiring.post.grpc))
        yield Fronts(http, grpc)


def limits_of(settings: Settings) -> Limits:
    """Read from the settings how much one request may bring."""
    return Limits(
        messages=settings.request_messages,
        characters=settings.text_characters,
        bytes=settings.request_bytes,
    )


@asynccontextmanager
async def _http(wiring: Wiring) -> AsyncIterator[str]:
    post, settings, watch = wiring.post, wiring.settings, wiring.watch
    parts = Parts(
        desk=wiring.desk,
        gate=wiring.keeping.gate,
        releases=Releases(post.workspace),
        metrics=watch.exposition.text,
        store=wiring.keeping.database.ping,
        intake=limits_of(settings),
        http=HttpLimits(bytes=settings.request_bytes),
        observer=watch.observer,
        log=watch.log,
        tracing=watch.traces,
    )
    tls = tls_of(post.workspace)
    with bound(post.http, shared=post.shared) as taken:
        server = HttpServer(make_app(parts), sock=taken, tls=tls)
        await server.start()
        try:
            address = replace(post.http, port=port_of(taken))
            yield f"{'http' if tls is None else 'https'}://{address}"
        finally:
            await server.stop(GRACE)


@asynccontextmanager
async def _grpc(wiring: Wiring, address: Address) -> AsyncIterator[str]:
    # Most servers have no such front, and it takes a while to load.
    from sortyard.serving.grpc.server import GrpcServer, Place  # noqa: PLC0415 -- as said
    from sortyard.serving.grpc.watching import Watchers  # noqa: PLC0415 -- as said

    post, watch = wiring.post, wiring.watch
    server = GrpcServer(
        wiring.desk,
        wiring.keeping.gate,
        Place(host=address.host, port=address.port, shared=post.shared, tls=tls_of(post.workspace)),
        intake=limits_of(wiring.settings),
        watchers=Watchers(observer=watch.observer, tracing=watch.traces, log=watch.log),
    )
    port = await server.start()
    try:
        yield str(replace(address, port=port))
    finally:
        await server.stop(GRACE)
