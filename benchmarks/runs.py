"""Run commands the way a user would: each alone in its process, timed, its memory watched."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

SORTYARD = (sys.executable, "-m", "sortyard")
ANSWERED = {0, 1}  # 1: it ran, and a gate failed


@dataclass(frozen=True, slots=True)
class Run:
    """What a command printed, how long it took, and the most memory that it held."""

    output: str
    seconds: float
    peak_mb: float
    cpu_seconds: float  # of all its threads and of the processes that it waited for

    @property
    def found(self) -> Any:  # noqa: ANN401 -- whatever the command says
        """The last line that it printed, as JSON."""
        return json.loads(self.output.strip().splitlines()[-1])


def run(command: Sequence[str]) -> Run:
    """
    Run a command to its end; where it could not run, show what it said and stop.

    The memory is the process's own high-water mark, so the caller has to be small itself: a child
    starts with the mark of its parent.
    """
    with tempfile.TemporaryFile() as said:
        began = perf_counter()
        process = subprocess.Popen(  # noqa: S603 -- our own commands
            command, stdout=subprocess.PIPE, stderr=said, cwd=Path(__file__).parents[1]
        )
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ANSWERED or not output.strip():
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace")[-4_000:])
            sys.exit(f"a command ended with {process.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    worked = usage.ru_utime + usage.ru_stime
    return Run(output.decode(), seconds, usage.ru_maxrss / unit, worked)


def train(archive: Path, options: Sequence[str], *, workspace: Path) -> Run:
    """Train a release in a fresh workspace."""
    place = ("--workspace", str(workspace), "--json")
    return run([*SORTYARD, "train", str(archive), *options, *place])


def warm_up(archive: Path, folder: Path) -> None:
    """
    Make the encoder's graph and static table once, so that no timed run pays for them.

    They are kept in the user's cache, for every later run.
    """
    lines = archive.read_text(encoding="utf-8").splitlines(keepends=True)
    few = folder / "few.csv"
    few.write_text("".join([lines[0], *lines[1 :: max(1, len(lines) // 200)]]), encoding="utf-8")
    train(few, [], workspace=folder / "few")


def report(name: str) -> None:
    """Tell whoever waits what is going on."""
    sys.stderr.write(f"… {name}\n")
    sys.stderr.flush()
