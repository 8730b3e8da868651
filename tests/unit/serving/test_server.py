"""The server accepts once it has started, and finishes what was asked before it stops."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sortyard.domain.errors import InvalidSettings
from sortyard.models.classifier import Classifier
from sortyard.serving.server import HttpServer
from sortyard.serving.tls import Tls
from tests.contracts.desks import watched
from tests.contracts.http_fronts import listening, open_front
from tests.contracts.loops import PATIENCE, Loop


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


def test_a_started_server_answers(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained) as front, listening(front) as port:
        answer = httpx.post(f"http://127.0.0.1:{port}/v1/classify", json={"text": "printer"})

    assert (answer.status_code, answer.json()["release"]) == (200, "r1")


def test_a_stopped_server_has_finished_what_was_asked(loop: Loop, trained: Classifier) -> None:
    classifier, student = watched(trained)
    with open_front(loop, classifier) as front:
        statuses = loop.run(_stopped_meanwhile(front.app, student))

    assert statuses == [200]


async def _stopped_meanwhile(app: object, student: object) -> list[int]:
    """Ask something, stop the server while it is being worked on, and wait for the answer."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1/classify"
        server = HttpServer(app, sock=taken)  # type: ignore[arg-type]
        await server.start()
        student.gate.clear()  # type: ignore[attr-defined]
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            asking = asyncio.create_task(client.post(url, json={"text": "printer"}))
            assert await asyncio.to_thread(student.reached.wait, PATIENCE)  # type: ignore[attr-defined]
            stopping = asyncio.create_task(server.stop(PATIENCE))
            await asyncio.sleep(0.05)
            student.gate.set()  # type: ignore[attr-defined]
            answer = await asking
            await stopping
    return [answer.status_code]


def test_a_stopped_server_takes_nobody_in(loop: Loop, trained: Classifier) -> None:
    with open_front(loop, trained) as front:
        with listening(front) as port:
            pass
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/healthz")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A certificate for this machine, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    made = Tls(folder / "cert.pem", folder / "key.pem")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


def test_with_a_certificate_it_speaks_tls_and_promises_to(
    loop: Loop, trained: Classifier, tls: Tls
) -> None:
    trusting = ssl.create_default_context(cafile=str(tls.certificate))
    with open_front(loop, trained) as front, listening(front, tls=tls) as port:
        answer = httpx.get(f"https://localhost:{port}/healthz", verify=trusting)

    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"]


def test_with_a_certificate_it_speaks_nothing_else(
    loop: Loop, trained: Classifier, tls: Tls
) -> None:
    with (
        open_front(loop, trained) as front,
        listening(front, tls=tls) as port,
        pytest.raises(httpx.TransportError),
    ):
        httpx.get(f"http://127.0.0.1:{port}/healthz")


def test_a_certificate_that_is_none_is_refused_at_once(
    loop: Loop, trained: Classifier, tmp_path: Path
) -> None:
    with (
        open_front(loop, trained) as front,
        socket.socket() as sock,
        pytest.raises(InvalidSettings),
    ):
        HttpServer(front.app, sock=sock, tls=Tls(tmp_path / "none.pem", tmp_path / "none.pem"))
