"""The gRPC server: its services, its limits, and its life."""

from dataclasses import dataclass
from typing import TypeAlias

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from sortyard.domain.errors import InvalidUsage
from sortyard.serving.access import Gate
from sortyard.serving.desk import Desk
from sortyard.serving.grpc.classifier import Classifier
from sortyard.serving.grpc.door import Door
from sortyard.serving.grpc.generated import (
    classifier_pb2,
    classifier_pb2_grpc,
    inference_pb2,
    inference_pb2_grpc,
)
from sortyard.serving.grpc.health import Health
from sortyard.serving.grpc.inference import Inference
from sortyard.serving.grpc.watching import Watchers
from sortyard.serving.intake import Limits
from sortyard.serving.tls import Tls

ChannelOptions: TypeAlias = list[tuple[str, int]]

CLASSIFIER = classifier_pb2.DESCRIPTOR.services_by_name["Classifier"].full_name
INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["GRPCInferenceService"].full_name
HEALTH = health_pb2.DESCRIPTOR.services_by_name["Health"].full_name

# What a probe may ask without a key: whether it answers, and nothing about how.
OPEN_TO_ALL = frozenset(
    {
        f"/{HEALTH}/Check",
        f"/{HEALTH}/List",
        f"/{HEALTH}/Watch",
        f"/{INFERENCE}/ServerLive",
        f"/{INFERENCE}/ServerReady",
        f"/{INFERENCE}/ModelReady",
    }
)

IDENTITY = (
    1  # the bit of messages that are not compressed: a small one cannot turn into a large one
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpcLimits:
    """How much callers may take up before they are answered. Times are in seconds."""

    calls: int = 512  # at once, over all connections
    calls_per_connection: int = 256
    header_bytes: int = 16_384
    handshake: float = 10.0
    arrival: float = 15.0  # of a request that comes alone
    idle: float = 300.0  # without a call, before a connection is closed
    ping: float = 60.0  # between two looks at whether a silent caller is still there

    def options(self, limits: Limits, *, shared: bool) -> ChannelOptions:
        """Give the options of a server; `shared` lets several processes open one port."""
        return [
            ("grpc.max_receive_message_length", limits.bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.max_metadata_size", self.header_bytes),
            ("grpc.absolute_max_metadata_size", self.header_bytes),
            ("grpc.max_concurrent_streams", self.calls_per_connection),
            ("grpc.server_handshake_timeout_ms", round(self.handshake * 1_000)),
            ("grpc.max_connection_idle_ms", round(self.idle * 1_000)),
            ("grpc.keepalive_time_ms", round(self.ping * 1_000)),
            ("grpc.compression_enabled_algorithms_bitset", IDENTITY),
            ("grpc.so_reuseport", int(shared)),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a server listens; port 0 takes any that is free."""

    host: str = "127.0.0.1"
    port: int = 0
    shared: bool = False  # whether several processes listen there together
    tls: Tls | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class GrpcServer:
    """
    Serves a desk over gRPC, in the event loop of the desk.

    Who makes it has seen to it that the place may be listened on; see `may_listen_on`.
    """

    def __init__(  # noqa: PLR0913 -- what it is wired with, by name
        self,
        desk: Desk,
        gate: Gate,
        place: Place,
        *,
        intake: Limits | None = None,
        limits: GrpcLimits | None = None,
        watchers: Watchers | None = None,
    ) -> None:
        self._gate = gate
        self._place = place
        self._intake = intake or Limits()
        self._limits = limits or GrpcLimits()
        self._watchers = watchers or Watchers()
        self._classifier = Classifier(desk, self._intake)
        self._inference = Inference(desk, self._intake)
        self._health = Health(desk, frozenset({CLASSIFIER, INFERENCE}))
        self._server: grpc.aio.Server | None = None

    async def start(self) -> int:
        """
        Open the place, and say which port it is.

        Raises InvalidUsage for one that cannot be opened, and InvalidSettings for a certificate
        that cannot be used.
        """
        door = Door(
            self._gate,
            open_to_all=OPEN_TO_ALL,
            arrival=self._limits.arrival,
            watchers=self._watchers,
        )
        server = grpc.aio.server(
            interceptors=[door],
            options=self._limits.options(self._intake, shared=self._place.shared),
            maximum_concurrent_rpcs=self._limits.calls,
        )
        classifier_pb2_grpc.add_ClassifierServicer_to_server(self._classifier, server)
        inference_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(self._inference, server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        port = _open(server, self._place)
        await server.start()
        self._server = server
        return port

    async def stop(self, grace: float) -> None:
        """Take nothing more, and answer what was taken, for at most so many seconds."""
        self._health.close()
        self._classifier.close()
        if self._server is not None:
            await self._server.stop(grace)


def _open(server: grpc.aio.Server, place: Place) -> int:
    try:
        if place.tls is None:
            return server.add_insecure_port(str(place))
        certificate, key = place.tls.read()
        return server.add_secure_port(str(place), grpc.ssl_server_credentials([(key, certificate)]))
    except RuntimeError:
        raise InvalidUsage(
            f"gRPC cannot listen on {place}.", "Choose a port that is free, and a host of yours."
        ) from None
