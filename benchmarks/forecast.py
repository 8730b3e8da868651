"""
Forecasts of what a training reaches, held against what trainings reached.

Of every set a tenth, a quarter, half and all of the training rows are probed as `sortyard audit`
does, and what all rows would reach is forecast. What they did reach is read from the sections on
quality in RESULTS.md. A forecast is judged by what other archives taught, never by its own.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.archives import data_folder
from benchmarks.quality import CASES, Case
from benchmarks.results import Section, arguments, earlier, number, percent
from benchmarks.runs import report
from sortyard.data.archive import read_archive
from sortyard.data.duplicates import near_duplicate_groups
from sortyard.data.splits import unite
from sortyard.domain.taxonomy import Kind
from sortyard.training.forecast import record
from sortyard.training.forecast.forecasting import expected_error, relative_error
from sortyard.training.forecast.probe import probe
from sortyard.training.forecast.record import Lift, Track, Trial, stored_trials, written

PARTS: Final = (0.1, 0.25, 0.5, 1.0)
SECTIONS: Final = (
    "quality-banking77-clinc150",
    "quality-cfpb-it_tickets-nlupp-banking-nlupp-hotels",
    "quality-goemotions",
    "quality-chat-department-chat-intents",
)
SEED: Final = 7


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--stored", action="store_true", help="judge the stored trials again")
    given = parser.parse_args()
    trials = list(stored_trials()) if given.stored else _probed(given.rows)
    if not trials:
        sys.exit("RESULTS.md has no section on quality: run `python -m benchmarks.quality` first")
    if given.write:
        Path(record.__file__).with_name(record.NAME).write_text(written(trials), encoding="utf-8")
    Section(
        name="forecast",
        title="Forecasts of the audit",
        about="What `sortyard audit` says that recipe `quick` will reach, from a part of the "
        "training rows, beside what all of them reached on the test (micro F1, in percent; where "
        "one label holds, accuracy). Each archive is forecast by what the others of its kind "
        "taught. Right is a forecast whose interval holds what was reached; by its making, four "
        "in five should be.",
        header=("set", "kind", "part, %", "probe", "forecast", "interval", "reached", "right"),
        rows=[_line(one, trials) for one in trials],
        remarks=[_remark(kind, [one for one in trials if one.kind == kind]) for kind in Kind],
    ).publish(write=given.write)


def _remark(kind: Kind, trials: Sequence[Trial]) -> str:
    if not trials:
        return f"{kind}: none was tried"
    track = Track.of(trials)
    return (
        f"{kind}: {track.right} of {track.trials} right, on {track.sets} sets of "
        f"{track.archives} archives; the typical miss is {percent(track.typical_miss)} points"
    )


def _probed(rows: int | None) -> list[Trial]:
    data = data_folder()
    return [
        trial
        for name in dict.fromkeys(line[0] for section in SECTIONS for line in _lines(section))
        for trial in _trials(name, CASES[name], data, rows)
    ]


def _lines(section: str) -> Sequence[Sequence[str]]:
    """Give the lines of the recipe `quick`: set, dimension and micro F1."""
    header, *lines = earlier(section) or [()]
    at = {name: place for place, name in enumerate(header)}
    return [
        (line[at["set"]], line[at["dimension"]], line[at["micro F1"]])
        for line in lines
        if line[at["recipe"]] == "quick"
    ]


def _trials(name: str, case: Case, data: Path, rows: int | None) -> Iterator[Trial]:
    report(name)
    archive = read_archive(data / case.archive, text=case.text, labels=case.label, group=case.group)
    dataset = archive.dataset
    reached = {
        dimension: 1.0 - float(figure) / 100.0
        for section in SECTIONS
        for of, dimension, figure in _lines(section)
        if of == name
    }
    for dimension, error in reached.items():
        asked = dataset.select(dataset.answered(dimension))
        trained = len(asked) if case.test else int(0.8 * len(asked))
        rng = np.random.default_rng(SEED)
        for part in PARTS:
            count = min(int(part * trained), rows or trained)
            some = asked.select(np.sort(rng.permutation(len(asked))[:count]))
            groups = near_duplicate_groups(some.texts)
            if some.groups is not None:
                groups = unite(groups, some.groups)
            found = probe(
                some.texts,
                some.labels(dimension),
                archive.taxonomy[dimension].kind,
                groups,
                rng=rng,
                advance=lambda _: None,
            )
            if found is not None:
                yield Trial(
                    set=f"{name}: {dimension}" if len(reached) > 1 else name,
                    archive=case.archive.partition("/")[0],
                    kind=archive.taxonomy[dimension].kind.value,
                    part=part,
                    expected=expected_error(found, trained),
                    relative=relative_error(found),
                    reached=error,
                )


def _line(one: Trial, trials: Sequence[Trial]) -> list[str]:
    alike = [other for other in trials if other.kind == one.kind]
    others = [other for other in alike if other.archive != one.archive]
    lift = Lift.of(others)
    likely, low, high = lift.errors(one.expected, one.relative)
    return [
        one.set,
        one.kind,
        number(100 * one.part, digits=0),
        percent(1.0 - one.expected),
        percent(1.0 - likely),
        f"{percent(1.0 - high)} to {percent(1.0 - low)}",
        percent(1.0 - one.reached),
        "yes" if lift.holds(one) else "no",
    ]


if __name__ == "__main__":
    main()
