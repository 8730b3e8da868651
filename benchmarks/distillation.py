"""
How much of a reranker's gain an encoder keeps that learnt from a teacher, at no cost per message.

The recipe `standard` is trained as it is but without a teacher, with a cross-encoder that reranks,
and with a teacher instead. A call adds to the table that is there.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.archives import data_folder, read, thinned
from benchmarks.orders import joined, trained
from benchmarks.reading import ALWAYS, BARE_FULL, SERVED, read_with, ways_to_read
from benchmarks.results import NOTHING, Section, arguments, earlier, number, percent
from benchmarks.runs import report
from sortyard.app.loading import load
from sortyard.data.archive import read_archive
from sortyard.training.recipe import RECIPES, STANDARD, Recipe
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.options import Tuning

SETS = {"banking77": "category", "clinc150": "intent"}
PLAIN, RERANKED, TAUGHT = "no teacher", "no teacher, reranker", "with a teacher"
SHARE = 0.6  # of the loss that is measured against the teacher, where no recipe says another
WANTED = 0.7
HEADER = ("set", "encoder", "encoder for all", "as served", "reranker for all", "training, s")


def variants() -> Mapping[str, Recipe]:
    """List the three trainings; what `full` says of a teacher and a reranker counts, if it does."""
    full = RECIPES.get("full")
    tuning = (full.tuning if full else None) or STANDARD.tuning or Tuning()
    cross = (full.cross if full else None) or Cross()
    plain = replace(
        STANDARD, tuning=replace(tuning, distillation=0.0), cross=None, seeds=1, pretraining=None
    )
    taught = replace(tuning, distillation=tuning.distillation or SHARE)
    return {
        PLAIN: plain,
        RERANKED: replace(plain, cross=cross),
        TAUGHT: replace(plain, tuning=taught),
    }


def main() -> None:
    parser = arguments(__doc__)
    known = variants()
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), metavar="SET")
    parser.add_argument("--only", nargs="+", choices=known, default=list(known), metavar="ENCODER")
    given = parser.parse_args()
    lines: list[list[str]] = []
    for name in given.sets:
        for variant in given.only:
            report(f"{name}, {variant}")
            lines.append([name, variant, *_measured(name, known[variant], given.rows)])
            before = earlier("distillation")[1:] if given.rows is None else ()
            _section(joined(before, lines, key=2)).publish(write=given.write)


def _measured(name: str, recipe: Recipe, rows: int | None) -> list[str]:
    data, label = data_folder() / name, SETS[name]
    with tempfile.TemporaryDirectory() as place:
        files = [thinned(data / f"{part}.csv", rows, Path(place)) for part in ("train", "test")]
        archive, test = (read_archive(one, text=("text",), labels=(label,)) for one in files)
        asked = read(files[1])
    texts, truth = ([row[column] for row in asked] for column in ("text", label))
    with trained(archive, test, recipe) as made:
        found = {
            way: read_with(one, label, texts, truth, {})["accuracy"]
            for way, one in ways_to_read(load(made.folder))
            if way in {SERVED, BARE_FULL, ALWAYS}
        }
        seconds = made.seconds
    cells = [percent(found.get(way), digits=2) for way in (BARE_FULL, SERVED, ALWAYS)]
    return [*cells, number(seconds)]


def verdicts(lines: Sequence[Sequence[str]]) -> list[str]:
    """Say for every set with all three how much of the reranker's gain the taught encoder keeps."""
    cells = {(line[0], line[1]): line for line in lines}
    said = []
    for name in dict.fromkeys(line[0] for line in lines):
        three = [cells.get((name, variant)) for variant in (PLAIN, RERANKED, TAUGHT)]
        plain, reranked, taught = three
        if plain is None or reranked is None or taught is None:
            continue
        if reranked[4] == NOTHING:
            said.append(f"{name}: no reranker was kept, since held-out messages gained nothing")
            continue
        gain, kept = (float(one) - float(plain[2]) for one in (reranked[4], taught[2]))
        about = f"{name}: the reranker gains {gain:+.2f} points, the teacher {kept:+.2f}"
        if gain <= 0:
            said.append(f"{about}: there is no gain to keep")
        else:
            reached = "yes" if kept >= WANTED * gain else "NO"
            said.append(f"{about}, {percent(kept / gain, digits=0)} % of it; 70 %: {reached}")
    return said


def _section(lines: Sequence[Sequence[str]]) -> Section:
    return Section(
        name="distillation",
        title="What a teacher leaves in an encoder, and what a reranker adds",
        about="Recipe `standard`, one seed: its encoder without a teacher, the same with a "
        "cross-encoder that reads the best labels of every message, and its encoder with a "
        "teacher. Accuracy in percent; as served is the cascade, in which the student answers "
        "first and a reranker reads behind its margin.",
        header=HEADER,
        rows=lines,
        remarks=verdicts(lines),
    )


if __name__ == "__main__":
    main()
