"""Measure a fresh release on its test rows, and put it beside something simple."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from time import perf_counter

import numpy as np

from sortyard.data.dataset import Dataset
from sortyard.domain.errors import NotEnoughData
from sortyard.domain.ports import Progress
from sortyard.evaluation.examine import (
    Examined,
    compare_with,
    disturb,
    examine,
    rows_asked,
    time_singles,
)
from sortyard.evaluation.gate_check import check
from sortyard.evaluation.gate_results import GateReport
from sortyard.evaluation.gates import Gates
from sortyard.evaluation.measuring import measure
from sortyard.evaluation.outcomes import Outcomes
from sortyard.evaluation.report import Baseline, DimensionReport, Report, StageGain, TreeWay
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.dimension import DimensionModel
from sortyard.models.rerank_stage import never
from sortyard.training.baseline import NAME, baseline_answers
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets, usable_rows
from sortyard.training.truth import Truth

STAGES = {
    Depth.STATIC: "static student alone",
    Depth.FULL: "encoder for every message",
    Depth.CASCADE: "cascade, as served",
}
BARE = "cascade without the reranker"
RERANKED = "cascade with the reranker, as served"
FEW = 2  # replicates of a bootstrap whose intervals nobody reads


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
    A release that nobody labelled a message for may have none to be judged on either: then nothing
    is measured. Else raises NotEnoughData where no dimension has a row to be judged on.
    """
    about = Report(
        release=classifier.release,
        created=created,
        seconds=perf_counter() - began,
        recipe=recipe.name,
        data_hash=data_hash,
        split_hash=sets.split_hash,
        training_rows=len(sets.train),
        test_rows=len(sets.test),
        dimensions=(),
        gates=GateReport(findings=()),
        encoder=recipe.encoder,
        promised_precision=recipe.target_precision,
        notes=(*sets.notes, *notes),
    )
    if not len(sets.test) and not len(sets.train):
        return replace(about, notes=(*about.notes, *_unmeasured(classifier, ())))
    rng = np.random.default_rng(seed)
    examined = _examine(classifier, sets, progress)
    *_, served = examined.values()
    if not served.outcomes:
        raise NotEnoughData("measure the release", found=0, needed=1)
    latency = time_singles(
        classifier, sets.test, messages_per_second=served.messages_per_second, clock=perf_counter
    )
    found = _dimensions(classifier, sets, examined, rng, seed=seed, progress=progress)
    return replace(
        about,
        seconds=perf_counter() - began,
        dimensions=tuple(found),
        gates=check(gates, [one.measures for one in found], latency=latency),
        latency=latency,
        notes=(*about.notes, *_unmeasured(classifier, found)),
    )


def _examine(classifier: Classifier, sets: Sets, progress: Progress) -> dict[str, Examined]:
    """Answer the test with every part of the line that can be left out, and as served at last."""
    examined: dict[str, Examined] = {}
    parts = stages_of(classifier)
    with progress.stage("Answering the test", total=len(parts)) as advance:
        for name, part in parts.items():
            examined[name] = examine(part, sets.test)
            advance(1)
    return examined


def stages_of(classifier: Classifier) -> dict[str, Classifier]:
    """Name the parts of the line that can answer by themselves, the release as served last."""
    if classifier.eyes.encoder is None:
        return {STAGES[classifier.depth]: classifier}
    bare = replace(classifier, models=never(classifier.models))
    stages = {name: bare.at_depth(depth) for depth, name in STAGES.items()}
    if all(model.reranking is None for model in classifier.models):
        return stages
    del stages[STAGES[Depth.CASCADE]]
    return {**stages, BARE: bare, RERANKED: classifier}


def _dimensions(  # noqa: PLR0913 -- what every dimension's report rests on
    classifier: Classifier,
    sets: Sets,
    examined: Mapping[str, Examined],
    rng: np.random.Generator,
    *,
    seed: int,
    progress: Progress,
) -> list[DimensionReport]:
    *_, served = examined.values()
    names = tuple(served.outcomes)
    found = []
    with progress.stage("Measuring", total=len(names) + 1) as advance:
        robustness = disturb(classifier, sets.test, rng)
        advance(1)
        for name in names:
            outcomes = served.outcomes[name]
            found.append(
                DimensionReport(
                    measures=measure(outcomes, rng=rng),
                    baseline=_baseline(classifier, sets, outcomes, rng, seed=seed),
                    stages=_gains(name, examined, rng),
                    robustness=robustness.get(name, ()),
                    ways=_ways(classifier.model_of(name)),
                )
            )
            advance(1)
    return found


def _gains(
    name: str, examined: Mapping[str, Examined], rng: np.random.Generator
) -> tuple[StageGain, ...]:
    """Say what each part of the line reaches on its own."""
    figures = {
        stage: measure(one.outcomes[name], rng=rng, replicates=FEW).metrics
        for stage, one in examined.items()
    }
    return tuple(
        StageGain(stage=stage, accuracy=one["accuracy"], macro_f1=one["macro_f1"])
        for stage, one in figures.items()
    )


def _ways(model: DimensionModel) -> tuple[TreeWay, ...]:
    """Put the ways to answer a label tree side by side."""
    return tuple(
        TreeWay(way=way, chosen=way == model.way, **figures) for way, figures in model.ways.items()
    )


def _unmeasured(classifier: Classifier, found: Sequence[DimensionReport]) -> list[str]:
    measured = {one.name for one in found}
    return [
        f"No test row has an answer to {name!r}: it is not measured."
        for name in classifier.taxonomy.names
        if name not in measured
    ]


def _baseline(
    classifier: Classifier, sets: Sets, outcomes: Outcomes, rng: np.random.Generator, *, seed: int
) -> Baseline | None:
    """Put something simple beside it, where there are rows that it could learn from."""
    name = outcomes.dimension
    if not len(sets.train):
        return None
    dimension = classifier.taxonomy[name]
    rows = usable_rows(sets.train, dimension)
    every = sets.train.labels(name)
    carried = [every[row] for row in rows]
    labels = sorted({path for paths in carried for path in paths})
    simple = baseline_answers(
        [sets.texts[row] for row in rows],
        Truth.of(carried, labels, dimension.kind),
        labels,
        _asked(classifier, sets.test, name),
        seed=seed,
    )
    return Baseline(name=NAME, comparison=compare_with(outcomes, simple, rng))


def _asked(classifier: Classifier, test: Dataset, name: str) -> list[str]:
    rows = rows_asked(test, classifier.taxonomy[name])
    return [classifier.preparation.prepare(test.examples[row].message) for row in rows]
