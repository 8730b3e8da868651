"""One request on its way through, as far as it is known; what logs and metrics may know of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Scope as AsgiScope

from sortyard.domain.access import Scope
from sortyard.domain.errors import Unauthorised
from sortyard.serving.access import Caller

KEY = "sortyard"  # where an ASGI scope holds the visit
OK = "ok"
GONE = "gone"


@dataclass(slots=True)
class Visit:
    """Never a text of a message, and no id but the request's own."""

    request: str
    caller: Caller | None = None
    messages: int = 0
    release: str | None = None
    trace: str | None = None
    status: int = 0
    outcome: str = OK  # or the code of what went wrong

    def need(self, scope: Scope) -> Caller:
        """Give the caller, if allowed to do this. Raises Unauthorised and Forbidden."""
        if self.caller is None:
            raise Unauthorised
        self.caller.need(scope)
        return self.caller


def visit_of(request: Request) -> Visit:
    """Give the visit that a request belongs to."""
    return visit_in(request.scope)


def visit_in(scope: AsgiScope) -> Visit:
    """Give the visit that an ASGI scope belongs to."""
    visit: Visit = scope[KEY]
    return visit


def values_of(scope: AsgiScope, name: bytes) -> Iterator[str]:
    """Give every value of a header, whose name is in lower case."""
    return (value.decode("latin-1") for given, value in scope["headers"] if given == name)


def header_of(scope: AsgiScope, name: bytes) -> str | None:
    """Give the value of a header that is there once; None where it is absent or ambiguous."""
    found = list(values_of(scope, name))
    return found[0] if len(found) == 1 else None
