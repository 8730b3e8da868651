"""Who asks: every request shows its key before anything else of it is looked at."""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from sortyard.domain.errors import RateLimited, Unauthorised
from sortyard.serving.access import Gate, is_loopback
from sortyard.serving.http.problems import problem_of
from sortyard.serving.http.reception import say
from sortyard.serving.http.visit import header_of, values_of, visit_in

# What tells nothing of anybody, so that a load balancer needs no key.
OPEN = frozenset({"/healthz", "/readyz", "/openapi.json", "/v2/health/live", "/v2/health/ready"})
OPEN_ON_THIS_MACHINE = frozenset({"/metrics"})
PROXIED = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")


class Doorman:
    """ASGI middleware that knows the caller of every request, or turns it away."""

    def __init__(self, app: ASGIApp, *, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_open(scope):
            try:
                visit_in(scope).caller = self._gate.admit(
                    header_of(scope, b"authorization"), local=is_local(scope)
                )
            except (Unauthorised, RateLimited) as error:
                await say(problem_of(error), scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"]
        return path in OPEN or (path in OPEN_ON_THIS_MACHINE and is_local(scope))


def is_local(scope: Scope) -> bool:
    """
    Tell whether a program on this machine asks, for itself.

    A proxy on this machine asks for somebody else. So does a browser for the page that it shows:
    the page of another site names that site as the origin, and one whose name was made to mean this
    machine has a host that is not this machine's own name.
    """
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        return False
    if any(name in PROXIED for name, _ in scope["headers"]):
        return False
    host, origins = header_of(scope, b"host"), list(values_of(scope, b"origin"))
    if host is None or not is_loopback(_name(f"//{host}")):
        return False
    return all(urlsplit(origin).netloc == host for origin in origins)


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
