"""
Ten minutes at 30 messages a second, 2.6 million a day, with the store and the metrics on.

Afterwards the store is asked what it holds: every answer that was given, once.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from time import sleep

import sqlalchemy

from benchmarks.archives import data_folder
from benchmarks.results import Section, arguments, number
from benchmarks.runs import report, train, warm_up
from benchmarks.servers import ROOT, load, load_command, outcome_of, sortyard

RATE = 30
LOOKS = 60  # at the memory
POSTGRES = os.environ.get(
    "SORTYARD_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="postgresql")
    given = parser.parse_args()
    data = data_folder() / "banking77"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "train.csv", folder)
        workspace = folder / "desk"
        report("training")
        options = ["--text", "text", "--label", "category", "--test", str(data / "test.csv")]
        train(data / "train.csv", options, workspace=workspace)
        with _database(given.store, workspace) as url:
            row = _soaked(workspace, url, data / "test.csv", folder / "answered", given.seconds)
    Section(
        name=f"soak-{given.store}",
        title=f"Ten minutes at {RATE} messages a second, stored in {given.store}",
        about=f"`sortyard serve` on BANKING77's release, the load in a second process on the same "
        f"two cores, {given.seconds:.0f} s. Stored: the records of the answered ids, and how many "
        f"of them are there more than once or not at all.",
        header=(
            *("sent", "status", "p50, ms", "p99, ms", "most, ms"),
            *("MB at the start", "MB halfway", "MB at the end", "stored", "missing", "twice"),
        ),
        rows=[row],
    ).publish(write=given.write)


def _soaked(
    workspace: Path, url: str, texts: Path, answered: Path, seconds: float
) -> Sequence[str]:
    memory = []
    with sortyard(workspace, environment={"SORTYARD_STORE": url}) as server:
        load(server.url, texts, rate=RATE, seconds=5, prefix="warm-")
        options = {"rate": RATE, "seconds": seconds, "prefix": "soak-", "answered": answered}
        with Popen(  # noqa: S603 -- our own commands
            load_command(server.url, texts, **options), cwd=ROOT, stdout=PIPE
        ) as under_way:
            for _ in range(LOOKS):
                memory.append(server.resident_mb)
                sleep(seconds / LOOKS)
            found = outcome_of(under_way)
        memory.append(server.resident_mb)
    given = [line.split("\t")[0] for line in answered.read_text(encoding="utf-8").splitlines()]
    stored = stored_ids(url, "soak-")
    statuses = ", ".join(f"{count:,} x {name}" for name, count in found["statuses"].items())
    return [
        f"{found['sent']:,}",
        statuses,
        *(number(found[name]) for name in ("p50", "p99", "most")),
        *(f"{one:.0f}" for one in (memory[0], memory[len(memory) // 2], memory[-1])),
        f"{len(stored):,}",
        f"{len(set(given) - set(stored)):,}",
        f"{len(stored) - len(set(stored)):,}",
    ]


def stored_ids(url: str, prefix: str) -> list[str]:
    """List the ids of the stored records that begin so; those of a record each."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(
            sqlalchemy.text("SELECT message FROM records WHERE message LIKE :like"),
            {"like": f"{prefix}%"},
        )
        return [row[0] for row in found]


@contextmanager
def _database(store: str, workspace: Path) -> Iterator[str]:
    """Lend an empty store; that on a PostgreSQL server is dropped afterwards."""
    if store == "sqlite":
        yield f"sqlite:///{workspace / '.sortyard' / 'store.db'}"
        return
    name = f"sortyard_soak_{os.getpid()}"
    server = sqlalchemy.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    except sqlalchemy.exc.OperationalError as error:
        sys.exit(f"skipped: no PostgreSQL answers ({type(error).__name__})")
    try:
        yield sqlalchemy.make_url(POSTGRES).set(database=name).render_as_string(False)
    finally:
        with server.connect() as connection:
            connection.execute(sqlalchemy.text(f"DROP DATABASE {name} WITH (FORCE)"))


if __name__ == "__main__":
    main()
