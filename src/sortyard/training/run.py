"""From an archive to a measured release in a folder."""

import importlib.metadata
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter

import numpy as np
from safetensors import SafetensorError

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import CannotWrite
from sortyard.domain.features import NOTHING_DECLARED, Declaration
from sortyard.domain.ports import Progress
from sortyard.domain.taxonomy import Taxonomy
from sortyard.evaluation.gates import Gates
from sortyard.evaluation.report import Report
from sortyard.models.bundle import write_models
from sortyard.models.classifier import Classifier
from sortyard.models.fingerprints import Fingerprints
from sortyard.models.manifest import Manifest, checksums, release_id
from sortyard.models.rules import NO_RULES, Rulebook
from sortyard.text.preparation import Preparation
from sortyard.training.card_rows import remarks
from sortyard.training.cold import REMARK
from sortyard.training.encoders.remarks import encoder_remarks
from sortyard.training.encoders.weights import EncoderFiles
from sortyard.training.fit import fit_classifier
from sortyard.training.languages import UNTAUGHT, Tongues
from sortyard.training.lessons import lessons_of
from sortyard.training.measure import measure_release
from sortyard.training.recipe import Recipe
from sortyard.training.reports import write_reports
from sortyard.training.sets import Sets, make_sets
from sortyard.training.whole_files import put_in_place
from sortyard.training.workshop import CHECKPOINTS, Workshop, checkpoints_in, open_workshop

LIBRARIES = ("sortyard", "numpy", "scipy", "scikit-learn", "onnxruntime", "tokenizers")
MAKING = ".making-"  # begins the name of a folder whose release is not whole yet
STALE_SECONDS = 86_400.0
FORGOTTEN_SECONDS = 7 * 86_400.0
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A release that was made: where it lies, how it measured, and how long it took."""

    release: str
    folder: Path
    report: Report
    seconds: float

    @property
    def passed(self) -> bool:
        return self.report.passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    What to train: the labelled messages, if any, their labels' meaning, a recipe, and the gates.

    Without a `test` a part of the data is set aside for it; with `by_time` the newest part.
    `sources` are the files of the data, as the manifest is to name them.
    `rulebook` has the rules that the release is to have; they are no part of what is measured.
    `declared` are the features that may help beside the words.
    """

    dataset: Dataset
    taxonomy: Taxonomy
    recipe: Recipe
    gates: Gates
    seed: int
    test: Dataset | None = None
    by_time: bool = False
    allow_download: bool = False
    parents: tuple[str, ...] = ()
    sources: tuple[Mapping[str, str | int], ...] = ()
    notes: tuple[str, ...] = ()
    rulebook: Rulebook = NO_RULES
    preparation: Preparation = field(default_factory=Preparation.default)
    tongues: Tongues | None = None
    declared: Declaration = NOTHING_DECLARED


def train(order: Order, *, releases: Path, cache: Path, progress: Progress, now: Clock) -> Trained:
    """
    Train a release and measure it on rows that chose nothing.

    The bundle is written beside its place in `releases` and renamed at the end, so that a release
    is whole or absent. The same data, recipe and seed make the same release: it answers as the one
    that was there, and takes its place with its own report. `cache` keeps the exported encoder and
    its static table for the next time.
    Raises CannotWrite where the disk refuses, NotEnoughData, and UnknownLabels for labels that the
    taxonomy does not have.
    """
    began = perf_counter()
    created = now()
    making = releases / f"{MAKING}{secrets.token_hex(8)}"
    _sweep(releases.glob(f"{MAKING}*"), created, STALE_SECONDS)
    _sweep((cache / CHECKPOINTS).glob("*"), created, FORGOTTEN_SECONDS)
    try:
        making.mkdir(parents=True)
        made = _make(order, making, cache=cache, progress=progress, created=created, began=began)
        place = releases / made.release
        put_in_place(making, place)
    except SafetensorError as error:  # its library hides what the disk said
        raise CannotWrite(str(releases), "the disk may be full") from error
    except OSError as error:
        raise CannotWrite(str(releases), error.strerror or type(error).__name__) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return Trained(release=made.release, folder=place, report=made, seconds=made.seconds)


