"""The addresses that a server opens, and the sockets behind them."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from sortyard.domain.errors import InvalidUsage


@dataclass(frozen=True, slots=True)
class Address:
    """A host and a port; whichever port is free where it is 0."""

    host: str
    port: int

    def __str__(self) -> str:
        with suppress(ValueError):
            if isinstance(ip_address(self.host), IPv6Address):
                return f"[{self.host}]:{self.port}"
        return f"{self.host}:{self.port}"


def bound(address: Address, *, shared: bool = False, option: str = "--port") -> socket.socket:
    """
    Take an address, without listening yet; several processes may where it is shared.

    `option` is what chooses its port. Raises `InvalidUsage` where it is taken, or is no address of
    this machine.
    """
    found = _resolved(address)
    taken = socket.socket(found, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind((address.host, address.port))
    except OSError as error:
        taken.close()
        raise InvalidUsage(
            f"{address} cannot be served: {(error.strerror or 'it is refused').lower()}.",
            f"Stop whatever uses it, or choose another with `--host` and `{option}`.",
        ) from error
    return taken


def reserved(address: Address) -> tuple[socket.socket, Address]:
    """
    Keep an address for processes that will share it, and tell its port.

    Nobody else may use it, not even another server that would share it as well.
    """
    bound(address).close()
    kept = bound(address, shared=True)
    return kept, Address(address.host, port_of(kept))


def port_of(taken: socket.socket) -> int:
    """Tell which port was taken."""
    port: int = taken.getsockname()[1]
    return port


def _resolved(address: Address) -> socket.AddressFamily:
    try:
        first, *_ = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise InvalidUsage(
            f"{address.host!r} is no address of this machine.",
            "Give `--host` an address such as 127.0.0.1, or 0.0.0.0 for all of them.",
        ) from error
    return first[0]
