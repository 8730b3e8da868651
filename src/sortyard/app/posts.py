"""Where one process serves, and what it says once it does."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sortyard.app.addresses import Address
from sortyard.app.workspace import Workspace
from sortyard.domain.errors import InvalidSettings

WEB = ("http://", "https://")
STOPPING = (signal.SIGTERM, signal.SIGINT)  # ask a server to end well


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The place of one process: which of how many it is, and behind which addresses."""

    workspace: Workspace
    http: Address
    grpc: Address | None = None
    worker: int = 0
    workers: int = 1

    @property
    def shared(self) -> bool:
        """Whether other processes serve the same addresses."""
        return self.workers > 1

    @property
    def figures(self) -> Path | None:
        """The folder in which processes that share an address leave their figures."""
        return self.workspace.state / "telemetry" / str(self.http.port) if self.shared else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """
    Where a server answers now, and with which release.

    `release` is None, and `problem` says why, where none could be loaded yet. `seconds` is how long
    it took to open.
    """

    http: str
    grpc: str | None
    release: str | None
    problem: str | None
    workers: int
    seconds: float


Announce: TypeAlias = Callable[[Opened], None]


def post_of(workspace: Workspace) -> Post:
    """
    Read from the settings where to serve.

    Raises `InvalidSettings` for half of a certificate, one port for both fronts, and an endpoint of
    traces that is no URL.
    """
    settings = workspace.settings
    problems = []
    if bool(settings.tls_cert) != bool(settings.tls_key):
        problems.append("`tls_cert` and `tls_key` belong together: give both, or none")
    if settings.trace_endpoint and not settings.trace_endpoint.startswith(WEB):
        problems.append("`trace_endpoint` begins with http:// or https://")
    if settings.grpc_port and settings.grpc_port == settings.http_port:
        problems.append("`http_port` and `grpc_port` are the same: give two ports")
    if problems:
        raise InvalidSettings("The settings of the workspace", problems)
    return Post(
        workspace=workspace,
        http=Address(settings.host, settings.http_port),
        grpc=Address(settings.host, settings.grpc_port) if settings.grpc_port else None,
        workers=settings.workers,
    )
