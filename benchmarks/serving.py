"""
The server under load from a second process: a steady rate, saturation, overload, swaps, start.

BANKING77's release answers, with everything on that is on by default: the cascade, the store, the
metrics. The load shares the two cores with the server. `--seconds` shortens every part for a try.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from threading import Thread
from time import perf_counter, sleep
from typing import Any

from benchmarks.archives import data_folder
from benchmarks.results import Section, arguments, number
from benchmarks.runs import SORTYARD, report, run, train, warm_up
from benchmarks.servers import (
    ROOT,
    Server,
    free_port,
    load,
    load_command,
    outcome_of,
    running,
    sortyard,
)

THEIRS = ROOT / ".venv-bench" / "bin" / "python"
RATE = 300
BATCH = 64
SWAPS = 10
STARTS = 5
FLOOD = 5  # times what saturates it
GENTLE = 50  # requests a second, to see when it has recovered
UNREMEMBERED = {"SORTYARD_CACHE_ENTRIES": "0"}  # the 3,080 texts come again and again
HEADER = ("what", "requests/s", "messages/s", "p50, ms", "p95, ms", "p99, ms", "most, ms", "status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A workspace with two releases, the texts to send, and how long each part lasts."""

    workspace: Path
    releases: Sequence[str]
    train: Path
    texts: Path
    seconds: float


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    data = data_folder() / "banking77"
    with tempfile.TemporaryDirectory() as place:
        bench = _prepared(data, Path(place), given.seconds)
        remarks: list[str] = []
        rows = [*_steady(bench, remarks), *_saturated(bench, remarks)]
        capacity = float(rows[2][1].replace(",", ""))  # of requests with many messages
        rows += _overloaded(bench, capacity, remarks)
        rows += _swapped(bench, remarks)
        _started(bench, remarks)
    Section(
        name="serving",
        title="Serving: BANKING77 over HTTP",
        about=f"`sortyard serve` with its defaults but for the cache, which is off: the texts are "
        f"drawn from 3,080 test messages, with fresh ids. Cascade, store and metrics are on, and "
        f"the load is a second process on the same two cores, {given.seconds:.0f} s a row. At a "
        f"rate, a request's time counts from the moment when it was due. The plain server is "
        f"FastAPI, sentence-transformers and a logistic regression.",
        header=HEADER,
        rows=rows,
        remarks=remarks,
    ).publish(write=given.write)


def _prepared(data: Path, folder: Path, seconds: float) -> Bench:
    warm_up(data / "train.csv", folder)
    workspace = folder / "desk"
    releases = []
    for seed in ("20", "21"):
        report(f"training with seed {seed}")
        options = ["--text", "text", "--label", "category", "--test", str(data / "test.csv")]
        found = train(data / "train.csv", [*options, "--seed", seed], workspace=workspace).found
        releases.append(found["release"])
    return Bench(
        workspace=workspace,
        releases=releases,
        train=data / "train.csv",
        texts=data / "test.csv",
        seconds=seconds,
    )


def _steady(bench: Bench, remarks: list[str]) -> Iterator[Sequence[str]]:
    report(f"{RATE} a second")
    with sortyard(bench.workspace, environment=UNREMEMBERED) as server:
        load(server.url, bench.texts, rate=RATE, seconds=2, prefix="warm-")
        found = load(server.url, bench.texts, rate=RATE, seconds=bench.seconds, prefix="steady-")
        remarks.append(f"memory after {RATE} requests/s: {server.resident_mb:.0f} MB")
    yield _line(f"{RATE} messages/s, one a request", found)


def _saturated(bench: Bench, remarks: list[str]) -> Iterator[Sequence[str]]:
    ours, theirs = [], []
    with sortyard(bench.workspace, environment=UNREMEMBERED) as server:
        for name, batch in (("one a request", 1), (f"{BATCH} a request", BATCH)):
            report(f"saturated, {name}")
            found = _saturate(server, bench, batch)
            ours.append(found["messages_per_second"])
            yield _line(f"saturated, {name}", found)
    with _plain(bench) as server:
        for name, batch in (("one a request", 1), (f"{BATCH} a request", BATCH)):
            report(f"plain server, {name}")
            found = _saturate(server, bench, batch)
            theirs.append(found["messages_per_second"])
            yield _line(f"plain server, {name}", found)
    singles, batches = (one / other for one, other in zip(ours, theirs, strict=True))
    remarks.append(
        f"against the plain server: {singles:.1f} times the single messages, "
        f"{batches:.1f} times the messages in batches"
    )


