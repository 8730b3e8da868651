"""A tiny release whose messages say in their metadata what their words do not."""

from random import Random

import numpy as np

from sortyard.data.dataset import Dataset
from sortyard.data.taxonomy_inference import infer_taxonomy
from sortyard.domain.examples import Example
from sortyard.domain.features import ColumnKind, Declaration, Measure
from sortyard.domain.messages import Message
from sortyard.domain.ports import Silence
from sortyard.domain.taxonomy import Kind
from sortyard.models.classifier import Classifier
from sortyard.text.preparation import Preparation
from sortyard.training.fit import fit_classifier
from sortyard.training.sets import Sets, make_sets
from tests.contracts.tiny_release import RECIPE, THINGS, WISHES, HashWorkshop

DECLARED = Declaration(
    metadata={"desk": ColumnKind.CATEGORY, "date": ColumnKind.TIME},
    measures=(Measure.FORMAT, Measure.LENGTH),
    keywords={"money": ("refund", "charged twice")},
)
DESKS = {"north": "red", "south": "blue", "west": "green"}


def featured_dataset(count: int = 180, *, seed: int = 5) -> Dataset:
    """
    Make messages up whose `team` their words tell, and whose `place` only their desk tells.

    Of `place` the words say nothing, and of `team` the metadata.
    """
    random = Random(seed)
    return Dataset(
        examples=tuple(_example(number, random) for number in range(count)),
        dimensions=("team", "place"),
    )


def _example(number: int, random: Random) -> Example:
    team, place = random.choice(sorted(WISHES)), random.choice(sorted(DESKS))
    thing = random.choice(THINGS[random.choice(sorted(THINGS))])
    text = f"{random.choice(WISHES[team])} for the {thing} case {random.randint(100, 999)}"
    known = {"desk": DESKS[place], "date": f"2024-01-{number % 28 + 1:02} {number % 24:02}:00"}
    return Example(Message(f"f{number}", text, None, known), {"team": (team,), "place": (place,)})


def featured_sets(dataset: Dataset | None = None) -> Sets:
    preparation, rng = Preparation.default(), np.random.default_rng(3)
    return make_sets(dataset or featured_dataset(), None, preparation, RECIPE, rng)


def train_featured(
    told: list[str] | None = None,
    *,
    dataset: Dataset | None = None,
    declared: Declaration = DECLARED,
) -> Classifier:
    """Train on it as `sortyard train` does, without measuring; `told` gets the remarks."""
    archive = dataset or featured_dataset()
    kinds = dict.fromkeys(archive.dimensions, Kind.SINGLE)
    return fit_classifier(
        featured_sets(archive),
        infer_taxonomy({name: archive.labels(name) for name in archive.dimensions}, kinds),
        Preparation.default(),
        HashWorkshop(),
        RECIPE,
        seed=3,
        rng=np.random.default_rng(3),
        progress=Silence(),
        tell=(told if told is not None else []).append,
        declared=declared,
    )
