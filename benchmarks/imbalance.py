"""
Rare labels: how the worst of them is recognised, with and without each remedy.

On CLINC150's own imbalanced version (25 to 100 rows a label), and on a draw of BANKING77 in which
the most frequent label has 30 times the rows of the rarest. The tests are the usual ones, in which
all labels are as frequent. A call adds to the table that is there.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.archives import data_folder, read, thinned, write
from benchmarks.orders import SEED, joined, trained
from benchmarks.results import Section, arguments, earlier, number, percent
from benchmarks.runs import report
from sortyard.data.archive import read_archive
from sortyard.evaluation.measures import LabelMeasures, Measures
from sortyard.training.recipe import QUICK, STANDARD, Recipe
from sortyard.training.tuning.options import Tuning

SETS = {"clinc150": "intent", "banking77": "category"}
RATIO, MOST = 30.0, 120  # of the rows of labels
RAREST = 0.2  # the share of labels that are called rare
EVEN = 1.0  # times that the most frequent label may come as often as the rarest
HEADER = (
    *("set", "recipe", "remedy", "rows a label", "accuracy", "macro F1", "worst F1", "rare F1"),
    "ECE",
)


def remedies() -> Mapping[str, Mapping[str, Recipe]]:
    """List the recipes with each remedy, under the name of the recipe and that of the remedy."""
    tuning = STANDARD.tuning or Tuning()
    return {
        "quick": {"none": QUICK, "class weights": replace(QUICK, class_weights=True)},
        "standard": {
            "none": STANDARD,
            "class weights": replace(
                STANDARD, class_weights=True, tuning=replace(tuning, class_weights=True)
            ),
            "focal loss": replace(STANDARD, tuning=replace(tuning, focus=2.0)),
            "over-sampling": replace(
                STANDARD, tuning=replace(tuning, sampling="over", imbalance=EVEN)
            ),
            "under-sampling": replace(
                STANDARD, tuning=replace(tuning, sampling="under", imbalance=EVEN)
            ),
        },
    }


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), metavar="SET")
    parser.add_argument("--remedies", nargs="+", metavar="NAME", help="else all of the recipe")
    known = remedies()
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help=f"of {', '.join(known)}")
    given = parser.parse_args()
    if unknown := [name for name in given.recipes if name not in known]:
        parser.error(f"no such recipe: {', '.join(unknown)}")
    lines: list[list[str]] = []
    for name in given.sets:
        for recipe in given.recipes or ["quick"]:
            for remedy, one in known[recipe].items():
                if given.remedies and remedy not in given.remedies:
                    continue
                report(f"{name}, {recipe}, {remedy}")
                lines.append([name, recipe, remedy, *_measured(name, one, given.rows)])
                before = earlier("imbalance")[1:] if given.rows is None else ()
                _section(joined(before, lines, key=3)).publish(write=given.write)


def _measured(name: str, recipe: Recipe, rows: int | None) -> list[str]:
    data, column = data_folder() / name, SETS[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        archive = _unbalanced(name, data, rows, folder)
        counts = Counter(row[column] for row in read(archive))
        test = thinned(data / "test.csv", rows, folder)
        own, asked = (
            read_archive(file, text=("text",), labels=(column,)) for file in (archive, test)
        )
        with trained(own, asked, recipe) as made:
            (found,) = made.report.dimensions
    few, many = min(counts.values()), max(counts.values())
    return [f"{few} to {many}", *_figures(found.measures, counts)]


def _unbalanced(name: str, data: Path, rows: int | None, folder: Path) -> Path:
    if name == "clinc150":
        return thinned(data / "train_imbalanced.csv", rows, folder)
    every = read(data / "train.csv")
    kept = unbalanced([row[SETS[name]] for row in every], np.random.default_rng(SEED))
    drawn = write([every[place] for place in kept], folder / "drawn.csv")
    few = folder / "few"
    few.mkdir()
    return thinned(drawn, rows, few)


def unbalanced(labels: Sequence[str], rng: np.random.Generator) -> list[int]:
    """
    Draw rows whose labels' frequencies fall geometrically, from MOST rows to a RATIO-th of it.

    Which label is how frequent is drawn too; one that has fewer rows than that keeps all of them.
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        places[label].append(place)
    order = rng.permutation(sorted(places))
    steps = np.linspace(0.0, 1.0, len(order))
    kept: list[int] = []
    for label, step in zip(order, steps, strict=True):
        own = places[str(label)]
        count = min(len(own), max(1, round(MOST * RATIO**-step)))
        kept += rng.choice(own, count, replace=False).tolist()
    return sorted(kept)


def _figures(measures: Measures, counts: Mapping[str, int]) -> list[str]:
    metrics = measures.metrics
    known = [one for one in measures.labels if one.rows]
    return [
        percent(metrics["accuracy"], digits=2),
        percent(metrics["macro_f1"], digits=2),
        percent(min(one.f1 for one in known), digits=2),
        percent(of_the_rarest(known, counts), digits=2),
        number(metrics["ece"], digits=3),
    ]


def of_the_rarest(labels: Sequence[LabelMeasures], counts: Mapping[str, int]) -> float:
    """Give the mean F1 of the labels with the fewest training rows, a fifth of all."""
    rising = sorted(labels, key=lambda one: (counts.get(one.label, 0), one.label))
    rare = rising[: max(1, round(RAREST * len(rising)))]
    return sum(one.f1 for one in rare) / len(rare)


def _section(lines: Sequence[Sequence[str]]) -> Section:
    return Section(
        name="imbalance",
        title="Rare labels, and what helps",
        about="Trained on rows whose labels are not alike frequent, tested on the usual test, in "
        "which they are. Class weights count every label alike, in the heads and in the tuning; "
        "focal loss has a focus of 2; over-sampling repeats the rows of rare labels in the tuning, "
        "and under-sampling leaves out rows of frequent ones, until all come equally often. With "
        "`none` what always helps is at work: the cards of labels with at most 16 rows teach, and "
        "thresholds are learnt for every label. Worst F1 is that of the label with the lowest, "
        "rare F1 the mean of the fifth of labels with the fewest rows. Shares in percent.",
        header=HEADER,
        rows=lines,
    )


if __name__ == "__main__":
    main()
