"""The server: where it listens, what it lets in, and how it stops."""

import gzip
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from sortyard.domain.errors import InvalidSettings, InvalidUsage
from sortyard.models.classifier import Classifier
from sortyard.serving.grpc.generated import classifier_pb2 as wire
from sortyard.serving.grpc.server import GrpcLimits, Place
from sortyard.serving.intake import Limits
from sortyard.serving.tls import Tls
from tests.contracts.desks import PATIENCE, watched
from tests.unit.serving.grpc.conftest import Front, Serve, wait_until

ASKED = wire.ClassifyRequest(messages=[wire.Message(id="m", text="refund the invoice")])


def _ask(front: Front, request: wire.ClassifyRequest = ASKED, **how: object) -> list[str]:
    return [one.id for one in front.classifier.Classify(request, timeout=PATIENCE, **how).results]


def _refusal(front: Front, request: wire.ClassifyRequest, **how: object) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        _ask(front, request, **how)
    return caught.value


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A certificate for this machine, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    made = Tls(folder / "server.pem", folder / "server.key")
    made.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def test_over_tls_it_answers_who_trusts_its_certificate(serve: Serve, tls: Tls) -> None:
    trust = grpc.ssl_channel_credentials(tls.certificate.read_bytes())
    with serve(place=Place(host="localhost", tls=tls), credentials=trust) as front:
        assert _ask(front) == ["m"]


def test_with_tls_it_answers_nobody_in_the_clear(serve: Serve, tls: Tls) -> None:
    with serve(place=Place(tls=tls)) as front:
        error = _refusal(front, ASKED)

    assert error.code() is grpc.StatusCode.UNAVAILABLE


@pytest.mark.parametrize("what", ["no-file", "no-certificate", "other-key"])
def test_a_certificate_that_cannot_be_used_is_refused(
    serve: Serve, tls: Tls, tmp_path: Path, what: str
) -> None:
    broken = tmp_path / "broken.pem"
    if what == "no-certificate":
        broken.write_text("nothing of the kind")
    if what == "other-key":
        other = ec.generate_private_key(ec.SECP256R1())
        broken.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    place = Place(tls=Tls(tls.certificate, broken))

    with pytest.raises(InvalidSettings), serve(place=place):
        pass


def test_a_port_that_is_taken_is_said_to_be(serve: Serve) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = Place(port=taken.getsockname()[1])

        with (
            pytest.raises(InvalidUsage, match="gRPC cannot listen on"),
            serve(place=place),
        ):
            pass


def test_several_processes_may_share_a_port(serve: Serve) -> None:
    with (
        serve(place=Place(shared=True)) as first,
        serve(place=Place(port=first.port, shared=True)) as second,
    ):
        assert first.port == second.port


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1:81"), ("::1", "[::1]:81")])
def test_a_place_has_an_address(host: str, shown: str) -> None:
    assert str(Place(host=host, port=81)) == shown


def _long(size: int) -> wire.ClassifyRequest:
    return wire.ClassifyRequest(messages=[wire.Message(id="m", text="x" * size)])


def test_a_request_over_the_limit_is_refused_unread(serve: Serve) -> None:
    with serve(named={"intake": Limits(bytes=100_000)}) as front:
        error = _refusal(front, _long(200_000))

        assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert _ask(front) == ["m"]


def test_what_is_packed_small_cannot_unfold(front: Front) -> None:
    """Nothing compressed is taken, so that a short request never becomes a long one."""
    error = _refusal(front, _long(100_000), compression=grpc.Compression.Gzip)

    assert error.code() is grpc.StatusCode.UNIMPLEMENTED
    assert _ask(front) == ["m"]


def test_more_headers_than_allowed_are_refused(front: Front) -> None:
    flood = [(f"x-flood-{number}", "y" * 1_000) for number in range(40)]

    error = _refusal(front, ASKED, metadata=flood)

    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert _ask(front) == ["m"]


def test_more_calls_than_allowed_are_refused(serve: Serve, trained: Classifier) -> None:
    release, student = watched(trained)
    with serve(release, named={"limits": GrpcLimits(calls=1)}) as front:
        student.gate.clear()
        try:
            busy = front.classifier.Classify.future(ASKED, timeout=PATIENCE)
            assert student.reached.wait(PATIENCE)
            error = _refusal(front, ASKED)
        finally:
            student.gate.set()
        busy.result(PATIENCE)

    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


@pytest.mark.parametrize(
    "sent",
    [b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x00" * 1_000, gzip.compress(b"nothing")],
    ids=["http-1", "zeros", "noise"],
)
def test_what_is_no_grpc_is_cut_off(front: Front, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", front.port), PATIENCE) as connection:
        connection.sendall(sent)
        connection.settimeout(PATIENCE)
        received = b"".join(_received(connection))

    assert b"refund" not in received
    assert _ask(front) == ["m"]


def _received(connection: socket.socket) -> Iterator[bytes]:
    """Read until the other side hangs up."""
    try:
        while part := connection.recv(4_096):
            yield part
    except ConnectionResetError:
        return


def test_stopping_waits_for_what_is_being_answered(serve: Serve, trained: Classifier) -> None:
    release, student = watched(trained)
    with serve(release) as front:
        student.gate.clear()
        try:
            busy = front.classifier.Classify.future(ASKED, timeout=PATIENCE)
            assert student.reached.wait(PATIENCE)
            stopping = Thread(target=front.stop)
            stopping.start()
            wait_until(lambda: _is_refused(front))
        finally:
            student.gate.set()
        answered = busy.result(PATIENCE)
        stopping.join(PATIENCE)

    assert [one.id for one in answered.results] == ["m"]


def _is_refused(front: Front) -> bool:
    """Tell whether a new connection is taken no more."""
    try:
        with socket.create_connection(("127.0.0.1", front.port), PATIENCE):
            return False
    except ConnectionRefusedError:
        return True
