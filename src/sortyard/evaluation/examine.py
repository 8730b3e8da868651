"""Put a release through labelled messages: answers, disturbances and time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.data.dataset import Dataset
from sortyard.domain.examples import Example
from sortyard.domain.predictions import Choice
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.evaluation.comparison import Comparison, compare_multi, compare_single
from sortyard.evaluation.latency import Latency
from sortyard.evaluation.outcomes import (
    MultiOutcomes,
    Outcomes,
    SingleOutcomes,
    indicators,
)
from sortyard.evaluation.robustness import DISTURBANCES, Robustness
from sortyard.models.classifier import Classifier
from sortyard.models.decide import decide, nothing_to_read
from sortyard.models.dimension import DimensionModel

DISTURBED_ROWS = 500
TIMED_MESSAGES = 200

Paths: TypeAlias = tuple[str, ...]
Clock: TypeAlias = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a release answered, dimension by dimension, and how fast a batch was."""

    outcomes: Mapping[str, Outcomes]
    messages_per_second: float


def rows_asked(dataset: Dataset, dimension: Dimension) -> tuple[int, ...]:
    """
    Find the rows that a dimension was asked of, and answered where one label must hold.

    Those on which its conditions do not hold are not asked, whatever they are labelled with.
    """
    if dimension.name not in dataset.dimensions:
        return ()
    asked = tuple(
        row
        for row in dataset.answered(dimension.name)
        if dimension.is_asked(dataset.examples[row].labels)
    )
    if dimension.kind is Kind.MULTI:
        return asked
    labels = dataset.labels(dimension.name)
    return tuple(row for row in asked if len(labels[row]) == 1)


def examine(classifier: Classifier, dataset: Dataset, *, clock: Clock = perf_counter) -> Examined:
    """
    Answer every labelled message the way a service would.

    A dimension is judged on the rows that it was asked of; one without any is left out.
    """
    began = clock()
    texts = [classifier.preparation.prepare(one.message) for one in dataset.examples]
    messages = [one.message for one in dataset.examples]
    judged = classifier.judge(texts, classifier.features_of(messages, texts))
    seconds = max(clock() - began, 1e-9)
    outcomes: dict[str, Outcomes] = {}
    for model in classifier.models:
        name = model.dimension.name
        rows = rows_asked(dataset, model.dimension)
        if not rows:
            continue
        choices = decide(model, judged[name])
        given = [choices[row] if texts[row] else nothing_to_read(name) for row in rows]
        outcomes[name] = _outcomes(
            model,
            given,
            [dataset.examples[row] for row in rows],
            judged[name].probabilities[list(rows)],
        )
    return Examined(outcomes, len(dataset) / seconds)


def time_singles(
    classifier: Classifier, dataset: Dataset, *, messages_per_second: float, clock: Clock
) -> Latency:
    """Time single messages one after the other, after one that nobody counts."""
    messages = [one.message for one in dataset.examples[:TIMED_MESSAGES]]
    classifier.classify(messages[0])
    seconds = []
    for message in messages:
        began = clock()
        classifier.classify(message)
        seconds.append(clock() - began)
    return Latency.of(seconds, messages_per_second=messages_per_second)


def disturb(
    classifier: Classifier, dataset: Dataset, rng: np.random.Generator
) -> Mapping[str, tuple[Robustness, ...]]:
    """
    Ask again with typing mistakes, in capitals, and cut in half; on some rows.

    Every dimension is judged on those of the rows that it was asked of.
    """
    chosen = dataset.select(np.sort(rng.permutation(len(dataset))[:DISTURBED_ROWS]))
    before = _forecasts(classifier, chosen, chosen.texts)
    after = {
        name: _forecasts(classifier, chosen, [change(text, rng) for text in chosen.texts])
        for name, change in DISTURBANCES.items()
    }
    found: dict[str, tuple[Robustness, ...]] = {}
    for model in classifier.models:
        dimension = model.dimension.name
        rows = rows_asked(chosen, model.dimension) if dimension in chosen.dimensions else ()
        truth = [tuple(sorted(chosen.examples[row].labels[dimension])) for row in rows]
        if truth:
            found[dimension] = tuple(
                Robustness.of(
                    name,
                    truth=truth,
                    before=[before[dimension][row] for row in rows],
                    after=[answers[dimension][row] for row in rows],
                )
                for name, answers in after.items()
            )
    return found


def compare_with(
    outcomes: Outcomes, simple: Sequence[Paths], rng: np.random.Generator
) -> Comparison:
    """Hold the answers of something simpler against a release's, on the same messages."""
    if isinstance(outcomes, SingleOutcomes):
        first = [paths[0] if paths else "" for paths in simple]
        return compare_single(outcomes.truth, first, outcomes.forecast, rng=rng)
    return compare_multi(
        outcomes.truth, indicators(simple, outcomes.labels), outcomes.answered, rng=rng
    )


def _outcomes(
    model: DimensionModel,
    choices: Sequence[Choice],
    examples: Sequence[Example],
    probabilities: NDArray[np.float32],
) -> Outcomes:
    truth = [one.labels[model.dimension.name] for one in examples]
    metadata = [one.message.metadata for one in examples]
    if model.dimension.kind is Kind.MULTI:
        return MultiOutcomes.of_choices(
            choices,
            labels=model.labels,
            truth=truth,
            probabilities=probabilities,
            metadata=metadata,
        )
    return SingleOutcomes.of_choices(
        choices,
        labels=model.labels,
        truth=[paths[0] for paths in truth],
        probabilities=probabilities,
        metadata=metadata,
    )


def _forecasts(
    classifier: Classifier, dataset: Dataset, texts: Sequence[str]
) -> Mapping[str, list[Paths]]:
    """
    Answer by the best label, or the set above its cuts, without routes and roll-up.

    `texts` stand in place of what the messages say; what came beside that stays.
    """
    prepared = [classifier.preparation(text) for text in texts]
    messages = [
        replace(one.message, text=text, subject=None)
        for one, text in zip(dataset.examples, texts, strict=True)
    ]
    judged = classifier.judge(prepared, classifier.features_of(messages, prepared))
    return {
        model.dimension.name: _paths(model, judged[model.dimension.name].probabilities)
        for model in classifier.models
    }


def _paths(model: DimensionModel, probabilities: NDArray[np.float32]) -> list[Paths]:
    if model.dimension.kind is Kind.MULTI:
        held = probabilities >= model.cuts
        return [tuple(sorted(model.labels[one] for one in np.flatnonzero(row))) for row in held]
    return [(model.labels[int(best)],) for best in probabilities.argmax(axis=1)]
