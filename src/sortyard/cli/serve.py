"""The command `sortyard serve`."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sortyard.cli.options import AsJson, WorkspaceFolder
from sortyard.cli.output import note, print_json, print_line

if TYPE_CHECKING:  # so that `--help` does not wait for a server
    from sortyard.app.posts import Opened


def serve_command(
    *,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Where; on this machine only by default."),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", "-p", metavar="N", help="Of HTTP; 0 for a free one.")
    ] = None,
    grpc_port: Annotated[
        int | None, typer.Option("--grpc-port", metavar="N", help="Of gRPC; none by default.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="How many processes answer.")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", metavar="FILE", help="A certificate, for TLS.")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="The key that belongs to it.")
    ] = None,
    workspace: WorkspaceFolder = None,
    as_json: AsJson = False,
) -> None:
    """
    Answer over HTTP, and gRPC, with the release that is the champion.

    Follows `promote` and `rollback` within a second, keeps every answer in the
    store, and logs to standard error. Ends when it is interrupted.
    """
    # NumPy's own threads would wait for each other in loops, beside those that answer.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from sortyard.app.places import check_place
    from sortyard.app.posts import post_of
    from sortyard.app.workspace import open_workspace

    given = {
        "host": host,
        "http_port": port,
        "grpc_port": grpc_port,
        "workers": workers,
        "tls_cert": None if tls_cert is None else str(tls_cert.absolute()),
        "tls_key": None if tls_key is None else str(tls_key.absolute()),
    }
    post = post_of(open_workspace(workspace, given=given))
    check_place(post)
    if post.shared:
        from sortyard.app.crew import serve_together as serve
    else:
        from sortyard.app.serving import serve_here as serve
    serve(post, lambda opened: _tell(opened, as_json=as_json))


def _tell(opened: "Opened", *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(opened))
        return
    grpc = f" and gRPC on {opened.grpc}" if opened.grpc else ""
    print_line(f"serving on {opened.http}{grpc}, after {opened.seconds:.1f} s")
    if opened.release:
        note(f"{opened.release} answers. Try:")
        note(f'  curl {opened.http}/v1/classify --json \'{{"text": "I was charged twice"}}\'')
    else:
        note(f"no release answers yet: {opened.problem or '`sortyard promote` lets one answer'}")