def _saturate(server: Server, bench: Bench, batch: int) -> Any:  # noqa: ANN401
    # Ids and texts differ from load to load, so that no answer is remembered by its id.
    options = {"closed": True, "connections": 32 if batch == 1 else 4, "batch": batch}
    load(server.url, bench.texts, seconds=2, prefix=f"warm-{batch}-", **options)
    return load(
        server.url, bench.texts, seconds=bench.seconds / 2, prefix=f"full-{batch}-", **options
    )


@contextmanager
def _plain(bench: Bench) -> Iterator[Server]:
    if not THEIRS.exists():
        sys.exit("there is no .venv-bench; `make bench` sets it up")
    port = free_port()
    words = ["-m", "benchmarks.plain_server", str(bench.train), "category", str(port)]
    with running([str(THEIRS), *words], port) as server:
        yield server


def _overloaded(bench: Bench, capacity: float, remarks: list[str]) -> Iterator[Sequence[str]]:
    rate = FLOOD * capacity
    report(f"overload, {rate:.0f} requests a second")
    with sortyard(bench.workspace, environment=UNREMEMBERED) as server:
        load(server.url, bench.texts, rate=GENTLE, seconds=2, prefix="calm-")
        before = server.resident_mb
        with _watched(server) as most:
            found = load(
                server.url,
                bench.texts,
                rate=rate,
                seconds=bench.seconds,
                connections=256,
                batch=BATCH,
                prefix="flood-",
            )
        after = load(server.url, bench.texts, rate=GENTLE, seconds=10, prefix="after-")
        slow = max(after["last_refused"] or 0.0, after["last_slow"] or 0.0)
        remarks.append(
            f"overload: {before:.0f} MB before, {max(most):.0f} MB at most, "
            f"{server.resident_mb:.0f} MB after; the last refusal, or answer slower than 50 ms, "
            f"came {slow:.1f} s after its end"
        )
    yield _line(f"overload: {FLOOD} x that, {rate:,.0f} requests/s of {BATCH}", found)
    yield _line(f"after it, {GENTLE} messages/s", after)


@contextmanager
def _watched(server: Server) -> Iterator[list[float]]:
    """Look at the memory of a server ten times a second, until the block ends."""
    seen, ended = [server.resident_mb], [False]

    def watch() -> None:
        while not ended[0]:
            seen.append(server.resident_mb)
            sleep(0.1)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        ended[0] = True
        watcher.join()


def _swapped(bench: Bench, remarks: list[str]) -> Iterator[Sequence[str]]:
    report(f"{SWAPS} swaps")
    took = []
    with sortyard(bench.workspace, environment=UNREMEMBERED) as server:
        options = {"rate": 100, "seconds": bench.seconds, "prefix": "swap-"}
        with Popen(  # noqa: S603 -- our own commands
            load_command(server.url, bench.texts, **options), cwd=ROOT, stdout=PIPE
        ) as under_way:
            for number in range(SWAPS):
                name = bench.releases[(number + 1) % 2]
                began = perf_counter()
                place = ("--workspace", str(bench.workspace), "--json")
                run([*SORTYARD, "promote", name, "--force", *place])
                took.append(perf_counter() - began)
                sleep(max(bench.seconds / (SWAPS + 2) - took[-1], 0.0))
            found = outcome_of(under_way)
    named = ", ".join(f"{count:,} by {name}" for name, count in found["releases"].items())
    remarks.append(f"swaps: answers {named}; `sortyard promote` took {median(took):.2f} s")
    yield _line(f"{SWAPS} swaps at 100 messages/s", found)


def _started(bench: Bench, remarks: list[str]) -> None:
    report("start")
    seconds, memory = [], []
    for _ in range(STARTS):
        with sortyard(bench.workspace, environment=UNREMEMBERED) as server:
            seconds.append(server.ready_after)
            memory.append(server.resident_mb)
    remarks.append(
        f"start: ready {median(seconds):.2f} s after the command (median of {STARTS}), "
        f"with {median(memory):.0f} MB"
    )


def _line(what: str, found: Any) -> Sequence[str]:  # noqa: ANN401 -- what the load says
    statuses = ", ".join(f"{count:,} x {name}" for name, count in sorted(found["statuses"].items()))
    times = (number(found[name]) for name in ("p50", "p95", "p99", "most"))
    rates = (number(found[f"{one}_per_second"], digits=0) for one in ("requests", "messages"))
    return [what, *rates, *times, statuses]


if __name__ == "__main__":
    main()
