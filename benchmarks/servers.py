"""Servers as processes of their own, on loopback: start, wait until ready, watch, stop."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from benchmarks.runs import SORTYARD

ROOT = Path(__file__).parents[1]
PAGE = os.sysconf("SC_PAGESIZE")
HOST = "127.0.0.1"
PATIENCE = 180.0  # seconds for a server to be ready
LISTENING = 0.01  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and how long it took to be ready."""

    process: subprocess.Popen[bytes]
    port: int
    ready_after: float

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def resident_mb(self) -> float:
        """What it and its children hold now."""
        return sum(_resident(one) for one in (self.process.pid, *_children(self.process.pid))) / 1e6

    def kill(self) -> None:
        """End it as a power cut would: `kill -9`."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def sortyard(
    workspace: Path,
    *options: str,
    port: int | None = None,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Serve the champion of a workspace."""
    chosen = port or free_port()
    place = ("--workspace", str(workspace), "--port", str(chosen))
    command = [*SORTYARD, "serve", *place, *options]
    with running(command, chosen, log=log, environment=environment) as server:
        yield server


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    *,
    log: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server until the block ends; what it says goes into a file."""
    with (log or Path(os.devnull)).open("ab") as said:
        began = perf_counter()
        process = subprocess.Popen(  # noqa: S603 -- our own commands
            command,
            cwd=ROOT,
            stdout=said,
            stderr=said,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )
        try:
            _wait_until_ready(process, port, log)
            server = Server(process, port, perf_counter() - began)
            yield server
            server.stop()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path | None) -> None:
    began = perf_counter()
    while perf_counter() - began < PATIENCE:
        if process.poll() is not None:
            sys.exit(f"a server ended with {process.returncode}; see {log}")
        with suppress(OSError, urllib.error.URLError):
            if get(f"http://{HOST}:{port}/readyz")[0] == 200:
                return
        sleep(LISTENING)
    sys.exit(f"a server was not ready after {PATIENCE:.0f} s")


def get(url: str) -> tuple[int, bytes]:
    """Fetch a page; its status and body, also of an error."""
    try:
        with urllib.request.urlopen(url, timeout=5.0) as answer:  # noqa: S310 -- our own server
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def load(url: str, texts: Path, **options: object) -> Any:  # noqa: ANN401 -- what the load says
    """Send a load from a process of its own, and give what it says."""
    with subprocess.Popen(  # noqa: S603 -- our own commands
        load_command(url, texts, **options), cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        return outcome_of(process)


def load_command(url: str, texts: Path, **options: object) -> list[str]:
    """Write the command of a load; an option that is True has no value."""
    words = [sys.executable, "-m", "benchmarks.load", f"{url}/v1/classify", str(texts)]
    for name, value in options.items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return words


def outcome_of(process: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 -- what the load says
    """Wait for a load to end, and read what it says."""
    output, _ = process.communicate()
    return json.loads(output.splitlines()[-1])


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text(encoding="ascii").split():
            found += [int(child), *_children(int(child))]
    return found


def _resident(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * PAGE
    except OSError:
        return 0.0
