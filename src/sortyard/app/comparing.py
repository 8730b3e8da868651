"""Whether one release is really better than another, on the same messages."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sortyard.app.archives import read_for
from sortyard.app.loading import load
from sortyard.app.releases import Release
from sortyard.app.workspace import found_or_here
from sortyard.data.archive import Archive
from sortyard.data.dataset import Dataset
from sortyard.domain.errors import NotEnoughData
from sortyard.domain.ports import Progress
from sortyard.domain.predictions import Answer
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.comparison import Comparison, compare_multi, compare_single
from sortyard.evaluation.outcomes import indicators
from sortyard.models.classifier import Classifier

NO_ANSWER = ""


def compare_releases(
    one: Release, other: Release, data: Path, folder: Path | None, *, progress: Progress
) -> Mapping[str, Comparison]:
    """Compare two releases on labelled messages of a file, by the workspace's settings."""
    workspace = found_or_here(folder)
    before, after = (load(release.folder) for release in (one, other))
    archive = read_for(workspace, data, taxonomy=after.taxonomy)
    rng = np.random.default_rng(workspace.settings.seed)
    return compare_on(archive, before, after, rng=rng, progress=progress)


def compare_on(
    archive: Archive,
    one: Classifier,
    other: Classifier,
    *,
    rng: np.random.Generator,
    progress: Progress,
) -> Mapping[str, Comparison]:
    """
    Compare two releases in every dimension that both know and the archive answers.

    Raises `NotEnoughData` where there is none.
    """
    dataset = archive.dataset
    shared = [
        name
        for name in dataset.dimensions
        if name in one.taxonomy.names and name in other.taxonomy.names and dataset.answered(name)
    ]
    if not shared:
        raise NotEnoughData("compare these releases", found=0, needed=1)
    with progress.stage("Classifying", 2 * len(dataset)) as advance:
        sides = [_answers(classifier, dataset) for classifier in (one, other)]
        advance(2 * len(dataset))
    return {name: _compare(name, one, dataset, sides, rng) for name in shared}


def _answers(classifier: Classifier, dataset: Dataset) -> list[Answer | None]:
    messages = [example.message for example in dataset.examples]
    results = classifier.classify_batch(messages)
    return [result if isinstance(result, Answer) else None for result in results]


def _compare(
    name: str,
    classifier: Classifier,
    dataset: Dataset,
    sides: Sequence[Sequence[Answer | None]],
    rng: np.random.Generator,
) -> Comparison:
    rows = dataset.answered(name)
    labels = dataset.labels(name)
    truth = [labels[row] for row in rows]
    if classifier.taxonomy[name].kind is Kind.SINGLE:
        one, other = ([_best(side[row], name) for row in rows] for side in sides)
        return compare_single([held[0] for held in truth], one, other, rng=rng)
    sets = [[_labels(side[row], name) for row in rows] for side in sides]
    known = sorted({label for held in (*truth, *sets[0], *sets[1]) for label in held})
    tables = [indicators(held, known) for held in (truth, *sets)]
    return compare_multi(*tables, rng=rng)


def _best(answer: Answer | None, name: str) -> str:
    """Name the best label before any roll-up or route, as accuracy is measured; or a rule's."""
    if answer is None:
        return NO_ANSWER
    choice = answer[name]
    return choice.candidates[0].label if choice.candidates else choice.label or NO_ANSWER


def _labels(answer: Answer | None, name: str) -> tuple[str, ...]:
    return () if answer is None else answer[name].labels
