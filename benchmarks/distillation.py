"""
How much of a cross-encoder's gain an encoder keeps that it taught, at no cost per message.

The line on the encoder as published is trained alone and with a cross-encoder that reranks; then
the encoder is tuned without a teacher, with the line as its teacher, and with the line reranked. A
call adds to the table that is there.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.archives import data_folder, thinned
from benchmarks.reading import ALWAYS, BARE_FULL, SERVED, STUDENT
from benchmarks.results import NOTHING, Section, number, percent
from benchmarks.runs import report
from benchmarks.variants import SETS, add_lines, train_and_read
from sortyard.training.recipe import QUICK, RECIPES, STANDARD, Recipe
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.options import Tuning

FROZEN, RERANKED, ALONE, BY_LINE, BY_RERANKER = (
    *("frozen", "frozen, reranker", "tuned, no teacher"),
    *("tuned, the line teaches", "tuned, the reranker teaches"),
)
SHARE = 0.6  # of the loss that is measured against the teacher, where no recipe says another
WANTED = 0.7
WAYS = (BARE_FULL, SERVED, STUDENT, ALWAYS)
HEADER = ("set", "encoder", *WAYS, "training, CPU s")
FULL, DEAREST, SMALLEST = (HEADER.index(way) for way in (BARE_FULL, ALWAYS, STUDENT))


def variants() -> Mapping[str, Recipe]:
    """List the five trainings; what `full` says of a teacher and a reranker counts, if it does."""
    full = RECIPES.get("full")
    tuning = (full.tuning if full else None) or STANDARD.tuning or Tuning()
    cross = (full.cross if full else None) or Cross()
    frozen = replace(QUICK, folds=STANDARD.folds)
    alone = replace(frozen, tuning=replace(tuning, distillation=0.0))
    heard = replace(tuning, distillation=tuning.distillation or SHARE)
    return {
        FROZEN: frozen,
        RERANKED: replace(frozen, cross=cross),
        ALONE: alone,
        BY_LINE: replace(alone, tuning=heard),
        BY_RERANKER: replace(alone, tuning=heard, taught_by=cross),
    }


def main() -> None:
    add_lines(__doc__, variants(), _measured, _section)


def _measured(name: str, recipe: Recipe, rows: int | None) -> list[str]:
    data = data_folder() / name
    with tempfile.TemporaryDirectory() as place:
        files = [thinned(data / f"{part}.csv", rows, Path(place)) for part in ("train", "test")]
        found, seconds, notes = train_and_read(SETS[name], files, recipe)
    _tell(notes)
    rights = [found[way]["accuracy"] if way in found else None for way in WAYS]
    return [*(percent(right, digits=2) for right in rights), number(seconds)]


def _tell(notes: Sequence[str]) -> None:
    """Show what held-out rows said of rerankers and teachers."""
    for note in notes:
        if "rerank" in note:
            report(note)


def verdicts(lines: Sequence[Sequence[str]]) -> list[str]:
    """Say for every set how much of the reranker's gain each tuned encoder keeps."""
    cells = {(line[0], line[1]): line for line in lines}
    said: list[str] = []
    for name in dict.fromkeys(line[0] for line in lines):
        frozen, reranked = cells.get((name, FROZEN)), cells.get((name, RERANKED))
        if frozen is None or reranked is None:
            continue
        if reranked[DEAREST] == NOTHING:
            said.append(f"{name}: no reranker was kept, since held-out messages gained nothing")
            continue
        gain = float(reranked[DEAREST]) - float(frozen[FULL])
        said.append(f"{name}: the reranker for all gains {gain:+.2f} points, encoder for all")
        for variant in (ALONE, BY_LINE, BY_RERANKER):
            line = cells.get((name, variant))
            if line is not None:
                said.append(f"{name}, {variant}: {_kept(frozen, line, gain, variant)}")
    return said


def _kept(frozen: Sequence[str], line: Sequence[str], gain: float, variant: str) -> str:
    """Say what an encoder and its student gained themselves, as a share of a reranker's gain."""
    encoder, student = (float(line[way]) - float(frozen[way]) for way in (FULL, SMALLEST))
    said = f"{encoder:+.2f} points, its student alone {student:+.2f}"
    if gain <= 0:
        return f"{said}; there is no gain to keep"
    said += f": {encoder / gain:.0%} and {student / gain:.0%} of the reranker's gain"
    if variant != BY_RERANKER:
        return said
    return f"{said}; 70 %: {'yes' if encoder >= WANTED * gain else 'NO'}"


def _section(lines: Sequence[Sequence[str]]) -> Section:
    return Section(
        name="distillation",
        title="What a reranker's teaching leaves in an encoder",
        about="Recipe `quick` with two folds: the line on the encoder as published, and with a "
        "cross-encoder behind it. Then recipe `standard`, one seed: its encoder tuned without a "
        f"teacher, with the line as teacher (a share of {SHARE:.0%} of the loss), and with a "
        "cross-encoder that reads again what the line says; none of these three reranks when it "
        "serves. Teachers never saw the row that they tell of. Accuracy in percent; as served is "
        "the cascade, in which the student answers first and a reranker reads behind its margin. "
        "CPU seconds are those of the whole training, report included.",
        header=HEADER,
        rows=lines,
        remarks=verdicts(lines),
    )


if __name__ == "__main__":
    main()
