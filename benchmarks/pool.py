"""
`sortyard annotate plan` on a pool of a million short texts: time, memory, and what it chooses by.

The texts are those of `benchmarks.near_duplicates`. They are planned from once where there is no
release, and once with a release of recipe `quick` that learnt from some hundred rows, which is
unsure of nearly everything: the case in which the most has to be read.
"""

import os
import random
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from benchmarks.archives import data_folder, read, write
from benchmarks.near_duplicates import POOLS, made
from benchmarks.results import Section, arguments, number
from benchmarks.runs import SORTYARD, report, run, train, warm_up

SIZE: Final = 1_000_000
LABELS: Final = 500  # to spend
TAUGHT: Final = 600  # rows of BANKING77 that the release learns from
SEED: Final = 20
MINUTES, MEMORY_MB = 10.0, 2_048
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--busy", action="store_true", help="other work runs beside: say so")
    given = parser.parse_args()
    data, size = data_folder(), given.rows or SIZE
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        report(f"making {size:,} texts")
        pool = folder / "pool.csv"
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            other.submit(make_pool, data, size, pool).result()  # so that this process stays small
        few = folder / "few.csv"
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            other.submit(make_archive, data, few).result()
        warm_up(few, folder)
        rows = [planned("no release yet", pool, folder / "nobody", size)]
        report("training")
        somebody = folder / "somebody"
        made_of = train(few, ["--text", "text", "--label", "category"], workspace=somebody).found
        release = ("--release", made_of["release"])  # whether or not it passed its gates
        rows.append(planned(f"`quick` on {TAUGHT} rows", pool, somebody, size, *release))
        megabytes = pool.stat().st_size / 1e6
    beside = " Other work ran on the machine at the same time: CPU seconds say more." * given.busy
    Section(
        name="pool",
        title="Label spend: a pool of a million",
        about=f"`sortyard annotate plan {LABELS}` on a CSV of {size:,} short texts "
        f"({megabytes:.0f} MB), from its start to its end; every figure is of the whole command. "
        f"Numeric libraries had {_threads()}, the encoder a thread for each core.{beside}",
        header=(
            *("planned with", "seconds", "CPU seconds", "messages a second of CPU", "peak MB"),
            *("chosen by", f"within {MINUTES:.0f} min and {MEMORY_MB:,} MB"),
        ),
        rows=rows,
        remarks=(
            "Of more than 50,000 messages the student reads all, the whole release what it lists.",
            f"Load of the machine when it ended: {os.getloadavg()[0]:.1f}.",
        ),
    ).publish(write=given.write)


def make_pool(data: Path, size: int, target: Path) -> None:
    """Write so many texts as a user's file."""
    own = [row[column] for name, column in POOLS for row in read(data / name)]
    texts, _ = made(own, size, random.Random(SEED))  # noqa: S311 -- nothing secret
    write([{"id": f"m{at}", "text": text} for at, text in enumerate(texts)], target)


def make_archive(data: Path, target: Path) -> None:
    """Write the rows that the release learns from, drawn by chance."""
    rows = read(data / "banking77" / "train.csv")
    random.Random(SEED).shuffle(rows)  # noqa: S311 -- nothing secret
    write(rows[:TAUGHT], target)


def planned(name: str, pool: Path, workspace: Path, size: int, *more: str) -> list[str]:
    """Plan once, the way a user would."""
    report(name)
    target = pool.with_name("plan.csv")
    options = ("--text", "text", "--output", str(target), "--workspace", str(workspace), "--json")
    done = run([*SORTYARD, "annotate", "plan", str(LABELS), str(pool), *options, *more])
    strategies = done.found["strategies"]
    return [
        name,
        number(done.seconds),
        number(done.cpu_seconds),
        number(size / done.cpu_seconds, digits=0),
        number(done.peak_mb, digits=0),
        ", ".join(f"{count} {one}" for one, count in strategies.items()),
        "yes" if done.seconds <= 60 * MINUTES and done.peak_mb <= MEMORY_MB else "no",
    ]


def _threads() -> str:
    given = {os.environ.get(one) for one in THREADS}
    return "one thread" if given == {"1"} else "as many threads as they like"


if __name__ == "__main__":
    main()
