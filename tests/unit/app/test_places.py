"""A place that cannot be served is refused before anything is loaded for it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sortyard.app.addresses import Address, bound
from sortyard.app.places import check_place, tls_of
from sortyard.app.posts import Post, post_of
from sortyard.app.workspace import found_or_here
from sortyard.domain.errors import InvalidSettings, InvalidUsage

FREE = {"http_port": 0}


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another server listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def _post(folder: Path, **given: object) -> Post:
    return post_of(found_or_here(folder, given={**FREE, **given}))


def test_a_place_that_is_free_is_left_as_it_was(tmp_path: Path) -> None:
    with bound(Address("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    check_place(_post(tmp_path, http_port=port))

    with bound(Address("127.0.0.1", port)) as found:
        assert found.getsockname()[1] == port


def test_a_port_of_http_that_is_taken_is_refused(tmp_path: Path, taken: int) -> None:
    with pytest.raises(InvalidUsage, match=r"in use.*`--port`"):
        check_place(_post(tmp_path, http_port=taken))


def test_a_port_of_grpc_that_is_taken_is_refused(tmp_path: Path, taken: int) -> None:
    with pytest.raises(InvalidUsage, match=r"in use.*`--grpc-port`"):
        check_place(_post(tmp_path, grpc_port=taken))


def test_a_host_of_another_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidUsage, match="cannot be served"):
        check_place(_post(tmp_path, host="192.0.2.1"))


def test_a_certificate_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("a key")
    post = _post(tmp_path, tls_cert="cert.pem", tls_key="key.pem")

    with pytest.raises(InvalidSettings, match=r"cert\.pem cannot be used: .*no such file"):
        check_place(post)


def test_a_key_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("a certificate")
    (tmp_path / "key.pem").mkdir()
    post = _post(tmp_path, tls_cert="cert.pem", tls_key="key.pem")

    with pytest.raises(InvalidSettings, match=r"key\.pem cannot be used: it cannot be read"):
        check_place(post)


def test_a_certificate_that_is_none_is_refused(tmp_path: Path) -> None:
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("nothing of the kind")
    post = _post(tmp_path, tls_cert="cert.pem", tls_key="key.pem")

    with pytest.raises(InvalidSettings, match="no certificate with its key"):
        check_place(post)


def test_a_certificate_is_seen_from_the_workspace(tmp_path: Path) -> None:
    tls = tls_of(_post(tmp_path, tls_cert="cert.pem", tls_key="/etc/key.pem").workspace)

    assert tls is not None
    assert (tls.certificate, tls.key) == (tmp_path / "cert.pem", Path("/etc/key.pem"))
