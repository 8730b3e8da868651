"""What watches a server is opened as the settings say."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("opentelemetry.sdk")
from sortyard.app.posts import post_of
from sortyard.app.watching import watching
from sortyard.app.workspace import found_or_here

TRACED = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
UNTRACED = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}
REQUESTS = 200


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A collector on this machine: its address, and what was sent to it."""
    sent: list[bytes] = []

    class _Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), _Collector) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", sent
        server.shutdown()
        thread.join()


def _traced(
    folder: Path, collector: tuple[str, list[bytes]], headers: dict[str, str], **given: float
) -> int:
    """Make some requests, and count those that arrived at the collector."""
    endpoint, sent = collector
    workspace = found_or_here(folder, given={"trace_endpoint": endpoint, **given})
    with watching(post_of(workspace)) as watch:
        for _ in range(REQUESTS):
            with watch.traces.request("http", "/v1/classify", headers):
                pass
    return b"".join(sent).count(b"/v1/classify") // 2  # in the name of a span, and beside it


def test_every_request_is_traced_by_default(
    tmp_path: Path, collector: tuple[str, list[bytes]]
) -> None:
    assert _traced(tmp_path, collector, {}) == REQUESTS


def test_a_share_of_the_requests_is_traced(
    tmp_path: Path, collector: tuple[str, list[bytes]]
) -> None:
    """Between bounds that chance leaves once in billions of runs."""
    assert 40 <= _traced(tmp_path, collector, {}, trace_share=0.5) <= 160


@pytest.mark.parametrize(
    ("headers", "share", "traced"), [({}, 0.0, 0), (TRACED, 0.0, REQUESTS), (UNTRACED, 1.0, 0)]
)
def test_the_trace_of_a_caller_decides_and_else_the_share(
    tmp_path: Path,
    collector: tuple[str, list[bytes]],
    headers: dict[str, str],
    share: float,
    traced: int,
) -> None:
    assert _traced(tmp_path, collector, headers, trace_share=share) == traced
