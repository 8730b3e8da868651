"""An existing release, measured on other labelled messages."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter

import numpy as np

from sortyard.app.archives import gates_of, read_for
from sortyard.app.loading import load
from sortyard.app.releases import Release, find_release
from sortyard.app.rules import what_figures_leave_out
from sortyard.app.workspace import found_or_here
from sortyard.data.archive import Archive
from sortyard.domain.errors import NotEnoughData
from sortyard.domain.ports import Progress
from sortyard.evaluation.examine import disturb, examine, time_singles
from sortyard.evaluation.gate_check import check
from sortyard.evaluation.gates import Gates
from sortyard.evaluation.measuring import measure
from sortyard.evaluation.report import DimensionReport, Report
from sortyard.models.classifier import Classifier
from sortyard.models.fingerprints import Fingerprints
from sortyard.models.manifest import Manifest

Clock = Callable[[], datetime]
NOBODY_KNOWS = (
    "Whether these messages were in the training is not known: this release does not say."
)


def evaluate_in(
    data: Path, release: str | None, folder: Path | None, *, progress: Progress, now: Clock
) -> Report:
    """
    Measure a release on labelled messages of a file, and hold it against the workspace's gates.

    Labels that the release does not know are counted in the notes. Raises what `read_archive`
    and `load` do, and `NotEnoughData` where no row has a label of a dimension of the release.
    """
    workspace = found_or_here(folder)
    found = find_release(release, folder)
    began = perf_counter()
    with progress.stage(f"Opening {found.id}"):
        classifier = load(found.folder)
    with progress.stage(f"Reading {data.name}"):
        archive = read_for(workspace, data, taxonomy=classifier.taxonomy)
    rng = np.random.default_rng(workspace.settings.seed)
    dimensions, speed = _measured(classifier, archive, rng, progress)
    with progress.stage("Timing single messages"):
        latency = time_singles(
            classifier, archive.dataset, messages_per_second=speed, clock=perf_counter
        )
    measures = [one.measures for one in dimensions]
    fingerprints = Fingerprints.read(found.folder)
    prepare = classifier.preparation.prepare
    texts = [prepare(one.message) for one in archive.dataset.examples]
    seen = fingerprints.count(texts) if fingerprints else 0
    return Report(
        release=found.id,
        created=now(),
        seconds=perf_counter() - began,
        recipe=found.recipe,
        data_hash=archive.dataset.content_hash,
        split_hash="given",
        training_rows=_training_rows(found),
        test_rows=len(archive.dataset),
        dimensions=dimensions,
        gates=check(_gates_that_apply(gates_of(workspace), dimensions), measures, latency=latency),
        encoder=str(Manifest.read(found.folder).recipe.get("encoder", "")),
        promised_precision=float(found.report.get("promised_precision", 0.95)),
        latency=latency,
        seen_in_training=seen if fingerprints else None,
        notes=(
            *_flattery(fingerprints, seen, len(texts)),
            *what_figures_leave_out(classifier.rulebook),
            *(str(problem) for problem in archive.problem_counts),
        ),
    )


def _flattery(fingerprints: Fingerprints | None, seen: int, of: int) -> Iterator[str]:
    """Warn of figures that are better than the release, or of not knowing whether they are."""
    if fingerprints is None:
        yield "This release does not say whether it was trained on these messages."
    elif seen:
        count = f"{seen:,} of {of:,} messages were"
        yield (
            f"{count if fingerprints.is_whole else f'At least {count}'} in the training of this "
            "release. It knows their labels, so the figures here are better than it is."
        )


def _measured(
    classifier: Classifier, archive: Archive, rng: np.random.Generator, progress: Progress
) -> tuple[tuple[DimensionReport, ...], float]:
    with progress.stage("Answering"):
        examined = examine(classifier, archive.dataset)
    if not examined.outcomes:
        raise NotEnoughData("evaluate this release", found=0, needed=1)
    found = []
    with progress.stage("Measuring", len(examined.outcomes) + 1) as advance:
        robustness = disturb(classifier, archive.dataset, rng)
        advance(1)
        for name, outcomes in examined.outcomes.items():
            found.append(
                DimensionReport(
                    measures=measure(outcomes, rng=rng),
                    robustness=robustness.get(name, ()),
                )
            )
            advance(1)
    return tuple(found), examined.messages_per_second


def _gates_that_apply(gates: Gates, dimensions: tuple[DimensionReport, ...]) -> Gates:
    """Leave out the gates of dimensions that this file does not answer."""
    names = {one.name for one in dimensions}
    kept = {name: own for name, own in gates.dimensions.items() if name in names}
    return gates.model_copy(update={"dimensions": kept})


def _training_rows(release: Release) -> int:
    return int(release.report.get("training_rows", 0))
