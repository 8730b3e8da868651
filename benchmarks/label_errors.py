"""
Probable label errors: labels are flipped at random, and the list of suspects is held against them.

Of as many top suspects as there are flips, how many were flipped? Rows that their publishers
labelled wrongly count as false alarms here, so that no method reaches 100 %. The method was chosen
on CLINC150's validation rows and a fifth of BANKING77's training rows, by flips of another seed.

A later call adds to the table that is there, so that an archive or a draw can be measured by
itself. With `--top N` it shows the first N suspects of the untouched BANKING77 for a look by eye.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np
from numpy.typing import NDArray

from benchmarks.archives import data_folder, read, thinned
from benchmarks.orders import joined
from benchmarks.results import NOTHING, Section, arguments, earlier, number, percent
from benchmarks.runs import report
from sortyard.app.workspace import cache_folder
from sortyard.data.archive import read_archive
from sortyard.data.beliefs import Beliefs, Block, Carried
from sortyard.data.dataset import Dataset
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.label_errors import suspects
from sortyard.data.splits import folds
from sortyard.domain.ports import Silence
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.text.preparation import Preparation
from sortyard.training.court import Court
from sortyard.training.recipe import QUICK
from sortyard.training.sight import Sight, look_over
from sortyard.training.suspicions import FOLDS, suspicions_of
from sortyard.training.truth import Truth

FLIPPED = 0.05
SEEDS = (1, 2, 3)
FOLD_SEED = 20
BARS = {"banking77": ("category", 0.92), "clinc150": ("intent", 0.97)}
ALONE = "cleanlab"
NAME = "label-errors"
MEAN = "mean"
VERDICTS = Path(__file__).with_name("banking77_verdicts.csv")
NOT_YET = "not looked at"


@dataclass(frozen=True, slots=True)
class Archive:
    """A public archive, and what is seen of it."""

    dataset: Dataset
    dimension: Dimension
    sight: Sight
    groups: NDArray[np.intp]

    @property
    def labels(self) -> Sequence[tuple[str, ...]]:
        return self.dataset.labels(self.dimension.name)


@dataclass(frozen=True, slots=True)
class Draw:
    """Labels of which some were flipped, by number; `wrong` (rows,) marks these."""

    given: NDArray[np.intp]
    wrong: NDArray[np.bool_]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--top", type=int, metavar="N", help="only show the first N suspects")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--sets", nargs="+", choices=BARS, default=tuple(BARS))
    given = parser.parse_args()
    if given.top:
        _show(given.top, given.rows, write=given.write)
        return
    table: list[Sequence[str]] = []
    for name in given.sets:
        report(f"reading {name}")
        archive = _archive(name, given.rows)
        table += _lines(archive, name, given.seeds)
    Section(
        name=NAME,
        title="Probable label errors: 5 % of the labels flipped",
        about="Training rows; each flip gives a row another label, any with the same chance. "
        "Share of flipped rows among as many top suspects as there are flips, ranked by Sortyard "
        "and by cleanlab (`find_label_issues`, `prune_by_noise_rate`, by self-confidence, and then "
        "all other rows by their self-confidence) on the very same out-of-fold chances. *Expected* "
        "is how many labels Sortyard takes to be wrong, and so the length of its list; what is "
        "wrong in the archive itself is among them. CPU seconds are those of fitting and judging, "
        "without reading with the encoder. Seeds of the flips and the rows of the choice differ.",
        header=(
            *("archive", "seed", "flips", "flipped among the top, %", "cleanlab's, %"),
            *("expected", "of the flips on the list, %", "CPU seconds"),
        ),
        rows=_with_means(joined(earlier(NAME)[1:], table, key=2)),
        libraries=_cleanlab(),
    ).publish(write=given.write)


def _lines(archive: Archive, name: str, seeds: Sequence[int]) -> list[list[str]]:
    """Measure the draws of one archive."""
    table: list[list[str]] = []
    for seed in seeds:
        measured = _measure(archive, _draw(archive, seed))
        own = percent(measured.shares["Sortyard"])
        report(f"{name}, seed {seed}: {own} %, {measured.seconds:.0f} CPU s")
        table.append(
            [
                *(name, str(seed), number(measured.flips, digits=0), own),
                percent(measured.shares.get(ALONE)),
                *(number(measured.expected, digits=0), percent(measured.found)),
                number(measured.seconds, digits=0),
            ]
        )
    return table


def _with_means(table: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Add to each archive's draws what they come to."""
    found: list[Sequence[str]] = []
    for name, (_, bar) in BARS.items():
        draws = [line for line in table if line[0] == name and line[1] != MEAN]
        draws.sort(key=lambda line: int(line[1]))
        if not draws:
            continue
        mean, other = (_mean([line[column] for line in draws]) for column in (3, 4))
        reached = "reached" if mean is not None and mean >= bar else "MISSED"
        said = f"**{percent(mean)}** (at least {100 * bar:.0f}: {reached})"
        found += [*draws, [name, MEAN, "", said, percent(other), "", "", ""]]
    return found


def _mean(cells: Sequence[str]) -> float | None:
    """Average percentages that were written before; none where one of them is missing."""
    if NOTHING in cells:
        return None
    return float(np.mean([float(cell) for cell in cells])) / 100


