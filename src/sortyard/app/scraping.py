"""Ask a server for its figures, once or again and again."""

import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import gaierror
from urllib.parse import urlsplit

from sortyard.app.change import Change, Look
from sortyard.app.settings import Settings
from sortyard.domain.access import Scope
from sortyard.domain.errors import Forbidden, InvalidUsage, ServerAway, Unauthorised

PATH = "/metrics"
PATIENCE = 5.0  # seconds
OK, NO_KEY, WRONG_KEY = 200, 401, 403
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 -- where such a server is found
REASONS: Mapping[type[Exception], str] = {
    ConnectionRefusedError: "nothing listens there",
    TimeoutError: "it does not answer",
    gaierror: "there is no such host",
}


def address(settings: Settings) -> str:
    """Where the server of a workspace is found, by its settings."""
    scheme = "https" if settings.tls_cert else "http"
    host = EVERYWHERE.get(settings.host, settings.host)
    if ":" in host:
        host = f"[{host}]"
    return f"{scheme}://{host}:{settings.http_port}"


def scraping(url: str, *, key: str | None) -> Callable[[], Look]:
    """
    Give what looks at the server with this address.

    It raises ServerAway where no server answers, and Unauthorised or Forbidden where the key does
    not do.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidUsage(f"{url!r} is no address.", "Give one such as http://127.0.0.1:8080.")
    path = parts.path.removesuffix(PATH).rstrip("/") + PATH
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def look() -> Look:
        connection = kind(parts.netloc, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            text = response.read().decode()
            _refuse(url, response.status)
            return Look.of(text, at=time.monotonic())
        except (OSError, HTTPException) as error:
            raise ServerAway(url, REASONS.get(type(error), type(error).__name__)) from error
        except ValueError as error:
            raise ServerAway(url, "what it says are no metrics") from error
        finally:
            connection.close()

    return look


def changes(look: Callable[[], Look], wait: Callable[[], None]) -> Iterator[Change | ServerAway]:
    """
    Look again and again, and tell what came to pass since the time before.

    A server that goes away may come back, so that is an event among others, and no end. One that is
    away at the first look raises ServerAway.
    """
    before = look()
    while True:
        wait()
        try:
            after = look()
        except ServerAway as error:
            yield error
            continue
        yield Change(before, after)
        before = after


def _refuse(url: str, status: int) -> None:
    if status == NO_KEY:
        raise Unauthorised
    if status == WRONG_KEY:
        raise Forbidden(Scope.ADMIN)
    if status != OK:
        raise ServerAway(url, f"it answers {status}")
