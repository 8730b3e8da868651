"""
Features beyond the words, side by side: without, derived, metadata, and all of them.

On complaints to the CFPB and on IT tickets, with the recipe `quick` and several splits of the
project's own. Whether a dimension uses its features is left to held-out rows, as in a training.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.archives import data_folder, thinned
from benchmarks.results import NOTHING, Section, arguments, number, percent
from benchmarks.runs import report
from sortyard.app.workspace import cache_folder
from sortyard.data.archive import Archive, read_archive
from sortyard.data.dataset import Dataset
from sortyard.domain.features import NOTHING_DECLARED, ColumnKind, Declaration, Measure
from sortyard.domain.ports import Silence
from sortyard.evaluation.examine import examine
from sortyard.evaluation.measuring import measure
from sortyard.evaluation.outcomes import SingleOutcomes
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import Encoder, TokenTerms, Vectors
from sortyard.text.preparation import Preparation
from sortyard.training.fit import fit_classifier
from sortyard.training.recipe import QUICK
from sortyard.training.sets import Sets, make_sets
from sortyard.training.workshop import Workshop, open_workshop

SEEDS = (1, 2, 3)
FEW = 2  # replicates of a bootstrap whose intervals nobody reads
LEAST_CHANCE = 1e-12
FIGURES = ("accuracy", "macro_f1", "log_loss", "auto_coverage", "auto_precision")
ALL, LACKING = "all", "all, and the test lacks its metadata"
PREPARATION = Preparation.default()
REMARKS = (
    (
        "`Company response to consumer`, which `cfpb` has too, is known only once somebody has "
        "answered, and is left out."
    ),
    (
        "`it_tickets` does not say when its columns were filled in. `ticket_type` goes with the "
        "form that a text was stored in and leaks; `impact` and the sub-categories are decided "
        "with the category: all are left out. `business_service` is shown for the case that a form "
        "asks the sender for it; where an agent fills it in, its row is no evidence."
    ),
    (
        "The texts of `it_tickets` were stored without capitals and marks, so that of the derived "
        "features only length and keywords say something."
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """An archive, what is asked of it, and the features that are declared under each name."""

    archive: str
    text: tuple[str, ...]
    label: tuple[str, ...]
    declared: Mapping[str, Declaration]


def _variants(
    keywords: Mapping[str, tuple[str, ...]], **metadata: Mapping[str, ColumnKind]
) -> Mapping[str, Declaration]:
    derived = Declaration(measures=tuple(Measure), keywords=keywords)
    *_, every = metadata.values()
    return {
        "none": NOTHING_DECLARED,
        "derived": derived,
        **{
            name.replace("_", " "): Declaration(metadata=columns)
            for name, columns in metadata.items()
        },
        ALL: replace(derived, metadata=every),
    }


PLAIN = {
    "State": ColumnKind.CATEGORY,
    "Tags": ColumnKind.LIST,
    "Submitted via": ColumnKind.CATEGORY,
    "Date received": ColumnKind.TIME,
}
CASES: Mapping[str, Case] = {
    "cfpb": Case(
        archive="cfpb/complaints.csv",
        text=("Consumer complaint narrative",),
        label=("Product", "Issue"),
        declared=_variants(
            {
                "card": ("credit card", "debit card", "card"),
                "home": ("mortgage", "escrow", "foreclosure", "home loan"),
                "student": ("student loan", "student loans", "navient", "tuition"),
                "report": ("credit report", "credit reports", "inquiry", "inquiries", "bureau"),
                "debt": ("collection agency", "debt collector", "collections", "validation"),
            },
            metadata_without_company=PLAIN,
            metadata={**PLAIN, "Company": ColumnKind.CATEGORY},
        ),
    ),
    "it_tickets": Case(
        archive="it_tickets/tickets.csv",
        text=("title", "body"),
        label=("category", "urgency"),
        declared=_variants(
            {
                "access": ("access", "password", "login", "account", "permission"),
                "devices": ("laptop", "monitor", "phone", "printer", "headset", "mouse"),
                "people": ("starter", "leaver", "joiner", "recruitment", "candidate"),
                "haste": ("urgent", "asap", "immediately", "blocked"),
            },
            business_service={"business_service": ColumnKind.CATEGORY},
        ),
    ),
}


@dataclass(slots=True)
class Remembering:
    """An encoder that reads no text twice: every variant sees the same texts."""

    encoder: Encoder
    known: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def width(self) -> int:
        return self.encoder.width

    @property
    def blocks(self) -> int:
        return self.encoder.blocks

    def encode(self, texts: Sequence[str], *, progress: object = None) -> Vectors:  # noqa: ARG002
        fresh = [text for text in dict.fromkeys(texts) if text not in self.known]
        if fresh:
            self.known.update(zip(fresh, self.encoder.encode(fresh), strict=True))
        return np.stack([self.known[text] for text in texts])

    def token_terms(self, text: str) -> TokenTerms:
        return self.encoder.token_terms(text)


@dataclass(slots=True)
class OneStudent:
    """A workshop whose student is made once for every split."""

    workshop: Workshop
    encoder: Remembering
    made: Encoder | None = None

    def student(self, texts: Sequence[str], encoded: Vectors, *, progress: Silence) -> Encoder:
        self.made = self.made or self.workshop.student(texts, encoded, progress=progress)
        return self.made


@dataclass(frozen=True, slots=True)
class Measured:
    """One split: the figures of every dimension, and whether it used its features."""

    figures: Mapping[str, Mapping[str, float]]
    used: Mapping[str, bool]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("names", nargs="*", metavar="SET", help=f"of {', '.join(CASES)}; else all")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in CASES]:
        parser.error(f"no such set: {', '.join(unknown)}")
    table, splits = [], []
    with tempfile.TemporaryDirectory() as place:
        for name in given.names or CASES:
            found, hashes = _splits(name, CASES[name], given.rows, Path(place))
            splits.append(f"Splits of `{name}`: {', '.join(hashes)}.")
            for dimension in CASES[name].label:
                table += _lines(name, dimension, found)
    _section(table, splits).publish(write=given.write)


def _splits(
    name: str, case: Case, rows: int | None, folder: Path
) -> tuple[Mapping[str, Sequence[Measured]], Sequence[str]]:
    """Measure every variant on every split; name the splits."""
    own = folder / name
    own.mkdir()
    file = thinned(data_folder() / case.archive, rows, own)
    archive = read_archive(file, text=case.text, labels=case.label)
    workshop = open_workshop(
        QUICK, own, cache=cache_folder(os.environ), allow_download=False, progress=Silence()
    )
    encoder = Remembering(workshop.encoder)
    found: dict[str, list[Measured]] = {variant: [] for variant in (*case.declared, LACKING)}
    hashes = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        sets = make_sets(archive.dataset, None, PREPARATION, QUICK, rng)
        hashes.append(sets.split_hash[:8])
        made = OneStudent(workshop, encoder)
        for variant, declared in case.declared.items():
            report(f"{name}, split {seed}, {variant}")
            classifier = _fitted(archive, sets, made, declared, seed)
            found[variant].append(_measured(classifier, sets.test))
        found[LACKING].append(_measured(classifier, _lacking(sets.test)))
    return found, hashes


def _fitted(
    archive: Archive, sets: Sets, workshop: OneStudent, declared: Declaration, seed: int
) -> Classifier:
    return fit_classifier(
        sets,
        archive.taxonomy,
        PREPARATION,
        workshop,
        QUICK,
        seed=seed,
        rng=np.random.default_rng(seed),
        progress=Silence(),
        declared=declared,
    )


def _measured(classifier: Classifier, test: Dataset) -> Measured:
    outcomes = examine(classifier, test).outcomes
    rng = np.random.default_rng(0)
    figures = {
        name: {
            **measure(one, rng=rng, replicates=FEW).metrics,
            "log_loss": _log_loss(one) if isinstance(one, SingleOutcomes) else np.nan,
        }
        for name, one in outcomes.items()
    }
    grams = len(classifier.eyes.wording)
    used = {
        model.dimension.name: bool(model.student.wording.weights[grams:].any())
        for model in classifier.models
    }
    return Measured(figures, used)


def _log_loss(outcomes: SingleOutcomes) -> float:
    """Mean over the rows whose label can be given at all."""
    place = {label: column for column, label in enumerate(outcomes.labels)}
    rows = [row for row, label in enumerate(outcomes.truth) if label in place]
    columns = [place[outcomes.truth[row]] for row in rows]
    chances = outcomes.probabilities[rows, columns].astype(np.float64)
    return float(-np.log(np.maximum(chances, LEAST_CHANCE)).mean())


def _lacking(test: Dataset) -> Dataset:
    """Take away what came with the messages beside their words."""
    bare = (replace(one, message=replace(one.message, metadata={})) for one in test.examples)
    return replace(test, examples=tuple(bare))


def _lines(
    name: str, dimension: str, found: Mapping[str, Sequence[Measured]]
) -> Iterator[Sequence[str]]:
    plain = _column(found["none"], dimension, "accuracy")
    for variant, splits in found.items():
        gain = _column(splits, dimension, "accuracy") - plain
        used = sum(one.used[dimension] for one in splits)
        figures = [_column(splits, dimension, one) for one in FIGURES]
        yield [
            name,
            dimension,
            variant,
            NOTHING if variant == "none" else f"{used} of {len(splits)}",
            *(
                _spread(column) if one == "log_loss" else _spread(100 * column, digits=1)
                for one, column in zip(FIGURES, figures, strict=True)
            ),
            NOTHING if variant == "none" else f"{100 * gain.min():+.1f} to {100 * gain.max():+.1f}",
        ]


def _column(splits: Sequence[Measured], dimension: str, figure: str) -> NDArray[np.float64]:
    return np.array([one.figures[dimension][figure] for one in splits])


def _spread(figures: NDArray[np.float64], *, digits: int = 3) -> str:
    known = figures[np.isfinite(figures)]
    if not len(known):
        return NOTHING
    return f"{number(known.mean(), digits=digits)} ± {number(known.std(), digits=digits)}"


def _section(table: Sequence[Sequence[str]], splits: Sequence[str]) -> Section:
    return Section(
        name="features",
        title="Features beyond the words",
        about=f"Recipe `quick`; mean and standard deviation over {len(SEEDS)} splits with "
        f"{percent(QUICK.test_share, digits=0)} % set aside, near-duplicates kept together. "
        "`Derived` are formats, length, readability, formality and a small table of keywords; "
        "`metadata` of `cfpb` are the state, tags, channel, company and weekday, all of them known "
        "when a complaint is filed. `used` counts the splits in which held-out rows of the "
        "training part said that features help; in the others the dimension learns from words "
        "alone. The last column is the gain in accuracy over words alone, on the same split, from "
        "the worst to the best. Shares in percent.",
        header=(
            *("set", "dimension", "features", "used", "accuracy", "macro F1", "log loss"),
            *("auto coverage", "auto precision", "gain"),
        ),
        rows=table,
        remarks=(
            *splits,
            *REMARKS,
        ),
    )


if __name__ == "__main__":
    main()
