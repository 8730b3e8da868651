"""A server that says metrics and nothing else, for those who read them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from sortyard.serving.telemetry.exposition import CONTENT_TYPE, Exposition
from sortyard.serving.telemetry.metrics import Metrics


@dataclass
class Server:
    """Its address, and what it was asked for; `status` is what it answers with."""

    url: str
    status: int = 200
    asked: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def serving(text: Callable[[], bytes]) -> Iterator[Server]:
    """Serve a text on a free port of this machine."""

    class _Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers.get("Authorization")))
            content = text()
            self.send_response(server.status)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as listening:
        server = Server(f"http://127.0.0.1:{listening.server_port}")
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


@contextmanager
def serving_metrics(metrics: Metrics) -> Iterator[Server]:
    """Serve metrics as a real server does."""
    with serving(Exposition(metrics.panel).text) as server:
        yield server
