"""Figures come from a real server, or a clear word says why not."""

from collections.abc import Iterator

import pytest

from sortyard.app.change import Change, Look
from sortyard.app.scraping import address, changes, scraping
from sortyard.app.settings import Settings
from sortyard.domain.errors import Forbidden, InvalidUsage, ServerAway, SortyardError, Unauthorised
from sortyard.serving.telemetry.metrics import Metrics
from tests.contracts.metrics_servers import Server, serving, serving_metrics

NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving_metrics(Metrics()) as server:
        yield server


def test_a_server_tells_its_figures(server: Server) -> None:
    assert "sortyard_build_info" in scraping(server.url, key=None)().series


@pytest.mark.parametrize("end", ["", "/", "/metrics"])
def test_the_address_may_end_in_any_way(server: Server, end: str) -> None:
    scraping(server.url + end, key=None)()

    assert server.asked == [("/metrics", None)]


def test_a_key_is_shown(server: Server) -> None:
    scraping(server.url, key="sy_1_2")()

    assert server.asked == [("/metrics", "Bearer sy_1_2")]


@pytest.mark.parametrize(
    ("status", "error"), [(401, Unauthorised), (403, Forbidden), (503, ServerAway)]
)
def test_a_refusal_says_why(server: Server, status: int, error: type[SortyardError]) -> None:
    server.status = status

    with pytest.raises(error):
        scraping(server.url, key="sy_1_2")()


@pytest.mark.parametrize("content", [b"<html>hello</html>", b"\xff\xfe"])
def test_another_server_is_no_sortyard(content: bytes) -> None:
    with serving(lambda: content) as server, pytest.raises(ServerAway, match="no metrics"):
        scraping(server.url, key=None)()


def test_where_nobody_listens_the_remedy_is_to_serve() -> None:
    with pytest.raises(ServerAway, match=r"nothing listens there.*sortyard serve"):
        scraping(NOBODY, key=None)()


@pytest.mark.parametrize("url", ["", "localhost", "file:///etc/passwd", "ftp://host/x"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidUsage, match="no address"):
        scraping(url, key=None)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (Settings(), "http://127.0.0.1:8080"),
        (Settings(host="0.0.0.0", http_port=9000), "http://127.0.0.1:9000"),
        (Settings(host="::"), "http://[::1]:8080"),
        (Settings(host="desk.example.org", tls_cert="a.pem"), "https://desk.example.org:8080"),
    ],
)
def test_the_server_of_a_workspace_is_found_by_its_settings(settings: Settings, found: str) -> None:
    assert address(settings) == found


def _away() -> Look:
    raise ServerAway("http://nobody", "it sleeps")


def test_a_server_may_go_away_and_come_back() -> None:
    script = iter([Look(1.0, {}), None, Look(3.0, {})])
    waits: list[None] = []
    seen = changes(lambda: next(script) or _away(), lambda: waits.append(None))

    assert isinstance(next(seen), ServerAway)
    assert next(seen) == Change(Look(1.0, {}), Look(3.0, {}))
    assert len(waits) == 2


def test_a_server_that_is_away_at_first_is_an_error() -> None:
    with pytest.raises(ServerAway):
        next(changes(_away, lambda: None))
