"""A gRPC server on a free port, in an event loop of its own, asked by real stubs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from threading import Thread
from time import monotonic, sleep
from typing import Any, TypeAlias, TypeVar

import grpc
import pytest
from grpc_health.v1.health_pb2_grpc import HealthStub

from sortyard.models.classifier import Classifier
from sortyard.serving.access import Gate
from sortyard.serving.desk import Desk
from sortyard.serving.grpc.generated.classifier_pb2_grpc import ClassifierStub
from sortyard.serving.grpc.generated.inference_pb2_grpc import GRPCInferenceServiceStub
from sortyard.serving.grpc.server import GrpcServer, Place
from tests.contracts.desks import PATIENCE, open_desk
from tests.contracts.key_books import MadeKey, MemoryBook

T = TypeVar("T")
Serve: TypeAlias = Callable[..., AbstractContextManager["Front"]]
Trailers: TypeAlias = dict[str, str | bytes]

WHOLE: tuple[tuple[str, int], ...] = (("grpc.use_local_subchannel_pool", 1),)


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """A server that answers, and the stubs to ask it with."""

    port: int
    desk: Desk
    server: GrpcServer
    channel: grpc.Channel
    loop: Loop

    @property
    def classifier(self) -> ClassifierStub:
        return ClassifierStub(self.channel)

    @property
    def inference(self) -> GRPCInferenceServiceStub:
        return GRPCInferenceServiceStub(self.channel)

    @property
    def health(self) -> HealthStub:
        return HealthStub(self.channel)

    def stop(self, grace: float = PATIENCE) -> None:
        self.loop.run(self.server.stop(grace))


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def serve(loop: Loop, trained: Classifier) -> Serve:
    """Open a server: `named` are arguments of the server, all others parts of its desk."""

    @contextmanager
    def serving(
        release: Classifier = trained,
        *,
        gate: Gate | None = None,
        place: Place | None = None,
        credentials: grpc.ChannelCredentials | None = None,
        named: dict[str, Any] | None = None,
        **parts: Any,
    ) -> Iterator[Front]:
        opened = _open(release, gate or Gate(), place or Place(), named or {}, parts)
        desk, server, port = loop.run(opened.__aenter__())
        try:
            target = f"localhost:{port}" if credentials else f"127.0.0.1:{port}"
            channel = (
                grpc.secure_channel(target, credentials, WHOLE)
                if credentials
                else grpc.insecure_channel(target, WHOLE)
            )
            with channel:
                yield Front(port=port, desk=desk, server=server, channel=channel, loop=loop)
        finally:
            loop.run(opened.__aexit__(None, None, None))

    return serving


@asynccontextmanager
async def _open(
    release: Classifier, gate: Gate, place: Place, named: dict[str, Any], parts: dict[str, Any]
) -> AsyncIterator[tuple[Desk, GrpcServer, int]]:
    async with open_desk(release, **parts) as desk:
        server = GrpcServer(desk, gate, place, **named)
        port = await server.start()
        try:
            yield desk, server, port
        finally:
            await server.stop(0)


@pytest.fixture
def front(serve: Serve) -> Iterator[Front]:
    with serve() as front:
        yield front


def guarded_by(*keys: MadeKey, **parts: Any) -> tuple[Gate, MemoryBook]:
    """Give a gate that knows these keys."""
    book = MemoryBook([one.key for one in keys])
    gate = Gate(book, **parts)
    gate.refresh()
    return gate, book


def trailers_of(error: grpc.RpcError) -> Trailers:
    """Read what an error carries for programs."""
    return dict(error.trailing_metadata() or ())


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for what other threads will make true."""
    deadline = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < deadline, "it never became true"
        sleep(0.005)
