"""An address is taken by one server, or shared by the workers of one."""

import socket
from collections.abc import Iterator

import pytest

from sortyard.app.addresses import Address, bound, port_of, reserved
from sortyard.domain.errors import InvalidUsage

HERE = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[Address]:
    """An address that another server listens on."""
    with socket.create_server((HERE, 0)) as server:
        yield Address(HERE, server.getsockname()[1])


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (Address(HERE, 8080), "127.0.0.1:8080"),
        (Address("::1", 8080), "[::1]:8080"),
        (Address("localhost", 80), "localhost:80"),
    ],
)
def test_an_address_is_written_as_in_a_url(address: Address, words: str) -> None:
    assert str(address) == words


def test_any_free_port_is_taken_for_none() -> None:
    with bound(Address(HERE, 0)) as found:
        assert port_of(found) > 0


def test_one_that_is_taken_is_refused(taken: Address) -> None:
    with pytest.raises(InvalidUsage, match="in use"):
        bound(taken)


def test_one_of_another_machine_is_refused() -> None:
    with pytest.raises(InvalidUsage, match=r"192\.0\.2\.1:0 cannot be served"):
        bound(Address("192.0.2.1", 0))


def test_one_that_is_no_address_is_refused() -> None:
    with pytest.raises(InvalidUsage, match="is no address"):
        bound(Address("no such host.invalid", 0))


def test_workers_share_what_is_reserved_for_them() -> None:
    kept, address = reserved(Address(HERE, 0))
    with kept, bound(address, shared=True) as one, bound(address, shared=True) as two:
        one.listen()
        two.listen()

        assert port_of(one) == port_of(two) == address.port


def test_another_server_does_not_slip_in_between_them() -> None:
    kept, address = reserved(Address(HERE, 0))
    with kept, bound(address, shared=True) as worker:
        worker.listen()

        with pytest.raises(InvalidUsage):
            reserved(address)
