"""Trainings on BANKING77 and CLINC150 that differ in one part: a line of a table for each."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.archives import read
from benchmarks.orders import joined, trained
from benchmarks.reading import read_with, ways_to_read
from benchmarks.results import Section, arguments, earlier
from benchmarks.runs import report
from sortyard.app.loading import load
from sortyard.data.archive import read_archive
from sortyard.training.recipe import Recipe

SETS = {"banking77": "category", "clinc150": "intent"}


def add_lines(
    about: str | None,
    known: Mapping[str, Recipe],
    measured: Callable[[str, Recipe, int | None], Sequence[str]],
    section: Callable[[Sequence[Sequence[str]]], Section],
) -> None:
    """Measure the variants that the command names, and publish the table after each."""
    parser = arguments(about)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), metavar="SET")
    parser.add_argument("--only", nargs="+", choices=known, default=list(known), metavar="VARIANT")
    given = parser.parse_args()
    place = section(()).name
    lines: list[list[str]] = []
    for name in given.sets:
        for variant in given.only:
            report(f"{name}, {variant}")
            lines.append([name, variant, *measured(name, known[variant], given.rows)])
            before = earlier(place)[1:] if given.rows is None else ()
            section(joined(before, lines, key=2)).publish(write=given.write)


def train_and_read(
    label: str, files: Sequence[Path], recipe: Recipe
) -> tuple[Mapping[str, Mapping[str, Any]], float, Sequence[str]]:
    """
    Train on the first file, and read the second in every way that the release has.

    Gives what `read_with` says of each way, the training's CPU seconds, and the report's notes.
    """
    archive, test = (read_archive(one, text=("text",), labels=(label,)) for one in files)
    asked = read(files[1])
    texts, truth = ([row[column] for row in asked] for column in ("text", label))
    began = process_time()
    with trained(archive, test, recipe) as made:
        seconds = process_time() - began
        found = {
            way: read_with(one, label, texts, truth, {})
            for way, one in ways_to_read(load(made.folder))
        }
    return found, seconds, made.report.notes
