"""`sortyard monitor top` at a terminal: it draws until somebody has seen enough."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sortyard.serving.telemetry.metrics import Metrics
from tests.contracts.metrics_servers import serving_metrics

pty = pytest.importorskip("pty", reason="this system has no terminals of its own making")

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 60.0
EVERY = ("--every", "0.2")


def _until(handle: int, words: bytes) -> bytes:
    """Read from a terminal until it shows something."""
    seen, deadline = b"", time.monotonic() + DEADLINE
    while words not in seen:
        ready, _, _ = select.select([handle], [], [], deadline - time.monotonic())
        assert ready, seen
        seen += os.read(handle, 4_096)
    return seen


def test_it_draws_until_it_is_interrupted() -> None:
    ours, theirs = pty.openpty()
    with serving_metrics(Metrics()) as server:
        running = subprocess.Popen(
            [sys.executable, "-m", "sortyard", "monitor", "top", *("--url", server.url), *EVERY],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm", "COLUMNS": "80"},
        )
        os.close(theirs)
        try:
            _until(ours, b"messages/s")
            looked = len(server.asked)
            _until(ours, b"messages/s")
            running.send_signal(signal.SIGINT)
            ended = running.wait(DEADLINE)
        finally:
            running.kill()
            os.close(ours)

    assert (ended, len(server.asked) > looked) == (0, True)
