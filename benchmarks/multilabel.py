"""
Messages with several labels: NLU++ by its 20 folds, and GoEmotions.

Beside Sortyard stand TF-IDF + linear SVM, one against the rest for every label, and Sortyard's own
probabilities cut at 0.5 instead of where held-out messages say. NLU++ is learnt from one fold and
tested on the 19 others, as its publishers do where rows are few, and the other way round; figures
are means over the folds.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from benchmarks.archives import data_folder, thinned
from benchmarks.orders import SEED, defined, joined, trained
from benchmarks.results import NOTHING, Section, arguments, earlier, percent
from benchmarks.runs import report
from sortyard.app.loading import load
from sortyard.data.archive import Archive, read_archive
from sortyard.evaluation.examine import examine
from sortyard.evaluation.measuring import measure
from sortyard.models.classifier import Classifier
from sortyard.training.recipe import QUICK, RECIPES, Recipe

FOLDS = 20
DOMAINS = ("banking", "hotels")
FEW, MANY = "1 fold of 20", "19 folds of 20"
HEADER = (
    *("set", "recipe", "learnt from", "definitions", "F1 micro / macro", "cut at 0.5", "SVM"),
    "above both",
)


@dataclass(frozen=True, slots=True)
class Scores:
    """Micro and macro F1 of what is served, with cuts at 0.5, and of the simplest thing."""

    served: tuple[float, float]
    fixed: tuple[float, float]
    simple: tuple[float, float]

    @property
    def above(self) -> bool:
        """Whether both figures are above both of the others."""
        others = (self.fixed, self.simple)
        return all(
            one > two for other in others for one, two in zip(self.served, other, strict=True)
        )

    def cells(self) -> list[str]:
        each = (self.served, self.fixed, self.simple)
        pairs = [" / ".join(percent(one, digits=2) for one in pair) for pair in each]
        return [*pairs, "yes" if self.above else "NO"]


def main() -> None:
    parser = arguments(__doc__)
    names = ["nlupp-few", "nlupp-many", "goemotions"]
    parser.add_argument("names", nargs="*", metavar="SET", help=f"of {', '.join(names)}; else all")
    parser.add_argument("--folds", type=int, default=FOLDS, metavar="N", help="only the first N")
    parser.add_argument("--recipe", choices=RECIPES, default=QUICK.name)
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in names]:
        parser.error(f"no such set: {', '.join(unknown)}")
    recipe, folds = RECIPES[given.recipe], 1 if given.rows else given.folds
    lines: list[list[str]] = []
    for name in given.names or names:
        found = (
            _goemotions(recipe, given.rows)
            if name == "goemotions"
            else _nlupp(recipe, few=name == "nlupp-few", folds=folds, rows=given.rows)
        )
        for line in found:
            lines.append(line)
            before = earlier("multilabel")[1:] if given.rows is None else ()
            _section(joined(before, lines, key=4), folds).publish(write=given.write)


def _nlupp(recipe: Recipe, *, few: bool, folds: int, rows: int | None) -> Iterator[list[str]]:
    place = data_folder() / "nlupp"
    ontology = json.loads((place / "ontology.json").read_text(encoding="utf-8"))
    definitions = {name: one["description"] for name, one in ontology["intents"].items()}
    for domain in DOMAINS:
        lines = (place / f"{domain}.jsonl").read_text(encoding="utf-8").splitlines()
        lines = lines[:: max(1, len(lines) // rows)] if rows else lines
        for said, words in (("no", {}), ("yes", definitions)):
            found = []
            for fold in range(folds):
                report(f"nlupp {domain}, {'1' if few else '19'} of 20, {said}, fold {fold}")
                train, test = parts(lines, fold, few=few)
                found.append(_fold(lines, train, test, words, recipe))
            mean = mean_of(found)
            learnt = FEW if few else MANY
            yield [f"nlupp-{domain}", recipe.name, learnt, said, *mean.cells()]


def parts(lines: Sequence[str], fold: int, *, few: bool) -> tuple[list[str], list[str]]:
    """Split the rows of NLU++ into those that teach and those that test."""
    inside = [line for line in lines if json.loads(line)["fold"] == fold]
    outside = [line for line in lines if json.loads(line)["fold"] != fold]
    return (inside, outside) if few else (outside, inside)


def _fold(
    lines: Sequence[str],
    train: Sequence[str],
    test: Sequence[str],
    definitions: Mapping[str, str],
    recipe: Recipe,
) -> Scores:
    with tempfile.TemporaryDirectory() as place:
        whole, *own = (
            _file(Path(place) / f"{name}.jsonl", some)
            for name, some in (("all", lines), ("train", train), ("test", test))
        )
        every = read_archive(whole, text=("text",), labels=("intents",))
        known = defined(every, dict(definitions))
        archive, asked = (
            read_archive(file, text=("text",), labels=("intents",), taxonomy=known.taxonomy)
            for file in own
        )
    return _scores(archive, asked, recipe)


def _file(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _goemotions(recipe: Recipe, rows: int | None) -> Iterator[list[str]]:
    report("goemotions")
    place = data_folder() / "goemotions"
    with tempfile.TemporaryDirectory() as folder:
        train, test = (
            thinned(place / f"{part}.csv.gz", rows, Path(folder)) for part in ("train", "test")
        )
        archive = read_archive(train, text=("text",), labels=("emotions",))
        asked = read_archive(test, text=("text",), labels=("emotions",), taxonomy=archive.taxonomy)
    scores = _scores(archive, asked, recipe)
    yield ["goemotions", recipe.name, f"{len(archive.dataset):,} rows", "no", *scores.cells()]


def _scores(archive: Archive, test: Archive, recipe: Recipe) -> Scores:
    with trained(archive, test, recipe) as made:
        (one,) = made.report.dimensions
        fixed = cut_in_the_middle(load(made.folder))
        outcomes = examine(fixed, test.dataset).outcomes[one.name]
        plain = measure(outcomes, rng=np.random.default_rng(SEED), replicates=2).metrics
        metrics = one.measures.metrics
    if one.baseline is None:
        raise ValueError("a release that learnt from rows has something simple beside it")
    simple = one.baseline.comparison
    return Scores(
        served=(metrics["micro_f1"], metrics["macro_f1"]),
        fixed=(plain["micro_f1"], plain["macro_f1"]),
        simple=(simple.micro_f1.one, simple.macro_f1.one),
    )


def cut_in_the_middle(classifier: Classifier) -> Classifier:
    """Answer every label from a probability of 0.5 on; nothing else changes."""
    models = [replace(model, cuts=np.full_like(model.cuts, 0.5)) for model in classifier.models]
    return replace(classifier, models=tuple(models))


def mean_of(found: Sequence[Scores]) -> Scores:
    """Give the mean of every figure over folds."""

    def mean(name: str) -> tuple[float, float]:
        pairs = [getattr(one, name) for one in found]
        return fmean(pair[0] for pair in pairs), fmean(pair[1] for pair in pairs)

    return Scores(mean("served"), mean("fixed"), mean("simple"))


def _section(lines: Sequence[Sequence[str]], folds: int) -> Section:
    return Section(
        name="multilabel",
        title="Several labels a message",
        about=f"Means over {folds} folds of NLU++; GoEmotions as published. `definitions` says "
        "whether the cards of labels have those of the ontology, or names alone. `Cut at 0.5` are "
        "Sortyard's own probabilities, with every label answered from 0.5 on. The SVM is TF-IDF + "
        "linear SVM, one against the rest. Above both: both F1 are above those of the two others.",
        header=HEADER,
        rows=[[*line] for line in lines] or [[NOTHING] * len(HEADER)],
    )


if __name__ == "__main__":
    main()
