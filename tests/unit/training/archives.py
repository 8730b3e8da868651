"""Small archives to learn from, and all that a fit asks for beside them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.data.dataset import Dataset
from sortyard.data.taxonomy_inference import infer_taxonomy
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message
from sortyard.domain.ports import Advance, Silence
from sortyard.domain.taxonomy import Kind, Taxonomy
from sortyard.evaluation.gates import Gates
from sortyard.models.classifier import Classifier
from sortyard.text.preparation import Preparation
from sortyard.training.fit import fit_classifier
from sortyard.training.material import Look, Material
from sortyard.training.recipe import Recipe
from sortyard.training.run import Order, Trained
from sortyard.training.sets import Sets, make_sets
from tests.contracts.fakes import HashEncoder

WORDS = {
    "billing": ["refund", "charged", "card", "twice", "money", "invoice", "payment", "overdue"],
    "access": ["password", "reset", "login", "locked", "code", "account", "phone", "blocked"],
    "delivery": ["parcel", "courier", "late", "package", "tracking", "street", "rain", "lost"],
}
COMMON = [
    "please",
    "help",
    "hello",
    "thanks",
    "since",
    "monday",
    "the",
    "my",
    "is",
    "again",
    "today",
    "really",
]

Row = tuple[str, Mapping[str, tuple[str, ...]]]  # a text, and its labels by dimension


def sentence(words: Sequence[str], rng: np.random.Generator) -> str:
    """Three words of a label among five that anybody says."""
    chosen = [*rng.choice(words, 3), *rng.choice(COMMON, 5), f"x{rng.integers(10_000)}"]
    return " ".join(rng.permutation(chosen))


def tickets(rng: np.random.Generator, *, each: int = 30) -> list[Row]:
    """So many rows of each of three teams."""
    return [
        (sentence(words, rng), {"team": (team,)})
        for _ in range(each)
        for team, words in WORDS.items()
    ]


def dataset_of(rows: Sequence[Row], *, groups: Sequence[str] | None = None) -> Dataset:
    """Name the rows after their place."""
    return Dataset(
        examples=tuple(
            Example(Message(f"m-{place}", text), labels)
            for place, (text, labels) in enumerate(rows)
        ),
        dimensions=tuple(dict.fromkeys(name for _, labels in rows for name in labels)),
        groups=None if groups is None else tuple(groups),
    )


def taxonomy_of(dataset: Dataset, *multi: str) -> Taxonomy:
    """Infer the labels; the named dimensions take any number of them."""
    kinds = {name: Kind.MULTI if name in multi else Kind.SINGLE for name in dataset.dimensions}
    return infer_taxonomy({name: dataset.labels(name) for name in dataset.dimensions}, kinds)


def order(
    rows: Sequence[Row], encoder: Path, *, taxonomy: Taxonomy | None = None, seed: int = 3
) -> Order:
    """Order a release of the rows from an encoder in a folder."""
    dataset = dataset_of(rows)
    return Order(
        dataset=dataset,
        taxonomy=taxonomy or taxonomy_of(dataset),
        recipe=Recipe(name="tiny", encoder=str(encoder), folds=3),
        gates=Gates(),
        seed=seed,
    )


def noon() -> datetime:
    """A clock that stands still."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HashWorkshop:
    """A workshop whose encoder and student need no library."""

    encoder: HashEncoder = field(default_factory=HashEncoder)

    def student(
        self, _texts: Sequence[str], _encoded: NDArray[np.float32], *, progress: object
    ) -> HashEncoder:
        assert progress is not None
        return HashEncoder(name="static", blocks=1)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier, and the sets that it was fitted on."""

    classifier: Classifier
    sets: Sets


def fit(
    rows: Sequence[Row],
    *multi: str,
    taxonomy: Taxonomy | None = None,
    recipe: Recipe | None = None,
    seed: int = 3,
) -> Fitted:
    """Fit a classifier with the hash encoder; nothing touches a disk."""
    recipe = recipe or Recipe(name="tiny", folds=3)
    dataset = dataset_of(rows)
    rng = np.random.default_rng(seed)
    preparation = Preparation.default()
    sets = make_sets(dataset, None, preparation, recipe, rng)
    classifier = fit_classifier(
        sets,
        taxonomy or taxonomy_of(dataset, *multi),
        preparation,
        HashWorkshop(),  # type: ignore[arg-type] -- the same two members
        recipe,
        seed=seed,
        rng=rng,
        progress=Silence(),
    )
    return Fitted(classifier, sets)


def material_of(
    sentences: NDArray[np.float32], folds: Sequence[int], reference: Sequence[int] | None = None
) -> Material:
    """Put vectors where every view looks."""
    rows = len(sentences)
    return Material(
        texts=[f"text {row}" for row in range(rows)],
        look=Look(static=sentences, encoded=sentences, sentences=sentences),
        wording=sparse.csr_matrix(np.abs(sentences)),
        folds=np.array(folds, dtype=np.intp),
        reference=np.arange(rows) if reference is None else np.array(reference, dtype=np.intp),
    )


class Stumble:
    """A progress that fails when a stage opens, or that says which stages there are."""

    def __init__(self, at: str = "", failure: BaseException | None = None) -> None:
        self.at = at
        self.failure = failure
        self.stages: list[tuple[str, int | None]] = []
        self.steps: list[int] = []
        self.trained: Trained | None = None

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        self.stages.append((name, total))
        self.steps.append(0)
        place = len(self.steps) - 1

        def advance(steps: int) -> None:
            self.steps[place] += steps

        yield advance
        if self.failure is not None and name.startswith(self.at):
            raise self.failure
