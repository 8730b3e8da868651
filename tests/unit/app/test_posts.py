"""What a server is wired with comes from the settings, and from nowhere else."""

from pathlib import Path

import pytest

pytest.importorskip("fastapi")
from sortyard.app.addresses import Address
from sortyard.app.desks import bounds_of
from sortyard.app.fronts import limits_of
from sortyard.app.posts import post_of
from sortyard.app.settings import Settings
from sortyard.app.workspace import found_or_here
from sortyard.domain.errors import InvalidSettings
from sortyard.serving.bounds import Bounds
from sortyard.serving.http.limits import HttpLimits
from sortyard.serving.intake import Limits


def test_a_server_is_on_this_machine_only_unless_told_otherwise(tmp_path: Path) -> None:
    post = post_of(found_or_here(tmp_path))

    assert (post.http, post.grpc, post.shared) == (Address("127.0.0.1", 8080), None, False)


def test_the_settings_say_where_it_is(tmp_path: Path) -> None:
    given = {"host": "::1", "http_port": 1, "grpc_port": 2, "workers": 3}
    post = post_of(found_or_here(tmp_path, given=given))

    assert (post.http, post.grpc, post.workers) == (Address("::1", 1), Address("::1", 2), 3)


def test_workers_leave_their_figures_where_the_others_find_them(tmp_path: Path) -> None:
    one, two = (post_of(found_or_here(tmp_path, given={"workers": count})) for count in (1, 2))

    assert (one.figures, two.figures) == (None, tmp_path / ".sortyard" / "telemetry" / "8080")


@pytest.mark.parametrize("half", ["tls_cert", "tls_key"])
def test_half_of_a_certificate_is_refused(tmp_path: Path, half: str) -> None:
    with pytest.raises(InvalidSettings, match="belong together"):
        post_of(found_or_here(tmp_path, given={half: "server.pem"}))


def test_both_fronts_cannot_have_one_port(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="are the same"):
        post_of(found_or_here(tmp_path, given={"http_port": 7, "grpc_port": 7}))


def test_an_endpoint_of_traces_that_is_no_url_is_refused(tmp_path: Path) -> None:
    """Or nobody would learn that no trace ever arrives."""
    with pytest.raises(InvalidSettings, match="trace_endpoint"):
        post_of(found_or_here(tmp_path, given={"trace_endpoint": "collector:4318"}))


def test_the_default_settings_are_the_defaults_of_the_parts() -> None:
    settings = Settings()

    assert (bounds_of(settings), limits_of(settings)) == (Bounds(), Limits())
    assert settings.request_bytes == HttpLimits().bytes
