"""Measure a fresh release on its test rows, and put it beside something simple."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import perf_counter

import numpy as np

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import NotEnoughData
from sortyard.domain.ports import Progress
from sortyard.evaluation.examine import (
    Examined,
    Paths,
    compare_with,
    disturb,
    examine,
    rows_asked,
    time_singles,
)
from sortyard.evaluation.gate_check import check
from sortyard.evaluation.gates import Gates
from sortyard.evaluation.measuring import measure
from sortyard.evaluation.outcomes import Outcomes
from sortyard.evaluation.report import Baseline, DimensionReport, Report, StageGain
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.training.baseline import NAME, baseline_answers
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets, usable_rows
from sortyard.training.truth import Truth

STAGES = {
    Depth.STATIC: "static student alone",
    Depth.FULL: "encoder for every message",
    Depth.CASCADE: "cascade, as served",
}


def measure_release(  # noqa: PLR0913 -- what a report tells of
    classifier: Classifier,
    sets: Sets,
    recipe: Recipe,
    gates: Gates,
    *,
    seed: int,
    data_hash: str,
    created: datetime,
    began: float,
    notes: Sequence[str],
    progress: Progress,
) -> Report:
    """
    Judge a release on the rows that were set aside for it.

    The seconds in the report run from the start of the training to the end of the measuring.
    Raises NotEnoughData where no dimension has a row to be judged on.
    """
    rng = np.random.default_rng(seed)
    depths = [depth for depth in STAGES if depth is classifier.depth or recipe.cascade]
    with progress.stage("Answering the test", total=len(depths)) as advance:
        examined: dict[Depth, Examined] = {}
        for depth in depths:
            examined[depth] = examine(classifier.at_depth(depth), sets.test)
            advance(1)
    served = examined[classifier.depth]
    if not served.outcomes:
        raise NotEnoughData("measure the release", found=0, needed=1)
    latency = time_singles(
        classifier, sets.test, messages_per_second=served.messages_per_second, clock=perf_counter
    )
    found = []
    names = tuple(served.outcomes)
    unmeasured = [name for name in classifier.taxonomy.names if name not in names]
    with progress.stage("Measuring", total=len(names)) as advance:
        for name in names:
            stages = {depth: one.outcomes[name] for depth, one in examined.items()}
            found.append(_dimension(classifier, sets, name, stages, rng, seed=seed))
            advance(1)
    measures = [one.measures for one in found]
    return Report(
        release=classifier.release,
        created=created,
        seconds=perf_counter() - began,
        recipe=recipe.name,
        data_hash=data_hash,
        split_hash=sets.split_hash,
        training_rows=len(sets.train),
        test_rows=len(sets.test),
        dimensions=tuple(found),
        gates=check(gates, measures, latency=latency),
        encoder=recipe.encoder,
        promised_precision=recipe.target_precision,
        latency=latency,
        notes=(
            *sets.notes,
            *notes,
            *(f"No test row has an answer to {name!r}: it is not measured." for name in unmeasured),
        ),
    )


def _dimension(  # noqa: PLR0913 -- the parts of a dimension's report
    classifier: Classifier,
    sets: Sets,
    name: str,
    stages: Mapping[Depth, Outcomes],
    rng: np.random.Generator,
    *,
    seed: int,
) -> DimensionReport:
    outcomes = stages[classifier.depth]
    measures = measure(outcomes, rng=rng)
    gains = []
    for depth, one in stages.items():
        figures = measures if depth is classifier.depth else measure(one, rng=rng, replicates=2)
        accuracy, macro_f1 = figures.metrics["accuracy"], figures.metrics["macro_f1"]
        gains.append(StageGain(stage=STAGES[depth], accuracy=accuracy, macro_f1=macro_f1))
    simple = _baseline(classifier, sets, name, seed)
    return DimensionReport(
        measures=measures,
        baseline=Baseline(name=NAME, comparison=compare_with(outcomes, simple, rng)),
        stages=tuple(gains),
        robustness=disturb(classifier, sets.test, name, rng),
    )


def _baseline(classifier: Classifier, sets: Sets, name: str, seed: int) -> list[Paths]:
    dimension = classifier.taxonomy[name]
    rows = usable_rows(sets.train, dimension)
    every = sets.train.labels(name)
    carried = [every[row] for row in rows]
    labels = sorted({path for paths in carried for path in paths})
    return baseline_answers(
        [sets.texts[row] for row in rows],
        Truth.of(carried, labels, dimension.kind),
        labels,
        _asked(classifier, sets.test, name),
        seed=seed,
    )


def _asked(classifier: Classifier, test: Dataset, name: str) -> list[str]:
    rows = rows_asked(test, classifier.taxonomy[name])
    return [classifier.preparation.prepare(test.examples[row].message) for row in rows]
