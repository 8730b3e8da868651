"""The standard health service of gRPC, which load balancers and Kubernetes ask."""

import asyncio
from contextlib import suppress

import grpc
from grpc_health.v1 import health_pb2 as wire

from sortyard.serving.desk import Desk
from sortyard.serving.grpc.calls import Context

EVERY = 0.5  # seconds between two looks at whether it has changed


class Health:
    """
    Says of each service whether it answers now: they all do, or none does.

    The empty name stands for the server.
    """

    def __init__(self, desk: Desk, services: frozenset[str]) -> None:
        self._desk = desk
        self._services = services | {""}
        self._closing = asyncio.Event()

    async def Check(  # noqa: N802 -- the protocol names it, and the others below
        self, request: wire.HealthCheckRequest, context: Context
    ) -> wire.HealthCheckResponse:
        """Say it once."""
        if request.service not in self._services:
            await context.abort(grpc.StatusCode.NOT_FOUND, "There is no such service.")
        return wire.HealthCheckResponse(status=self._status(request.service))

    async def List(  # noqa: N802
        self,
        request: wire.HealthListRequest,  # noqa: ARG002 -- gRPC gives both
        context: Context,  # noqa: ARG002
    ) -> wire.HealthListResponse:
        """Say it of all services."""
        return wire.HealthListResponse(
            statuses={
                name: wire.HealthCheckResponse(status=self._status(name)) for name in self._services
            }
        )

    async def Watch(  # noqa: N802
        self, request: wire.HealthCheckRequest, context: Context
    ) -> None:
        """Say it now and whenever it changes, until the server stops."""
        said = None
        while True:
            last = self._closing.is_set()
            status = self._status(request.service)
            if status != said:
                await context.write(wire.HealthCheckResponse(status=status))
                said = status
            if last:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), EVERY)

    def close(self) -> None:
        """Say from now on that nothing answers, and let go of everybody who watches."""
        self._closing.set()

    def _status(self, service: str) -> int:
        if service not in self._services:
            return int(wire.HealthCheckResponse.SERVICE_UNKNOWN)
        answers = self._desk.readiness.ready and not self._closing.is_set()
        states = wire.HealthCheckResponse
        return int(states.SERVING if answers else states.NOT_SERVING)
