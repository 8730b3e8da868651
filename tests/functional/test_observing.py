"""A real server is watched: every message is counted once, and no word of any gets out."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sortyard.app.change import Change, Look
from tests.functional.conftest import Sortyard
from tests.functional.served import Server, eventually, serving

pytestmark = pytest.mark.slow

SECRET = "zanzibar"
POISON = {"id": f"{SECRET}-1", "text": 7}
MESSAGES = [
    POISON,
    {
        "id": f"{SECRET}-2",
        "text": f"my {SECRET} card",
        "metadata": {"author": f"{SECRET}@example.org"},
    },
    {"id": f"{SECRET}-3", "text": "where is my refund", "subject": f"about {SECRET}"},
]
WORKERS = 2


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What is sent to the collector of traces that the settings name."""
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
        monkeypatch.setenv(
            "SORTYARD_TRACE_ENDPOINT", f"http://127.0.0.1:{server.server_port}/v1/traces"
        )
        yield sent
        server.shutdown()
        thread.join()


def _figures(server: Server) -> Change:
    """Everything since the server has started."""
    _, text = server.get("/metrics")
    return Change(Look(0.0, {}), Look.of(text, at=1.0))


def test_no_word_of_a_message_gets_out(workspace: Path, collected: list[bytes]) -> None:
    with serving(workspace) as server:
        server.post("/v1/classify", {"messages": MESSAGES})
        server.post("/v1/explain", {"id": f"{SECRET}-4", "text": f"a {SECRET} tale"})
        server.get(f"/{SECRET}?{SECRET}")
        _, metrics = server.get("/metrics")
        server.stop()
    log, traces = server.log.read_text(), b"".join(collected)

    assert (SECRET in metrics, SECRET in log, SECRET.encode() in traces) == (False, False, False)
    assert (b"/v1/classify" in traces, b"judge" in traces) == (True, True)
    assert {json.loads(line)["event"] for line in log.splitlines()} >= {"release", "request"}


def test_a_line_of_the_log_leads_to_its_trace(workspace: Path, collected: list[bytes]) -> None:
    with serving(workspace) as server:
        server.classify("m1")
        server.stop()
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    (trace,) = [line["trace"] for line in lines if line.get("operation") == "/v1/classify"]

    assert bytes.fromhex(trace) in b"".join(collected)


def test_every_message_is_counted_once_whichever_worker_is_asked(workspace: Path) -> None:
    asked = [f"m{number}" for number in range(40)]
    with serving(workspace, "--workers", str(WORKERS)) as server:
        for one in asked:
            server.classify(one)

        def all_told() -> bool:
            return _figures(server).growth("sortyard_messages_total") == len(asked)

        assert eventually(all_told)
        assert len(_figures(server).words("sortyard_build_info", "worker")) == WORKERS
        assert eventually(
            lambda: _figures(server).growth("sortyard_records_written_total") == len(asked)
        )


def test_top_shows_a_real_server(sortyard: Sortyard, workspace: Path, release: str) -> None:
    with serving(workspace) as server:
        server.classify("m1", "m2")
        said = sortyard("monitor", "top", "--url", server.url, "--every", "0.2")

    assert (said.code, release in said.out) == (0, True)