def _make(  # noqa: PLR0913 -- the run's own clock and places
    order: Order,
    folder: Path,
    *,
    cache: Path,
    progress: Progress,
    created: datetime,
    began: float,
) -> Report:
    rng = np.random.default_rng(order.seed)
    with progress.stage("Preparing texts, folds and a test"):
        sets = make_sets(
            order.dataset, order.test, order.preparation, order.recipe, rng, by_time=order.by_time
        )
    workshop = _workshop(order, sets, folder, cache=cache, progress=progress)
    told: list[str] = []
    classifier = fit_classifier(
        sets,
        order.taxonomy,
        order.preparation,
        workshop,
        order.recipe,
        seed=order.seed,
        rng=rng,
        progress=progress,
        tell=told.append,
        declared=order.declared,
    )
    classifier = _ruled_and_taught(classifier, order, sets, told.append)
    workshop.tidy()
    with progress.stage("Writing the release"):
        write_models(classifier, folder)
        Fingerprints.of(sets.texts, key=bytes.fromhex(sets.split_hash)).write(folder)
        classifier = classifier.named(release_id(checksums(folder)))
    report = measure_release(
        classifier,
        sets,
        order.recipe,
        order.gates,
        seed=order.seed,
        data_hash=order.dataset.content_hash,
        created=created,
        began=began,
        notes=(*order.notes, *_method(sets, order.taxonomy, workshop.files), *told),
        progress=progress,
    )
    write_reports(report, folder)
    _write_manifest(order, sets, classifier, folder, encoder=workshop.files, created=created)
    return report


def _workshop(
    order: Order, sets: Sets, folder: Path, *, cache: Path, progress: Progress
) -> Workshop:
    return open_workshop(
        order.recipe,
        folder,
        cache=cache,
        allow_download=order.allow_download,
        progress=progress,
        checkpoints=checkpoints_in(cache, sets.split_hash, order.recipe, order.seed),
    )


def _ruled_and_taught(
    classifier: Classifier, order: Order, sets: Sets, tell: Callable[[str], None]
) -> Classifier:
    """Give a release the rules of its order, and the languages of what it learnt from."""
    taught = order.tongues.learn(sets.texts) if order.tongues else UNTAUGHT
    for remark in taught.remarks:
        tell(remark)
    return classifier.ruled_by(order.rulebook).knowing(taught.languages)


def _method(sets: Sets, taxonomy: Taxonomy, encoder: EncoderFiles) -> Iterable[str]:
    """Say with which encoder, and by what labels were learnt where that is more than messages."""
    yield from encoder_remarks(encoder)
    yield from remarks(lessons_of(sets, taxonomy)) if sets.texts else (REMARK,)


def _sweep(left_behind: Iterable[Path], now: datetime, seconds: float) -> None:
    """Remove what runs that were killed left, so old that none still writes it or comes for it."""
    for left in left_behind:
        with suppress(FileNotFoundError):  # another run was quicker
            if now.timestamp() - left.stat().st_mtime > seconds:
                shutil.rmtree(left, ignore_errors=True)


def _write_manifest(  # noqa: PLR0913 -- whatever a release rests on
    order: Order,
    sets: Sets,
    classifier: Classifier,
    folder: Path,
    *,
    encoder: EncoderFiles,
    created: datetime,
) -> None:
    """Resolve what was asked for: an encoder by name is pinned to the commit that it was."""
    resolved = {"seed": order.seed, "encoder_sha256": encoder.sha256}
    if encoder.pinned is not None:
        resolved["encoder"] = encoder.pinned
    about = Manifest(
        release=classifier.release,
        created=created.isoformat(timespec="seconds"),
        recipe=order.recipe.to_dict() | resolved,
        taxonomy_hash=classifier.taxonomy.content_hash,
        data_hash=order.dataset.content_hash,
        split_hash=sets.split_hash,
        parents=order.parents,
        sources=order.sources,
        versions={name: _version(name) for name in LIBRARIES},
        files=checksums(folder),
    )
    about.write(folder)


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
