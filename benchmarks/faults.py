"""
What happens when things break under load: every answer that was given is stored, once.

The database is killed and restarted, the server is killed with -9 in the middle of a batch, the
disk is full, the clock jumps. It needs PostgreSQL's own programs, the right to mount a small disk
in memory, and a C compiler; a fault that cannot be made here is listed as not tried.

The clock is our own, `jumping_clock.c`. libfaketime disturbs more than the time of day, whatever it
is told: under it `time.sleep` fails, threads wait for each other for a fifth of a second, and a
server refuses what it cannot answer in time.
"""

import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from time import monotonic, sleep
from typing import Any

from benchmarks.archives import data_folder
from benchmarks.results import NOTHING, Section, arguments
from benchmarks.runs import report, train, warm_up
from benchmarks.servers import ROOT, Server, free_port, load_command, outcome_of, sortyard
from benchmarks.soak import stored_ids

RATE = 100
PATIENCE = 60.0  # seconds for the store to catch up
SMALL_DISK = "256m"
LITTLE = 300_000  # bytes that are left on the full disk
CLOCK = Path(__file__).with_name("jumping_clock.c")
AN_HOUR = 3_600  # seconds
AHEAD, BEHIND = 36 * AN_HOUR, -2 * AN_HOUR
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class NotHere(Exception):
    """A fault that cannot be made on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A server under load, and what its store is called."""

    workspace: Path
    texts: Path
    seconds: float
    store: str
    environment: dict[str, str] = field(default_factory=dict)
    between: Callable[[], object] = lambda: None  # breaks it, a third of the time in
    after: Callable[[], object] = lambda: None  # mends it, two thirds of the time in


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    data = data_folder() / "banking77"
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)  # PostgreSQL's own user looks in
        warm_up(data / "train.csv", folder)
        workspace = folder / "desk"
        report("training")
        options = ["--text", "text", "--label", "category", "--test", str(data / "test.csv")]
        train(data / "train.csv", options, workspace=workspace)
        faults: Sequence[tuple[str, Callable[[Path, Path, Path, float], Sequence[str]]]] = (
            ("database killed, back after a third of the time", _database_killed),
            ("server killed with -9, started again", _server_killed),
            ("disk full, freed after a third of the time", _disk_full),
            ("clock jumps by +36 h and back", _clock_jumps),
        )
        for name, fault in faults:
            report(name)
            try:
                found = fault(workspace, folder, data / "test.csv", given.seconds)
            except NotHere as error:
                found = [f"not tried: {error}", *[NOTHING] * 5]
            rows.append([name, *found])
    Section(
        name="faults",
        title="Faults: what was answered is stored, once",
        about=f"`sortyard serve` on BANKING77's release at {RATE} messages/s for "
        f"{given.seconds:.0f} s. Missing: answered with 200, and not in the store "
        f"afterwards. Twice: more than one record.",
        header=(
            "fault",
            "status of the requests",
            "answered",
            "stored",
            "missing",
            "twice",
            "note",
        ),
        rows=rows,
    ).publish(write=given.write)


def _database_killed(workspace: Path, folder: Path, texts: Path, seconds: float) -> Sequence[str]:
    with _database(folder) as (url, control):
        scene = Scene(
            workspace=workspace,
            texts=texts,
            seconds=seconds,
            store=url,
            between=lambda: control("stop", "-m", "immediate"),
            after=lambda: control("start"),
        )
        return _played(scene, "db-", "no request waited for it")


def _server_killed(workspace: Path, folder: Path, texts: Path, seconds: float) -> Sequence[str]:
    store = f"sqlite:///{folder / 'killed.db'}"
    port = free_port()
    environment = {"SORTYARD_STORE": store}
    answered = folder / "answered"
    with sortyard(workspace, port=port, environment=environment) as server:
        under_way = _load(server, texts, seconds, "kill-", answered)
        sleep(seconds / 2)
        server.kill()
    with sortyard(workspace, port=port, environment=environment):
        found = outcome_of(under_way)
        row = _judged(found, answered, store, "kill-")
    return [*row, "lost connections are of the moments without a server"]


def _disk_full(workspace: Path, folder: Path, texts: Path, seconds: float) -> Sequence[str]:
    with _small_disk(folder) as disk:
        small = disk / "desk"
        shutil.copytree(workspace, small, ignore=shutil.ignore_patterns("cache", "store.db*"))
        filler = disk / "filler"
        scene = Scene(
            workspace=small,
            texts=texts,
            seconds=seconds,
            store=f"sqlite:///{small / '.sortyard' / 'full.db'}",
            between=lambda: _fill(filler),
            after=filler.unlink,
        )
        return _played(scene, "full-", "what cannot be kept is refused with 503")


