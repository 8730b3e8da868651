"""A hub on this machine: just enough of its protocol for `snapshot_download`."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit


@dataclass(slots=True)
class HubOnDisk:
    """One published encoder: its name, the commit that `main` is, and the folder of its files."""

    name: str
    commit: str
    folder: Path
    asked: list[str] = field(default_factory=list)

    def names(self) -> list[str]:
        every = (one for one in self.folder.rglob("*") if one.is_file())
        return sorted(one.relative_to(self.folder).as_posix() for one in every)


@contextmanager
def serving(hub: HubOnDisk) -> Iterator[str]:
    """Serve it on a free port of the loopback, and give its address."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _answer(self, *, body: bool) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.asked.append(path)
            content, headers = _content(hub, path)
            self.send_response(200 if content is not None else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            if body and content:
                self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _content(hub: HubOnDisk, path: str) -> tuple[bytes | None, dict[str, str]]:
    about, files = f"/api/models/{hub.name}", f"/{hub.name}/resolve/{hub.commit}/"
    if path.startswith(files) and (wanted := hub.folder / path.removeprefix(files)).is_file():
        content = wanted.read_bytes()
        etag = hashlib.sha256(content).hexdigest()
        return content, {"ETag": f'"{etag}"', "X-Repo-Commit": hub.commit}
    revisions = {f"{about}/revision/{one}" for one in ("main", hub.commit)}
    if path in {about, *revisions}:
        siblings = [{"rfilename": one} for one in hub.names()]
        told = {"id": hub.name, "sha": hub.commit, "siblings": siblings}
        return json.dumps(told).encode(), {"Content-Type": "application/json"}
    if path == f"{about}/tree/{hub.commit}":
        entries = [
            {
                "type": "file",
                "path": one,
                "size": (hub.folder / one).stat().st_size,
                "oid": hashlib.sha256((hub.folder / one).read_bytes()).hexdigest()[:40],
            }
            for one in hub.names()
        ]
        return json.dumps(entries).encode(), {"Content-Type": "application/json"}
    missing = "RepoNotFound" if not path.startswith(about) else "RevisionNotFound"
    return None, {"X-Error-Code": missing}
