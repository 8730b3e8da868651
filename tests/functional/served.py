"""A real `sortyard serve`, as a process of its own that tests ask, stop and kill."""

import json
import os
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sortyard.app.storing import open_store
from sortyard.app.workspace import open_workspace
from sortyard.domain.records import Record
from sortyard.storage.records import Records

PATIENCE = 60.0  # seconds; a machine that is busy is no fault of the code
PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has said that it serves."""

    process: subprocess.Popen[bytes]
    opened: dict[str, Any]
    log: Path

    @property
    def url(self) -> str:
        return str(self.opened["http"])

    def get(self, path: str, *, key: str | None = None) -> tuple[int, Any]:
        """Fetch a page: its status, and what it says."""
        return self._ask(urllib.request.Request(self.url + path, headers=_headers(key)))

    def post(self, path: str, body: object, *, key: str | None = None) -> tuple[int, Any]:
        """Send a body: the status of the answer, and what it says."""
        headers = {"Content-Type": "application/json", **_headers(key)}
        data = json.dumps(body).encode()
        return self._ask(urllib.request.Request(self.url + path, data=data, headers=headers))

    def classify(self, *ids: str, text: str = "where is my refund") -> dict[str, str]:
        """Ask about messages: the release that answered each of those that have an answer."""
        status, said = self.post(
            "/v1/classify", {"messages": [{"id": one, "text": f"{text} {one}"} for one in ids]}
        )
        assert status == 200, said
        return {one["id"]: one["release"] for one in said["results"] if "error" not in one}

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end, and tell how it did."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it as the loss of power would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def workers(self) -> list[int]:
        """The processes that it started and that run Python."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        found = [int(one) for one in children.read_text().split()]
        return [one for one in found if runs(one)]

    def _ask(self, request: urllib.request.Request) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, _read(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _read(error.read())


@contextmanager
def serving(workspace: Path, *options: str) -> Iterator[Server]:
    """Serve a workspace on a free port during the block."""
    log = workspace.parent / f"{workspace.name}-{time.monotonic_ns()}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command(workspace, *options),
            stdout=subprocess.PIPE,
            stderr=stream,
            start_new_session=True,
        )
    try:
        yield Server(process, _first_line(process, log), log)
    finally:
        with suppress(ProcessLookupError):  # it has ended, and its workers with it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def command(workspace: Path, *options: str) -> list[str]:
    """Write the command that serves a workspace on a free port."""
    words = ("serve", "--workspace", str(workspace), "--port", "0", "--json")
    return [sys.executable, "-m", "sortyard", *words, *options]


def records(workspace: Path) -> list[Record]:
    """Read everything that the store of a workspace keeps."""
    with open_store(open_workspace(workspace)) as database:
        return list(Records(database).all())


def eventually(holds: Callable[[], bool], *, within: float = PATIENCE) -> bool:
    """Wait until something holds; False where it does not in time."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def runs(worker: int) -> bool:
    """Tell whether a worker runs; one that has died may still be in the system's list."""
    try:
        return b"spawn_main" in Path(f"/proc/{worker}/cmdline").read_bytes()
    except OSError:
        return False


def _first_line(process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    line = process.stdout.readline() if ready else b""
    assert line, f"it did not serve, and said: {log.read_text()}"
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def _headers(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Authorization": f"Bearer {key}"}


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()