def _clock_jumps(workspace: Path, folder: Path, texts: Path, seconds: float) -> Sequence[str]:
    library = _built(CLOCK, folder / "jumping_clock.so")
    wrong = folder / "clock"
    wrong.write_bytes(struct.pack("q", 0))

    def jump(by: int) -> None:
        with wrong.open("r+b") as file:  # in place: who looks finds a whole number at any moment
            file.write(struct.pack("q", by))

    scene = Scene(
        workspace=workspace,
        texts=texts,
        seconds=seconds,
        store=f"sqlite:///{folder / 'clock.db'}",
        environment={"LD_PRELOAD": str(library), "JUMPING_CLOCK": str(wrong)},
        between=lambda: jump(AHEAD),
        after=lambda: jump(BEHIND),
    )
    return _played(scene, "clock-", "then to two hours before the start")


def _built(source: Path, library: Path) -> Path:
    """Compile a library that is loaded before all others."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise NotHere("there is no C compiler")
    try:
        _quietly([compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(source)])
    except subprocess.CalledProcessError:
        raise NotHere("the clock cannot be compiled") from None
    return library


def _played(scene: Scene, prefix: str, note: str) -> Sequence[str]:
    answered = scene.workspace.parent / f"{prefix}answered"
    environment = {"SORTYARD_STORE": scene.store, **scene.environment}
    with (
        tempfile.TemporaryDirectory() as aside,
        sortyard(scene.workspace, environment=environment) as server,
    ):
        answered = Path(aside) / "answered"
        under_way = _load(server, scene.texts, scene.seconds, prefix, answered)
        sleep(scene.seconds / 3)
        scene.between()
        sleep(scene.seconds / 3)
        scene.after()
        found = outcome_of(under_way)
        return [*_judged(found, answered, scene.store, prefix), note]


def _load(server: Server, texts: Path, seconds: float, prefix: str, answered: Path) -> Popen[bytes]:
    options = {"rate": RATE, "seconds": seconds, "prefix": prefix, "answered": answered}
    return Popen(  # noqa: S603 -- our own commands
        load_command(server.url, texts, **options), cwd=ROOT, stdout=PIPE
    )


def _judged(found: Any, answered: Path, store: str, prefix: str) -> Sequence[str]:  # noqa: ANN401
    """Wait until the store has caught up, and compare it with what was answered."""
    given = {line.split("\t")[0] for line in answered.read_text(encoding="utf-8").split("\n")[:-1]}
    given.discard("")
    began = monotonic()
    stored = stored_ids(store, prefix)
    while not given <= set(stored) and monotonic() - began < PATIENCE:
        sleep(0.25)
        stored = stored_ids(store, prefix)
    statuses = ", ".join(f"{count:,} x {name}" for name, count in sorted(found["statuses"].items()))
    missing, twice = len(given - set(stored)), len(stored) - len(set(stored))
    return [statuses, f"{len(given):,}", f"{len(stored):,}", f"{missing:,}", f"{twice:,}"]


@contextmanager
def _database(folder: Path) -> Iterator[tuple[str, Callable[..., object]]]:
    """Run a PostgreSQL of our own, and lend its control program."""
    if not PROGRAMS:
        raise NotHere("PostgreSQL's programs are not installed")
    place, port = folder / "postgres", free_port()
    place.mkdir()
    as_owner: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(place, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]

    def control(act: str, *more: str) -> None:
        options = ["-D", str(place), "-w", "-l", str(place / "log"), *more]
        if act == "start":
            options += ["-o", f"-p {port} -k {place} -c listen_addresses=127.0.0.1"]
        _quietly([*as_owner, str(PROGRAMS[-1] / "pg_ctl"), act, *options])

    setup = ["-D", str(place), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    _quietly([*as_owner, str(PROGRAMS[-1] / "initdb"), *setup])
    control("start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres", control
    finally:
        control("stop", "-m", "immediate")


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    disk = folder / "disk"
    disk.mkdir()
    try:
        _quietly(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(disk)])
    except (OSError, subprocess.CalledProcessError):
        raise NotHere("no disk may be mounted") from None
    try:
        yield disk
    finally:
        _quietly(["umount", "-l", str(disk)])


def _fill(filler: Path) -> None:
    """Take nearly all that is left, and then what is still there, block by block."""
    left = shutil.disk_usage(filler.parent).free
    with filler.open("wb", buffering=0) as file:
        file.write(bytes(max(left - LITTLE, 0)))
        try:
            while True:
                file.write(bytes(4_096))
        except OSError:
            sys.stderr.write("… the disk is full\n")


def _quietly(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


if __name__ == "__main__":
    main()
