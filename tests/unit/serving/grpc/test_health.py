"""The standard health service says whether the desk answers."""

from threading import Thread

import grpc
import pytest
from grpc_health.v1 import health_pb2 as wire

from tests.contracts.desks import PATIENCE
from tests.unit.serving.grpc.conftest import Front

SERVING, NOT_SERVING = wire.HealthCheckResponse.SERVING, wire.HealthCheckResponse.NOT_SERVING
UNKNOWN = wire.HealthCheckResponse.SERVICE_UNKNOWN
SERVICES = ("", "inference.GRPCInferenceService", "sortyard.v1.Classifier")


@pytest.mark.parametrize("service", SERVICES)
def test_a_ready_server_serves(front: Front, service: str) -> None:
    found = front.health.Check(wire.HealthCheckRequest(service=service), timeout=PATIENCE)

    assert found.status == SERVING


def test_an_unknown_service_is_not_found(front: Front) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        front.health.Check(wire.HealthCheckRequest(service="no"), timeout=PATIENCE)

    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


def test_all_services_are_listed(front: Front) -> None:
    found = front.health.List(wire.HealthListRequest(), timeout=PATIENCE)

    assert {name: one.status for name, one in found.statuses.items()} == dict.fromkeys(
        SERVICES, SERVING
    )


def test_a_desk_that_is_closed_does_not_serve(front: Front) -> None:
    front.loop.run(front.desk.close())

    found = front.health.Check(wire.HealthCheckRequest(), timeout=PATIENCE)

    assert found.status == NOT_SERVING


def test_who_watches_is_told_when_it_changes(front: Front) -> None:
    """And let go of when the server stops."""
    watching = front.health.Watch(wire.HealthCheckRequest(), timeout=PATIENCE)
    first = next(watching).status
    stopping = Thread(target=front.stop)
    stopping.start()

    rest = [one.status for one in watching]
    stopping.join(PATIENCE)

    assert (first, rest) == (SERVING, [NOT_SERVING])


def test_who_watches_a_service_that_is_not_there_waits_for_it(front: Front) -> None:
    watching = front.health.Watch(wire.HealthCheckRequest(service="no"), timeout=PATIENCE)

    assert next(watching).status == UNKNOWN
    watching.cancel()