def _archive(name: str, rows: int | None) -> Archive:
    label, _ = BARS[name]
    with TemporaryDirectory() as folder:
        path = thinned(data_folder() / name / "train.csv", rows, Path(folder))
        found = read_archive(path, text=["text"], labels=[label])
    preparation = Preparation.default()
    texts = [preparation.prepare(one.message) for one in found.dataset.examples]
    sight = look_over(
        texts,
        QUICK,
        cache=cache_folder({}),
        allow_download=False,
        rng=np.random.default_rng(FOLD_SEED),
        progress=Silence(),
    )
    return Archive(found.dataset, found.taxonomy[label], sight, near_duplicate_groups(texts))


def _draw(archive: Archive, seed: int) -> Draw:
    rng = np.random.default_rng(seed)
    paths = sorted({path for held in archive.labels for path in held})
    given = np.array([paths.index(held[0]) for held in archive.labels], dtype=np.intp)
    flips = rng.permutation(len(given))[: round(FLIPPED * len(given))]
    given[flips] = (given[flips] + rng.integers(1, len(paths), len(flips))) % len(paths)
    wrong = np.zeros(len(given), dtype=np.bool_)
    wrong[flips] = True
    return Draw(given, wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of one draw: shares by who ranked."""

    flips: int
    shares: Mapping[str, float]
    expected: int
    found: float
    seconds: float


def _measure(archive: Archive, draw: Draw) -> Measured:
    began = process_time()
    paths = sorted({path for held in archive.labels for path in held})
    labels = [(paths[number],) for number in draw.given]
    truth = Truth(Kind.SINGLE, len(paths), draw.given)
    rng = np.random.default_rng(FOLD_SEED)
    parts = folds(labels, archive.groups, count=FOLDS, rng=rng)
    court = Court.of(
        archive.sight, truth, parts, QUICK, rng=rng, seed=FOLD_SEED, advance=lambda _: None
    )
    blocks = list(court.told())
    beliefs = Beliefs.gather(Carried.of(truth.as_sets(), paths), blocks)
    found = suspects(beliefs, exclusive=True)
    seconds = process_time() - began
    flips = int(draw.wrong.sum())
    rankings = {"Sortyard": np.array([one.row for one in found.ranked], dtype=np.intp)}
    with suppress(ImportError):
        rankings[ALONE] = _by_cleanlab(blocks, draw.given)
    listed = np.array([one.row for one in found.listed], dtype=np.intp)
    return Measured(
        flips=flips,
        shares={who: draw.wrong[rows[:flips]].sum() / flips for who, rows in rankings.items()},
        expected=found.expected,
        found=draw.wrong[listed].sum() / flips,
        seconds=seconds,
    )


def _by_cleanlab(blocks: Sequence[Block], given: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rank all rows by the reference: its issues first, as it ranks them."""
    find_label_issues = import_module("cleanlab.filter").find_label_issues
    self_confidence = import_module("cleanlab.rank").get_self_confidence_for_each_label
    chances = np.zeros((len(given), blocks[0][1].shape[1]))
    for rows, told in blocks:
        chances[rows] = np.nan_to_num(told)
    chances = np.maximum(chances, 1e-9)
    chances /= chances.sum(axis=1, keepdims=True)
    issues = find_label_issues(
        given,
        chances,
        return_indices_ranked_by="self_confidence",
        filter_by="prune_by_noise_rate",
        n_jobs=1,
    )
    rest = np.setdiff1d(np.arange(len(given)), issues)
    confidence = self_confidence(given, chances)
    return np.concatenate([issues, rest[np.argsort(confidence[rest], kind="stable")]])


def _cleanlab() -> Sequence[str]:
    try:
        return [f"{ALONE} {version(ALONE)}"]
    except PackageNotFoundError:
        return [f"{ALONE} absent"]


def _show(count: int, rows: int | None, *, write: bool) -> None:
    """Show the first suspects, with what a person has said of them."""
    archive = _archive("banking77", rows)
    found = suspicions_of(
        archive.dataset,
        archive.dimension,
        archive.sight,
        archive.groups,
        QUICK,
        seed=FOLD_SEED,
        advance=lambda _: None,
    )
    said = {(row["id"], row["given"]): row["verdict"] for row in read(VERDICTS)}
    table = []
    for one in found.found[:count]:
        (given,), (likely,) = one.given, one.likely
        verdict = said.get((one.id, given), NOT_YET)
        table.append([one.id, given, likely, f"{one.chance_likely:.2f}", verdict])
        report(f"{one.id}: {given} or {likely}? {verdict}\n    {one.text}")
        if one.like_likely is not None:
            report(f"    like it, {likely}: {one.like_likely.text}")
    counts = Counter(line[-1] for line in table)
    Section(
        name="label-errors-by-eye",
        title="Probable label errors: a look at the untouched BANKING77",
        about=f"The first {len(table)} suspects of the training rows as published, of "
        f"{found.expected} that are taken to be wrong among {found.judged:,}. The verdict is "
        "one reader's, on the given label, from the text and the labels' names alone: *wrong*, "
        "*right*, *both fit* (the labels overlap), or *cannot tell* (the text fits no label, or "
        f"too little is said). Verdicts are kept in `{VERDICTS.name}`; the texts are shown by the "
        "command, not here.",
        header=("id", "given", "likely", "its chance", "verdict on the given label"),
        rows=table,
        remarks=[", ".join(f"{verdict} {rows}" for verdict, rows in counts.most_common())],
    ).publish(write=write)


if __name__ == "__main__":
    main()
