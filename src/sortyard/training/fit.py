"""Fit every dimension of a release on the training rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import NotEnoughData, UnknownLabels
from sortyard.domain.ports import Progress
from sortyard.domain.taxonomy import Dimension, Taxonomy
from sortyard.models.cascade import Depth, Eyes
from sortyard.models.classifier import Classifier
from sortyard.models.encoders import (
    Encoder,
    Vectors,
    sentence_block,
    with_blocks_of_length_one,
)
from sortyard.models.neighbours import Reference
from sortyard.models.ngrams import NgramOrders
from sortyard.models.wording import MOST_GRAMS, Wording
from sortyard.text.preparation import Preparation
from sortyard.training.axes import Axes
from sortyard.training.lines import CardVectors, Task, fit_dimension
from sortyard.training.material import Material, choose_reference
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets, labels_of, strata, usable_rows
from sortyard.training.truth import Truth
from sortyard.training.workshop import Workshop

FEWEST_ROWS = 2
SHOWN = 240  # characters of an example that a release keeps
MOST_WEIGHTS = 40_000_000  # of all wording heads together: 80 MB at half precision
FEWEST_GRAMS = 8_192
UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The rows that teach one dimension, and its labels: those with rows, then those without."""

    dimension: Dimension
    rows: NDArray[np.intp]
    labels: tuple[str, ...]
    truth: Truth

    def task(self, eyes: Eyes) -> Task:
        return Task(
            dimension=self.dimension,
            labels=self.labels,
            truth=self.truth,
            cards=_cards(self.dimension, self.labels, eyes),
        )


def fit_classifier(  # noqa: PLR0913 -- what a fit rests on, by name
    sets: Sets,
    taxonomy: Taxonomy,
    preparation: Preparation,
    workshop: Workshop,
    recipe: Recipe,
    *,
    seed: int,
    rng: np.random.Generator,
    progress: Progress,
) -> Classifier:
    """
    Look at the training rows with every view, and fit each dimension on what is seen.

    Raises NotEnoughData, and UnknownLabels for labels that the taxonomy does not have, before any
    text is read.
    """
    lessons = _lessons(sets, taxonomy)
    kept = tuple(one.dimension for one in lessons)
    with progress.stage("Reading with the encoder", total=len(sets.texts)) as advance:
        encoded = workshop.encoder.encode(sets.texts, progress=advance)
    eyes = Eyes(
        wording=_learn_wording(sets, kept, recipe, progress),
        static=workshop.student(sets.texts, encoded, progress=progress),
        encoder=workshop.encoder if recipe.cascade else None,
    )
    material = _material(sets, eyes, encoded, recipe, rng=rng)
    reference = _reference(sets, material, recipe) if recipe.cascade else None
    models = []
    for lesson in lessons:
        part = material.take(lesson.rows)
        task = lesson.task(eyes)
        steps = sum(1 for _ in part.held_out()) + 1
        with progress.stage(f"Learning {task.dimension.name}", total=steps) as advance:
            models.append(fit_dimension(task, part, recipe, seed=seed, advance=advance))
    return Classifier(
        release=UNNAMED,
        taxonomy=Taxonomy(dimensions=kept, version=taxonomy.version),
        preparation=preparation,
        eyes=replace(eyes, reference=reference),
        models=tuple(models),
        depth=Depth.CASCADE if recipe.cascade else Depth.STATIC,
    )


def _lessons(sets: Sets, taxonomy: Taxonomy) -> tuple[Lesson, ...]:
    """Find what there is to learn."""
    asked = [one for one in taxonomy.dimensions if one.name in sets.train.dimensions]
    if not asked:
        raise NotEnoughData("learn any dimension of the taxonomy", found=0, needed=FEWEST_ROWS)
    return tuple(_lesson(sets, dimension) for dimension in asked)


def _lesson(sets: Sets, dimension: Dimension) -> Lesson:
    rows = usable_rows(sets.train, dimension)
    every = sets.train.labels(dimension.name)
    carried = [every[row] for row in rows]
    with_rows, without = labels_of(dimension, carried)
    unknown = {path for paths in carried for path in paths}.difference(with_rows)
    if unknown:
        raise UnknownLabels(sorted(unknown), dimension.paths, "The training data")
    labelled = len(rows) if with_rows else 0
    if labelled < FEWEST_ROWS:
        raise NotEnoughData(
            f"learn dimension {dimension.name!r}", found=labelled, needed=FEWEST_ROWS
        )
    return Lesson(
        dimension=dimension,
        rows=rows,
        labels=with_rows + without,
        truth=Truth.of(carried, with_rows, dimension.kind),
    )


def _learn_wording(
    sets: Sets, dimensions: Sequence[Dimension], recipe: Recipe, progress: Progress
) -> Wording:
    labels = sum(len(one.paths) for one in dimensions)
    with progress.stage("Counting words"):
        return Wording.fit(
            sets.texts,
            orders=NgramOrders(words=recipe.grams_of_words),
            at_most=min(MOST_GRAMS, max(FEWEST_GRAMS, MOST_WEIGHTS // labels)),
        )


def _material(
    sets: Sets,
    eyes: Eyes,
    encoded: Vectors,
    recipe: Recipe,
    *,
    rng: np.random.Generator,
) -> Material:
    """Look at the training rows; without a cascade the student's own view is all there is."""
    static = eyes.static.encode(sets.texts)
    sentences = static
    if eyes.encoder is not None:
        sentences = np.ascontiguousarray(sentence_block(encoded, eyes.encoder))
    return Material(
        texts=sets.texts,
        static=static,
        encoded=None if eyes.encoder is None else encoded,
        sentences=sentences,
        wording=eyes.wording.transform(sets.texts),
        folds=sets.folds,
        reference=choose_reference(strata(sets.train), recipe.most_examples, rng),
        static_axes=Axes.of(static),
        encoded_axes=None if eyes.encoder is None else Axes.of(encoded),
    )


def _cards(dimension: Dimension, labels: Sequence[str], eyes: Eyes) -> CardVectors:
    """Embed what each label says of itself: its card, and the examples in its definition."""
    nodes = {node.path: node for node in dimension.nodes}
    texts = [(nodes[path].card, *nodes[path].label.examples) for path in labels]
    return CardVectors(
        static=_mean_vectors(texts, eyes.static),
        encoded=None if eyes.encoder is None else _mean_vectors(texts, eyes.encoder),
    )


def _mean_vectors(groups: Sequence[Sequence[str]], encoder: Encoder) -> NDArray[np.float32]:
    """Give the direction of the mean sentence of each group, (groups, width)."""
    flat = [text for group in groups for text in group]
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    sums = np.zeros((len(groups), encoder.width), dtype=np.float32)
    np.add.at(sums, owner, sentence_block(encoder.encode(flat), encoder))
    return with_blocks_of_length_one(sums, encoder.width)


def _reference(sets: Sets, material: Material, recipe: Recipe) -> Reference:
    rows = material.reference
    ids = sets.train.ids
    return Reference(
        np.ascontiguousarray(material.sentences[rows]).astype(np.float16).astype(np.float32),
        tuple(ids[row] for row in rows),
        tuple(sets.texts[row][:SHOWN] if recipe.keep_texts else "" for row in rows),
    )
