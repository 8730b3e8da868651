"""
A whole release, trained by the real code in a moment: its encoders are hashes.

The archive asks three questions, and not every row answers each of them: `team` (single, with one
label that no row carries), `topic` (single, two levels) and `flags` (multi, often none).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from sortyard.data.dataset import Dataset
from sortyard.domain.examples import Example
from sortyard.domain.messages import Message
from sortyard.domain.ports import Progress, Silence
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.models.bundle import ENCODER, RERANKER, STATIC, Engines, write_models
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import Vectors
from sortyard.models.manifest import Manifest, checksums, release_id
from sortyard.models.reranker import Reranking
from sortyard.text.preparation import Preparation
from sortyard.training.fit import fit_classifier
from sortyard.training.recipe import QUICK, Recipe
from sortyard.training.sets import make_sets
from tests.contracts.fakes import HashEncoder, OverlapScorer

TEACHER = HashEncoder(name="hash", width=32, blocks=2)
STUDENT = HashEncoder(name="hash-student", width=16, blocks=1)
RECIPE = replace(QUICK, name="tiny", folds=3, grams_of_words=2)
HASH_FILE, OVERLAP_FILE = "hash.json", "overlap.txt"

THINGS = {
    "hardware/printer": ("printer", "toner", "paper jam", "ink cartridge"),
    "hardware/laptop": ("laptop", "battery", "keyboard", "screen flicker"),
    "software/mail": ("mailbox", "attachment", "inbox", "signature"),
    "software/licence": ("licence", "activation", "product key", "subscription"),
}
WISHES = {
    "billing": ("refund the invoice", "charged twice", "wrong price on my bill"),
    "access": ("cannot log in", "reset my password", "account is locked"),
    "delivery": ("parcel never arrived", "courier was late", "track my package"),
}
FLAGS = {"angry": "this is outrageous", "urgent": "needed today at once"}

TAXONOMY = Taxonomy(
    dimensions=(
        Dimension(
            name="team",
            labels=(
                *(Label(name=name, definition=words[0]) for name, words in WISHES.items()),
                Label(
                    name="privacy",
                    definition="erase personal data, consent, gdpr request",
                    examples=("please erase all personal data", "i withdraw my consent"),
                ),
            ),
        ),
        Dimension(
            name="topic",
            labels=tuple(
                Label(
                    name=parent,
                    children=tuple(
                        Label(name=path.split("/")[1])
                        for path in THINGS
                        if path.startswith(f"{parent}/")
                    ),
                )
                for parent in ("hardware", "software")
            ),
        ),
        Dimension(name="flags", kind=Kind.MULTI, labels=tuple(Label(name=name) for name in FLAGS)),
    )
)


@dataclass(frozen=True, slots=True)
class HashWorkshop:
    """Stands in for the workshop that finds and exports a real encoder."""

    encoder: HashEncoder = TEACHER

    def student(
        self,
        texts: Sequence[str],  # noqa: ARG002 -- the real one distils from them
        encoded: Vectors,  # noqa: ARG002
        *,
        progress: Progress,  # noqa: ARG002
    ) -> HashEncoder:
        return STUDENT


def tiny_dataset(count: int = 200, *, seed: int = 7) -> Dataset:
    """Make tickets up; every ninth row is not asked for its team, every seventh not for a topic."""
    random = Random(seed)
    return Dataset(
        examples=tuple(_example(number, random) for number in range(count)),
        dimensions=TAXONOMY.names,
    )


def _example(number: int, random: Random) -> Example:
    team, topic = random.choice(sorted(WISHES)), random.choice(sorted(THINGS))
    flags = tuple(name for name in FLAGS if random.random() < 0.3)
    parts = [random.choice(WISHES[team]), "for the", random.choice(THINGS[topic])]
    parts += [FLAGS[name] for name in flags]
    parts.append(f"case {random.randint(100, 999)}")
    labels: dict[str, tuple[str, ...]] = {"flags": flags}
    if number % 9:
        labels["team"] = (team,)
    if number % 7:
        labels["topic"] = (topic,)
    return Example(Message(f"t{number}", " ".join(parts)), labels)


def train_tiny(
    dataset: Dataset | None = None, taxonomy: Taxonomy = TAXONOMY, recipe: Recipe = RECIPE
) -> Classifier:
    """Train on an archive as `sortyard train` does, without measuring."""
    preparation = Preparation.default()
    rng = np.random.default_rng(3)
    sets = make_sets(dataset or tiny_dataset(), None, preparation, recipe, rng)
    return fit_classifier(
        sets,
        taxonomy,
        preparation,
        HashWorkshop(),
        recipe,
        seed=3,
        rng=rng,
        progress=Silence(),
    )


def with_reranker(
    classifier: Classifier, *, margin: float = 0.5, weight: float = 4.0, most: int = 2
) -> Classifier:
    """Let the same release read its candidates' cards, in every dimension that has one label."""
    models = tuple(
        replace(
            model,
            reranking=Reranking(
                cards=tuple(
                    {node.path: node.card for node in model.dimension.nodes}[label]
                    for label in model.labels
                ),
                most=most,
                margin=margin,
                sharpness=1.0,
                weight=weight,
            ),
        )
        if model.dimension.kind is Kind.SINGLE and model.full is not None
        else model
        for model in classifier.models
    )
    return replace(
        classifier, models=models, eyes=replace(classifier.eyes, reranker=OverlapScorer())
    )


def write_tiny(classifier: Classifier, folder: Path) -> Classifier:
    """Write a whole bundle, and give the classifier under the name that it got."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_hash(STUDENT, folder / STATIC)
    if classifier.eyes.encoder is not None:
        _write_hash(TEACHER, folder / ENCODER)
    if classifier.eyes.reranker is not None:
        (folder / RERANKER).mkdir()
        (folder / RERANKER / OVERLAP_FILE).write_text(classifier.eyes.reranker.name)
    write_models(classifier, folder)
    named = classifier.named(release_id(checksums(folder)))
    (folder / "metrics.json").write_text("{}\n", encoding="utf-8")
    (folder / "report.html").write_text("<p>fine</p>\n", encoding="utf-8")
    seal(folder, named.release)
    return named


def seal(folder: Path, release: str | None = None) -> None:
    """Write the manifest that fits what lies in a folder now."""
    files = checksums(folder)
    Manifest(
        release=release or release_id(files),
        created="2026-01-02T03:04:05+00:00",
        recipe=RECIPE.to_dict(),
        taxonomy_hash=TAXONOMY.content_hash,
        data_hash="0" * 64,
        split_hash="1" * 64,
        files=files,
    ).write(folder)


def open_hash(folder: Path) -> HashEncoder:
    """Open a folder as an engine would."""
    return HashEncoder(**json.loads((folder / HASH_FILE).read_text(encoding="utf-8")))


def open_overlap(folder: Path) -> OverlapScorer:
    """Open a reranker's folder as an engine would."""
    return OverlapScorer(name=(folder / OVERLAP_FILE).read_text(encoding="utf-8"))


HASH_ENGINES = Engines(encoder=open_hash, static=open_hash, reranker=open_overlap)


def _write_hash(encoder: HashEncoder, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HASH_FILE).write_text(json.dumps(asdict(encoder)), encoding="utf-8")
