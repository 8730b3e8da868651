"""
What may make a tuned encoder better: variants with one part more than `standard` has.

They are compared on messages that were set aside, to choose by: a fifth of BANKING77's training
rows, and CLINC150's validation file. No test is read. A call adds to the table that is there.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sklearn.model_selection import train_test_split

from benchmarks.archives import data_folder, read, thinned, write
from benchmarks.orders import SEED
from benchmarks.reading import BARE_FULL, SERVED
from benchmarks.results import Section, number, percent
from benchmarks.variants import SETS, add_lines, train_and_read
from sortyard.training.recipe import QUICK, STANDARD, TUNING, Recipe
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.masked_options import Masking

ASIDE = 0.2  # of the training rows, where no file is for validation
WITHOUT, PLAIN = "not tuned", "standard"
HEADER = ("set", "variant", "encoder for all", "log loss", "as served", "messages/s", "CPU s")
RIGHT, LOSS, SECONDS = (HEADER.index(name) for name in ("encoder for all", "log loss", "CPU s"))

Files = tuple[Path, Path]


def variants() -> Mapping[str, Recipe]:
    """Name what is tried: one part more than `standard`, or the whole tuning less."""
    drawn_together = replace(TUNING, ranking=0.5, batch=64, partners=1, rivals=1, cards=16)
    return {
        WITHOUT: replace(QUICK, folds=STANDARD.folds),
        PLAIN: STANDARD,
        "multiple negatives": replace(STANDARD, tuning=drawn_together),
        "masked words first": replace(STANDARD, pretraining=Masking()),
        "the line teaches": replace(STANDARD, tuning=replace(TUNING, distillation=0.6)),
        "mean of three tunings": replace(STANDARD, seeds=3),
        "published one beside": replace(STANDARD, ensemble=True),
        "reranker": replace(STANDARD, cross=Cross()),
    }


def main() -> None:
    add_lines(__doc__, variants(), _measured, _section)


def _measured(name: str, recipe: Recipe, rows: int | None) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        files = _parts(name, rows, Path(place))
        found, seconds, _ = train_and_read(SETS[name], files, recipe)
    full, served = found[BARE_FULL], found[SERVED]
    return [
        percent(full["accuracy"], digits=2),
        number(full["log_loss"], digits=4),
        percent(served["accuracy"], digits=2),
        number(full["messages_per_second"], digits=0),
        number(seconds),
    ]


def _parts(name: str, rows: int | None, folder: Path) -> Files:
    """Find what is learnt from, and what was set aside of it."""
    data = data_folder() / name
    if (data / "val.csv").exists():
        return thinned(data / "train.csv", rows, folder), thinned(data / "val.csv", rows, folder)
    every = read(data / "train.csv")
    labels = [row[SETS[name]] for row in every]
    kept, aside = train_test_split(every, test_size=ASIDE, stratify=labels, random_state=SEED)
    found = write(kept, folder / "kept.csv"), write(aside, folder / "aside.csv")
    return thinned(found[0], rows, folder), thinned(found[1], rows, folder)


def verdicts(lines: Sequence[Sequence[str]]) -> list[str]:
    """Say for every variant what it brings beside `standard` on the same set, and what it costs."""
    plain = {line[0]: line for line in lines if line[1] == PLAIN}
    return [
        f"{line[0]}, {line[1]}: {_points(line, plain[line[0]])}"
        for line in lines
        if line[1] != PLAIN and line[0] in plain
    ]


def _points(line: Sequence[str], plain: Sequence[str]) -> str:
    gain = float(line[RIGHT]) - float(plain[RIGHT])
    saved = float(plain[LOSS]) - float(line[LOSS])
    times = _seconds(line) / max(_seconds(plain), 1e-9)
    return f"{gain:+.2f} points, log loss {-saved:+.4f}, {times:.1f} times the training"


def _seconds(line: Sequence[str]) -> float:
    return float(line[SECONDS].replace(",", ""))


def _section(lines: Sequence[Sequence[str]]) -> Section:
    return Section(
        name="trials",
        title="What may be added to `standard`",
        about="One part more than recipe `standard` each, one seed, with all else as it is; on a "
        f"stratified {ASIDE:.0%} of BANKING77's training rows, which then taught nothing, and on "
        "CLINC150's validation file. No test was read. Accuracy in percent, with the encoder for "
        "all and as served; log loss and messages a second are those of the encoder for all, "
        "without a reranker. CPU seconds are those of the whole training, report included. Two or "
        "three messages are 0.1 points here.",
        header=HEADER,
        rows=lines,
        remarks=verdicts(lines),
    )


if __name__ == "__main__":
    main()
