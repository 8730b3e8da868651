"""A request leaves a trace of its stages, without a word of a message."""

import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sortyard.serving.observing import Stages
from sortyard.serving.telemetry import spans as spans_module
from sortyard.serving.telemetry.spans import Spans
from sortyard.serving.telemetry.traces import NoTracing, open_traces
from tests.contracts.observers import check_observer

SECRET = "my card 4111 1111 1111 1111 was stolen"
STAGES = Stages(queue=0.001, prepare=0.002, judge=0.004, record=0.0005)
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
HEADERS = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def memory() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traces(memory: InMemorySpanExporter) -> Iterator[Spans]:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(memory))
    traces = Spans(provider)
    yield traces
    traces.close()


def _by_name(memory: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in memory.get_finished_spans()}


def test_spans_are_an_observer(traces: Spans) -> None:
    check_observer(traces.stages)


def test_a_request_has_its_stages_below_it(traces: Spans, memory: InMemorySpanExporter) -> None:
    with traces.request("http", "/v1/classify", {}):
        traces.stages.stages(STAGES)
    found = _by_name(memory)
    request = found.pop("/v1/classify")

    assert list(found) == ["record", "judge", "prepare", "queue"]
    assert {span.parent.span_id for span in found.values()} == {request.context.span_id}


def test_stages_lie_end_to_end(traces: Spans, memory: InMemorySpanExporter) -> None:
    with traces.request("http", "/v1/classify", {}):
        traces.stages.stages(STAGES)
    found = _by_name(memory)
    ordered = [found[name] for name in ("queue", "prepare", "judge", "record")]

    assert [span.end_time for span in ordered[:-1]] == [span.start_time for span in ordered[1:]]
    assert [span.end_time - span.start_time for span in ordered] == [
        1_000_000,
        2_000_000,
        4_000_000,
        500_000,
    ]


def test_a_stage_that_did_not_happen_has_no_span(
    traces: Spans, memory: InMemorySpanExporter
) -> None:
    with traces.request("http", "/v1/classify", {}):
        traces.stages.stages(Stages(judge=0.002))

    assert list(_by_name(memory)) == ["judge", "/v1/classify"]


def test_the_trace_of_the_caller_is_continued(traces: Spans, memory: InMemorySpanExporter) -> None:
    with traces.request("http", "/v1/classify", HEADERS):
        assert traces.trace == TRACE
    (request,) = memory.get_finished_spans()

    assert f"{request.parent.span_id:016x}" == PARENT


def test_an_error_is_its_type_and_not_its_words(
    traces: Spans, memory: InMemorySpanExporter
) -> None:
    with pytest.raises(RuntimeError), traces.request("http", "/v1/classify", {}):
        raise RuntimeError(SECRET)
    (request,) = memory.get_finished_spans()

    assert (request.attributes["error.type"], request.status.is_ok) == ("RuntimeError", False)
    assert "4111" not in request.to_json()


def test_outside_of_a_request_nothing_is_traced(
    traces: Spans, memory: InMemorySpanExporter
) -> None:
    traces.stages.stages(STAGES)

    assert (traces.trace, memory.get_finished_spans()) == (None, ())


def test_without_an_endpoint_nothing_happens() -> None:
    tracing = NoTracing()
    with tracing.request("http", "/v1/classify", HEADERS):
        assert tracing.trace is None


def test_without_an_endpoint_nothing_is_loaded() -> None:
    code = (
        "import sys, sortyard.serving.telemetry.traces;"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "src", capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"


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


def test_traces_arrive_at_a_collector(collector: tuple[str, list[bytes]]) -> None:
    endpoint, sent = collector
    traces = open_traces(endpoint, worker="3")
    with traces.request("http", "/v1/classify", {}):
        traces.stages.stages(STAGES)
    traces.close()

    assert all(word in b"".join(sent) for word in (b"/v1/classify", b"judge", b"sortyard"))


def test_a_share_of_nothing_sends_nothing(collector: tuple[str, list[bytes]]) -> None:
    endpoint, sent = collector
    traces = open_traces(endpoint, share=0.0)
    with traces.request("http", "/v1/classify", {}):
        traces.stages.stages(STAGES)
    traces.close()

    assert sent == []


def test_a_collector_that_is_away_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans_module, "PATIENCE", 0.2)
    traces = open_traces("http://127.0.0.1:1/v1/traces")
    with traces.request("http", "/v1/classify", {}):
        traces.stages.stages(STAGES)
    traces.close()

    assert traces.trace is None
