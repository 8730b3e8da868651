"""One call while it lasts: who makes it, what it asks for, and how it ends."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Self, TypeAlias
from urllib.parse import unquote

import grpc
import grpc.aio

from sortyard.serving.access import is_loopback
from sortyard.serving.intake import request_id

FRONT = "grpc"
REQUEST_ID = "x-request-id"
OK = "ok"
GONE = "gone"  # nobody waits any more: the client hung up, or its deadline passed

_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "x-real-ip", "via"})  # what a proxy adds

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


@dataclass(slots=True, kw_only=True)
class Call:
    """
    What is known of a call; it fills up on the way, and is told when the call ends.

    Never a text of a message, and no id but the call's own.
    """

    operation: str  # the path of its method
    request: str  # its id
    headers: Mapping[str, str]
    local: bool
    began: float = field(default_factory=monotonic)
    key: str | None = None  # the id of the key that let it in
    messages: int = 0
    release: str | None = None
    status: grpc.StatusCode = grpc.StatusCode.CANCELLED  # until it has ended otherwise
    outcome: str = GONE
    trace: str | None = None

    @classmethod
    def of(cls, operation: str, context: Context) -> Self:
        """Read what a call brings beside its request; what is there twice says nothing."""
        headers: dict[str, str] = {}
        names: set[str] = set()
        for name, value in context.invocation_metadata() or ():
            if name in names:
                headers.pop(name, None)
            elif isinstance(value, str):
                headers[name] = value
            names.add(name)
        return cls(
            operation=operation,
            request=request_id(headers.get(REQUEST_ID)),
            headers=headers,
            local=is_local(context.peer(), names),
        )

    def end(self, status: grpc.StatusCode, outcome: str) -> None:
        self.status, self.outcome = status, outcome

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return monotonic() - self.began


_present: ContextVar[Call] = ContextVar("call")


def enter(call: Call) -> None:
    """Make a call the present one of its task, and of all that its task starts."""
    _present.set(call)


def tell(*, messages: int = 0, release: str | None = None) -> None:
    """Tell of the present call how many messages it brings, and which release answers it."""
    call = _present.get()
    call.messages += messages
    call.release = release or call.release


def is_local(peer: str, headers: AbstractSet[str]) -> bool:
    """
    Tell whether a call was surely made on this machine; `peer` is like `ipv4:127.0.0.1:5123`.

    What comes through a proxy may be from anywhere. A page in a browser cannot make such a call.
    """
    kind, _, address = peer.partition(":")
    host, _, _ = unquote(address).rpartition(":")
    return kind in {"ipv4", "ipv6"} and is_loopback(host) and _FORWARDED.isdisjoint(headers)
