"""Micro F1 of TF-IDF + linear SVM, on the very rows that a release was trained and tested on."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sortyard.app.archives import read_for
from sortyard.app.workspace import open_workspace
from sortyard.domain.taxonomy import Kind
from sortyard.text.preparation import Preparation
from sortyard.training.baseline import baseline_answers
from sortyard.training.recipe import recipe_named
from sortyard.training.sets import make_sets, usable_rows
from sortyard.training.truth import Truth


def micro_f1_of_svm(
    folder: Path, archive: Path, test: Path | None, dimension: str, report: Mapping[str, Any]
) -> float:
    """
    Fit the baseline of the report once more, and count over all decisions together.

    The rows are dealt as in the run: same archive, same settings, same seed; the hash of the split
    is compared.
    """
    workspace = open_workspace(folder)
    settings = workspace.settings
    found = read_for(workspace, archive, taxonomy=None)
    tested = read_for(workspace, test, taxonomy=found.taxonomy).dataset if test else None
    preparation = Preparation.default()
    rng = np.random.default_rng(settings.seed)
    sets = make_sets(found.dataset, tested, preparation, recipe_named(settings.recipe), rng)
    if sets.split_hash != report["split_hash"]:
        sys.exit("the split is not the one of the release")
    rows = usable_rows(sets.train, found.taxonomy[dimension])
    held = [sets.train.labels(dimension)[row] for row in rows]
    labels = sorted({path for paths in held for path in paths})
    asked = sets.test.answered(dimension)
    answers = baseline_answers(
        [sets.texts[row] for row in rows],
        Truth.of(held, labels, Kind.MULTI),
        labels,
        [preparation.prepare(sets.test.examples[row].message) for row in asked],
        seed=settings.seed,
    )
    truth = sets.test.labels(dimension)
    pairs = [(set(truth[row]), set(given)) for row, given in zip(asked, answers, strict=True)]
    hits = sum(len(true & given) for true, given in pairs)
    return 2 * hits / max(1, sum(len(true) + len(given) for true, given in pairs))
