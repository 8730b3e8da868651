"""
What an attacker sends, and what it meets: one row an attack.

A real server on a real socket takes them all, and answers its next caller as if nothing had been.
"""

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.attacker import (
    BODIES,
    CLOSED,
    HEADS,
    HOST,
    SLOW,
    connected,
    get,
    meet,
    post,
    rest,
    status_of,
)
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
    with connected(port) as attacker:
        attacker.sendall(get(b"/readyz"))
        assert status_of(rest(attacker)) == 200


@pytest.mark.parametrize(("attack", "status"), HEADS.values(), ids=HEADS)
def test_a_request_that_means_harm_is_refused(port: int, attack: bytes, status: int) -> None:
    answer = meet(port, attack)

    assert status_of(answer) == status, answer[:300]
    assert b"Set-Cookie" not in answer


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_a_body_that_means_harm_does_none(port: int, body: bytes, status: int) -> None:
    began = time.monotonic()
    answer = meet(port, post(body))

    assert status_of(answer) == status, answer[:300]
    assert time.monotonic() - began < 5


def test_a_body_without_end_is_cut_off(port: int) -> None:
    with connected(port) as attacker:
        attacker.sendall(post(b"", b"Transfer-Encoding: chunked"))
        chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
        sent = 0
        try:
            for _ in range(2_000):
                attacker.sendall(chunk)
                sent += len(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = rest(attacker)

    assert status_of(answer) in {413, CLOSED}
    assert sent < 2_000 * len(chunk)


def test_who_has_had_an_answer_may_come_back_later(port: int) -> None:
    """Idle is not slow: a client that kept its connection must not find it closed as it asks."""
    longer = 2 * SHORT.head_seconds
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=longer)) as client:
        client.request("GET", "/healthz")
        client.getresponse().read()
        with pytest.raises(TimeoutError):
            client.sock.recv(1)
        client.request("GET", "/healthz")
        assert client.getresponse().status == 200


@pytest.mark.parametrize(("said", "status"), SLOW.values(), ids=SLOW)
def test_who_stops_half_way_is_not_waited_for(port: int, said: bytes, status: int) -> None:
    began = time.monotonic()
    answer = meet(port, said)

    assert status_of(answer) == status, answer
    assert time.monotonic() - began < 10


def test_who_sends_a_letter_now_and_then_is_not_waited_for(port: int) -> None:
    began = time.monotonic()
    with connected(port) as attacker:
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

    assert status_of(answer) in {408, CLOSED}
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
        post(b'{"id": "m%d", "text": "printer"}' % place).replace(b"Connection: close\r\n", b"")
        for place in range(50)
    ]
    with connected(port) as client:
        client.sendall(b"".join(requests) + get(b"/healthz"))
        answer = rest(client)

    assert re.findall(rb'"id":"(m\d+)"', answer) == [b"m%d" % place for place in range(50)]


def test_idle_connections_keep_nobody_out(port: int) -> None:
    idle = [connected(port) for _ in range(200)]
    try:
        assert status_of(meet(port, get(b"/healthz"))) == 200
    finally:
        for one in idle:
            one.close()


def test_no_refusal_says_what_the_server_is_made_of(port: int) -> None:
    answers = [meet(port, attack) for attack, _ in HEADS.values()]
    words = re.compile(rb"traceback|uvicorn|starlette|fastapi|python|pydantic|/src/", re.IGNORECASE)

    assert [found for found in answers if words.search(found)] == []


def test_every_refusal_is_a_problem_document(port: int) -> None:
    refusals = [meet(port, attack) for attack, status in HEADS.values() if status >= 400]

    for refusal in refusals:
        head, _, body = refusal.partition(b"\r\n\r\n")
        assert b"application/problem+json" in head, head
        assert b"x-content-type-options: nosniff" in head
        assert json.loads(body)["status"] == status_of(refusal)
