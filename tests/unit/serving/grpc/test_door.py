"""Every call passes the door: its key is checked first, and every error ends as a status."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Event
from time import monotonic
from typing import TypeAlias

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest

from sortyard.domain.access import Scope
from sortyard.serving.grpc.calls import is_local
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.grpc.generated import inference_pb2
from sortyard.serving.grpc.generated.classifier_pb2_grpc import ClassifierStub
from sortyard.serving.grpc.server import GrpcLimits
from sortyard.serving.grpc.watching import Watchers
from sortyard.serving.ports import utc_now
from sortyard.serving.telemetry.logs import EventLog
from tests.contracts.desks import PATIENCE, Watching
from tests.contracts.key_books import MadeKey
from tests.unit.serving.grpc.conftest import (
    WHOLE,
    Front,
    Serve,
    guarded_by,
    trailers_of,
    wait_until,
)

CLASSIFY = MadeKey.of("classify", Scope.CLASSIFY)
REVIEW = MadeKey.of("reviewing", Scope.REVIEW)
ADMIN = MadeKey.of("administer", Scope.ADMIN)
ASKED = wire.ClassifyRequest(messages=[wire.Message(id="m", text="refund the invoice")])

# A connection with no room for an answer until somebody reads it.
NARROW = (*WHOLE, ("grpc.http2.lookahead_bytes", 0), ("grpc.http2.bdp_probe", 0))

Headers: TypeAlias = tuple[tuple[str, str], ...]
Ask: TypeAlias = Callable[[Front], object]


def _headers(key: MadeKey) -> Headers:
    return (("authorization", key.authorization),)


def _ask(front: Front, *headers: tuple[str, str]) -> wire.ClassifyResponse:
    return front.classifier.Classify(ASKED, metadata=headers, timeout=PATIENCE)


def _refusal(front: Front, *headers: tuple[str, str]) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        _ask(front, *headers)
    return caught.value


def test_while_there_is_no_key_everybody_on_this_machine_may_ask(front: Front) -> None:
    assert _ask(front).results


@pytest.mark.parametrize("key", [CLASSIFY, ADMIN], ids=["classify", "admin"])
def test_a_key_opens_its_scope(serve: Serve, key: MadeKey) -> None:
    gate, _ = guarded_by(CLASSIFY, ADMIN)
    with serve(gate=gate) as front:
        assert _ask(front, *_headers(key)).results


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("authorization", "Bearer sy_classify_not-this-secret-at-all"),),
        (("authorization", f"Basic {CLASSIFY.secret}"),),
        (("authorization", CLASSIFY.authorization + "x" * 4_000),),
        (("authorization", CLASSIFY.authorization), ("authorization", "Bearer other")),
        (("x-api-key", CLASSIFY.authorization),),
    ],
    ids=["none", "wrong", "basic", "long", "two", "elsewhere"],
)
def test_nobody_else_is_let_in(serve: Serve, headers: Headers) -> None:
    gate, _ = guarded_by(CLASSIFY)
    with serve(gate=gate) as front:
        error = _refusal(front, *headers)

    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert trailers_of(error)["sortyard-code"] == "unauthorised"


def test_another_scope_does_not_do(serve: Serve) -> None:
    gate, _ = guarded_by(REVIEW)
    with serve(gate=gate) as front:
        error = _refusal(front, *_headers(REVIEW))

    assert error.code() is grpc.StatusCode.PERMISSION_DENIED


def test_a_revoked_key_is_out(serve: Serve) -> None:
    gate, book = guarded_by(CLASSIFY)
    with serve(gate=gate) as front:
        _ask(front, *_headers(CLASSIFY))
        book.revoke("classify")
        gate.refresh()

        assert _refusal(front, *_headers(CLASSIFY)).code() is grpc.StatusCode.UNAUTHENTICATED


def test_who_asks_too_often_is_told_when_to_come_back(serve: Serve) -> None:
    """Clients that retry by themselves read the pushback, everybody else `retry-after`."""
    gate, _ = guarded_by(MadeKey.of("classify", Scope.CLASSIFY, per_minute=1))
    with serve(gate=gate) as front:
        _ask(front, *_headers(CLASSIFY))
        error = _refusal(front, *_headers(CLASSIFY))

    trailers = trailers_of(error)
    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert 50 <= int(trailers["retry-after"]) <= 60
    assert 50_000 <= int(trailers["grpc-retry-pushback-ms"]) <= 60_000


@pytest.mark.parametrize(
    "ask",
    [
        lambda front: front.health.Check(HealthCheckRequest(), timeout=PATIENCE),
        lambda front: front.inference.ServerLive(
            inference_pb2.ServerLiveRequest(), timeout=PATIENCE
        ),
        lambda front: front.inference.ServerReady(
            inference_pb2.ServerReadyRequest(), timeout=PATIENCE
        ),
        lambda front: front.inference.ModelReady(
            inference_pb2.ModelReadyRequest(name="sortyard"), timeout=PATIENCE
        ),
    ],
    ids=["health", "live", "ready", "model"],
)
def test_a_probe_needs_no_key(serve: Serve, ask: Ask) -> None:
    gate, _ = guarded_by(CLASSIFY)
    with serve(gate=gate) as front:
        assert ask(front)


@pytest.mark.parametrize(
    "ask",
    [
        lambda front: front.inference.ServerMetadata(
            inference_pb2.ServerMetadataRequest(), timeout=PATIENCE
        ),
        lambda front: front.inference.ModelMetadata(
            inference_pb2.ModelMetadataRequest(name="sortyard"), timeout=PATIENCE
        ),
        lambda front: front.inference.ModelInfer(
            inference_pb2.ModelInferRequest(model_name="sortyard"), timeout=PATIENCE
        ),
        lambda front: front.classifier.Explain(wire.ExplainRequest(), timeout=PATIENCE),
        lambda front: list(front.classifier.ClassifyStream(iter(()), timeout=PATIENCE)),
    ],
    ids=["server-metadata", "metadata", "infer", "explain", "stream"],
)
def test_everything_else_needs_one(serve: Serve, ask: Ask) -> None:
    gate, _ = guarded_by(CLASSIFY)
    with serve(gate=gate) as front, pytest.raises(grpc.RpcError) as caught:
        ask(front)

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("name", ["forwarded", "x-forwarded-for", "x-real-ip", "via"])
def test_a_proxy_on_this_machine_asks_for_others(front: Front, name: str, times: int) -> None:
    error = _refusal(front, *[(name, "203.0.113.9")] * times)

    assert error.code() is grpc.StatusCode.UNAUTHENTICATED


@pytest.mark.parametrize(
    ("peer", "local"),
    [
        ("ipv4:127.0.0.1:5123", True),
        ("ipv4:127.8.0.1:5123", True),
        ("ipv6:[::1]:5123", True),
        ("ipv6:%5B::1%5D:5123", True),
        ("ipv6:%5B::ffff:127.0.0.1%5D:5123", True),
        ("ipv4:10.0.0.1:5123", False),
        ("ipv6:%5B2001:db8::1%5D:5123", False),
        ("unix:", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_where_a_call_comes_from(peer: str, *, local: bool) -> None:
    assert is_local(peer, set()) is local


def _raw(front: Front, request: bytes) -> object:
    ask = front.channel.unary_unary("/sortyard.v1.Classifier/Classify")
    return ask(request, timeout=PATIENCE)


@pytest.mark.parametrize(
    "garbage",
    [b"\xff\xff\xff\xff", b"\x0a\x05ab", b"\x0a\x04\x12\x02\xff\xfe"],
    ids=["noise", "cut-off", "not-utf-8"],
)
def test_what_cannot_be_read_is_refused(front: Front, garbage: bytes) -> None:
    """Without a word of the library that could not read it."""
    with pytest.raises(grpc.RpcError) as caught:
        _raw(front, garbage)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details() == (
        "The request cannot be read. Send it as the .proto files of the service say."
    )


def test_the_key_comes_before_the_request(serve: Serve) -> None:
    """Who is not let in cannot even learn whether a request is well made."""
    gate, _ = guarded_by(CLASSIFY)
    with serve(gate=gate) as front, pytest.raises(grpc.RpcError) as caught:
        _raw(front, b"\xff\xff\xff\xff")

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


def _silent(front: Front) -> grpc.RpcError:
    """Call a method that takes one request, and send none while anybody waits for it."""
    over = Event()

    def requests() -> Iterator[bytes]:
        over.wait(PATIENCE)
        yield b""

    ask = front.channel.stream_unary("/sortyard.v1.Classifier/Classify")
    try:
        with pytest.raises(grpc.RpcError) as caught:
            ask(requests(), timeout=PATIENCE)
    finally:
        over.set()
    return caught.value


def test_who_is_not_let_in_is_not_even_read(serve: Serve) -> None:
    """However much a caller without a key would send, none of it is held here."""
    gate, _ = guarded_by(CLASSIFY)
    with serve(gate=gate) as front:
        error = _silent(front)

    assert error.code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_request_that_does_not_arrive_is_not_waited_for(serve: Serve) -> None:
    with serve(named={"limits": GrpcLimits(arrival=0.05)}) as front:
        error = _silent(front)

    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert "No request came" in error.details()


def test_an_unknown_method_is_not_implemented(front: Front) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        front.channel.unary_unary("/sortyard.v1.Classifier/Forget")(b"", timeout=PATIENCE)

    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


class _Watched:
    """Watchers that write down what they are told."""

    def __init__(self) -> None:
        self.observer = Watching()
        self._stream = io.StringIO()
        self._log = EventLog(self._stream)

    @property
    def watchers(self) -> Watchers:
        return Watchers(observer=self.observer, log=self._log)

    def lines(self) -> list[dict[str, object]]:
        self._log.close(timeout=PATIENCE)
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


@pytest.fixture
def watched() -> _Watched:
    return _Watched()


def test_a_call_is_measured_and_noted_when_it_is_over(serve: Serve, watched: _Watched) -> None:
    gate, _ = guarded_by(CLASSIFY)
    with serve(gate=gate, named={"watchers": watched.watchers}) as front:
        _ask(front, *_headers(CLASSIFY), ("x-request-id", "r-1"))

    ((front_name, outcome, seconds, messages),) = watched.observer.named("request")
    (line,) = watched.lines()
    assert (front_name, outcome, messages) == ("grpc", "ok", 1)
    assert 0 < seconds < PATIENCE
    assert {name: line[name] for name in ("operation", "request", "status", "release", "key")} == {
        "operation": "/sortyard.v1.Classifier/Classify",
        "request": "r-1",
        "status": "OK",
        "release": "r1",
        "key": "classify",
    }


def test_a_refused_call_is_noted_under_its_code(serve: Serve, watched: _Watched) -> None:
    gate, _ = guarded_by(CLASSIFY)
    with serve(gate=gate, named={"watchers": watched.watchers}) as front:
        _refusal(front)

    (line,) = watched.lines()
    assert (line["status"], line["code"]) == ("UNAUTHENTICATED", "unauthorised")
    assert watched.observer.named("request")[0][1] == "unauthorised"


def test_the_words_of_an_unforeseen_error_stay_here(serve: Serve, watched: _Watched) -> None:
    """The caller learns the id of its request, the log the kind and the place of the error."""

    def broken() -> datetime:
        raise RuntimeError("a secret of this machine")

    gate, _ = guarded_by(CLASSIFY, now=broken)
    with serve(gate=gate, named={"watchers": watched.watchers}) as front:
        error = _refusal(front, *_headers(CLASSIFY), ("x-request-id", "r-2"))

    fault, request = watched.lines()
    assert (error.code(), error.details()) == (grpc.StatusCode.INTERNAL, "Internal.")
    assert trailers_of(error) == {"sortyard-code": "internal", "x-request-id": "r-2"}
    assert (fault["event"], fault["error"], fault["request"]) == ("fault", "RuntimeError", "r-2")
    assert (request["level"], request["code"]) == ("error", "internal")
    assert "secret" not in json.dumps([fault, request]) + str(error)


def test_a_request_has_an_id(front: Front) -> None:
    _, call = front.classifier.Classify.with_call(ASKED, timeout=PATIENCE)

    assert len(dict(call.trailing_metadata())["x-request-id"]) == 32


def test_an_id_that_could_break_a_log_is_replaced(front: Front) -> None:
    given = (("x-request-id", '" forged'),)

    _, call = front.classifier.Classify.with_call(ASKED, metadata=given, timeout=PATIENCE)

    assert len(dict(call.trailing_metadata())["x-request-id"]) == 32


def test_a_stream_is_slowed_down_and_not_cut_off(serve: Serve) -> None:
    """Six hundred messages a minute: the first six hundred pass, the rest come one by one."""
    key = MadeKey.of("classify", Scope.CLASSIFY, per_minute=600)
    gate, _ = guarded_by(key)
    requests = [
        wire.ClassifyStreamRequest(message=wire.Message(id=str(number), text="refund"))
        for number in range(605)
    ]
    with serve(gate=gate) as front:
        began = monotonic()
        results = front.classifier.ClassifyStream(
            iter(requests), metadata=_headers(key), timeout=PATIENCE
        )
        found = [result.id for result in results]
        took = monotonic() - began

    assert found == [request.message.id for request in requests]
    assert took >= 0.4


def test_a_stream_ends_with_its_key(serve: Serve) -> None:
    gate, book = guarded_by(CLASSIFY)

    def requests() -> Iterator[wire.ClassifyStreamRequest]:
        yield wire.ClassifyStreamRequest(message=wire.Message(id="first", text="refund"))
        book.revoke("classify")
        gate.refresh()
        yield wire.ClassifyStreamRequest(message=wire.Message(id="second", text="refund"))

    with serve(gate=gate) as front, pytest.raises(grpc.RpcError) as caught:
        list(
            front.classifier.ClassifyStream(
                requests(), metadata=_headers(CLASSIFY), timeout=PATIENCE
            )
        )

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_stream_ends_with_its_key_while_an_answer_is_being_written(
    serve: Serve, watched: _Watched
) -> None:
    """The client has no room for its first answer until its key is refused for the second."""
    looks: list[datetime] = []

    def now() -> datetime:
        looks.append(utc_now())
        return looks[-1]

    def requests() -> Iterator[wire.ClassifyStreamRequest]:
        yield wire.ClassifyStreamRequest(message=wire.Message(id="first", text="refund"))
        wait_until(lambda: watched.observer.named("answered"))
        book.revoke("classify")
        gate.refresh()
        yield wire.ClassifyStreamRequest(message=wire.Message(id="second", text="refund"))

    gate, book = guarded_by(CLASSIFY, now=now)
    with (
        serve(gate=gate, observer=watched.observer) as front,
        grpc.insecure_channel(f"127.0.0.1:{front.port}", NARROW) as channel,
    ):
        results = ClassifierStub(channel).ClassifyStream(
            requests(), metadata=_headers(CLASSIFY), timeout=PATIENCE
        )
        wait_until(lambda: len(looks) > 1)
        assert next(results).id == "first"
        with pytest.raises(grpc.RpcError) as caught:
            next(results)

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
