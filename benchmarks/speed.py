"""
Speed, memory and size on BANKING77: batches at every depth, single messages, opening, `--help`.

Every figure is the median of several runs; each depth is measured in processes of its own, so
that no memory is another's.
"""

import json
import resource
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from benchmarks.archives import data_folder, read, thinned
from benchmarks.results import Section, arguments, number, percent
from benchmarks.runs import SORTYARD, report, run, train, warm_up

PROCESSES = 3
BATCHES = 3  # in every process
SINGLES = 1_000
DEPTHS = (("quick", "cascade"), ("quick", "full"), ("quick", "static"), ("edge", "static"))
STAGES = {"cascade": "cascade, as served", "full": "encoder for every message"}
MEGABYTE = 1e6
STATM = Path("/proc/self/statm")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--measure", nargs=3, metavar=("RELEASE", "DEPTH", "FILE"))
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(_measured(*given.measure)))
        return
    data = data_folder() / "banking77"
    table = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        warm_up(data / "train.csv", folder)
        archive, test = (
            thinned(data / f"{part}.csv", given.rows, folder) for part in ("train", "test")
        )
        made = {recipe: _train(recipe, archive, test, folder) for recipe in ("quick", "edge")}
        for recipe, depth in DEPTHS:
            report(f"{recipe}, {depth}")
            release = Path(made[recipe]["folder"])
            command = [sys.executable, "-m", "benchmarks.speed", "--measure"]
            runs = [run([*command, str(release), depth, str(test)]).found for _ in range(PROCESSES)]
            table.append(_line(recipe, depth, _medians(runs), _size(release)))
    Section(
        name="speed",
        title="Speed, memory and size: BANKING77",
        about=f"{len(read(data / 'test.csv')) if given.rows is None else given.rows:,} test "
        f"messages in a batch; {SINGLES:,} of them one by one. Medians of {PROCESSES} processes, "
        f"with {BATCHES} batches each. Memory is resident memory of the serving process.",
        header=(
            *("recipe", "depth", "messages/s in a batch", "one message p50, ms", "p95, ms"),
            *("opening, s", "MB after opening", "MB after the batch", "most MB", "bundle, MB"),
        ),
        rows=table,
        remarks=_remarks(made),
    ).publish(write=given.write)


def _train(recipe: str, archive: Path, test: Path, folder: Path) -> Mapping[str, Any]:
    report(f"training {recipe}")
    options = ["--text", "text", "--label", "category", "--test", str(test), "--recipe", recipe]
    found: Mapping[str, Any] = train(archive, options, workspace=folder / recipe).found
    return found


def _measured(release: str, depth: str, file: str) -> Mapping[str, float]:
    """Open a release in this very process, and time it."""
    began = perf_counter()
    import sortyard  # noqa: PLC0415 -- opening starts with the import
    from sortyard.models.cascade import Depth  # noqa: PLC0415

    classifier = sortyard.load(release).at_depth(Depth(depth))
    opening = perf_counter() - began
    opened_mb = _resident_mb()
    texts = [row["text"] for row in read(Path(file))]
    classifier.classify_batch(texts[:8])
    batches = []
    for _ in range(BATCHES):
        began = perf_counter()
        classifier.classify_batch(texts)
        batches.append(perf_counter() - began)
    worked_mb = _resident_mb()
    singles = []
    for place in range(SINGLES):
        began = perf_counter()
        classifier.classify(texts[place * len(texts) // SINGLES])
        singles.append(perf_counter() - began)
    cuts = quantiles(singles, n=20, method="inclusive")
    return {
        "rate": len(texts) / median(batches),
        "p50": 1e3 * median(singles),
        "p95": 1e3 * cuts[-1],
        "opening": opening,
        "opened_mb": opened_mb,
        "worked_mb": worked_mb,
        "most_mb": _most_mb(),
    }


def _resident_mb() -> float:
    """Read what this process holds now; where the system does not say, the most it ever held."""
    if not STATM.exists():
        return _most_mb()
    pages = int(STATM.read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MEGABYTE


def _most_mb() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used * (1 if sys.platform == "darwin" else 1_024) / MEGABYTE


def _medians(runs: Sequence[Mapping[str, float]]) -> Mapping[str, float]:
    return {name: median(one[name] for one in runs) for name in runs[0]}


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def _line(recipe: str, depth: str, found: Mapping[str, float], size: float) -> list[str]:
    return [
        recipe,
        depth,
        number(found["rate"], digits=0),
        number(found["p50"], digits=2),
        number(found["p95"], digits=2),
        number(found["opening"], digits=2),
        *(number(found[name], digits=0) for name in ("opened_mb", "worked_mb", "most_mb")),
        number(size),
    ]


def _remarks(made: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    (one,) = made["quick"]["dimensions"].values()
    stages = {stage["stage"]: stage["accuracy"] for stage in one["stages"]}
    cascade, full = stages[STAGES["cascade"]], stages[STAGES["full"]]
    (edge,) = made["edge"]["dimensions"].values()
    helped = median(run([*SORTYARD, "--help"]).seconds for _ in range(5))
    return [
        (
            f"accuracy of `quick`: cascade {percent(cascade, digits=2)} %, full line "
            f"{percent(full, digits=2)} %: {100 * (cascade - full):+.2f} points; of `edge`: "
            f"{percent(edge['metrics']['accuracy'], digits=2)} %"
        ),
        f"`sortyard --help`: {helped:.2f} s",
        (
            "one MB is 1,000,000 bytes; a bundle includes its report, and the weights of the "
            "encoder where it has one"
        ),
    ]


if __name__ == "__main__":
    main()
