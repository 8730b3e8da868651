"""What a server needs of its machine, looked at before it loads anything."""

from pathlib import Path

from sortyard.app.addresses import bound
from sortyard.app.posts import Post
from sortyard.app.workspace import Workspace
from sortyard.serving.tls import Tls


def check_place(post: Post) -> None:
    """
    Refuse a post that cannot be served, in a moment: what it lacks would show in seconds otherwise.

    Raises `InvalidUsage` for an address that is taken or not of this machine, and `InvalidSettings`
    for a certificate that cannot be used.
    """
    tls = tls_of(post.workspace)
    if tls is not None:
        tls.context()
    bound(post.http).close()
    if post.grpc is not None:
        bound(post.grpc, option="--grpc-port").close()


def tls_of(workspace: Workspace) -> Tls | None:
    """Read from the settings with which certificate to serve; None for no TLS."""
    settings = workspace.settings
    if not settings.tls_cert:
        return None
    return Tls(_file(workspace, settings.tls_cert), _file(workspace, settings.tls_key))


def _file(workspace: Workspace, name: str) -> Path:
    return workspace.folder / Path(name).expanduser()
