"""Fit every dimension of a release on the training rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from sortyard.domain.features import NOTHING_DECLARED, Declaration
from sortyard.domain.ports import Progress
from sortyard.domain.taxonomy import Dimension, Taxonomy
from sortyard.models.cascade import Depth, Eyes
from sortyard.models.classifier import Classifier
from sortyard.models.dimension import DimensionModel
from sortyard.models.encoders import Vectors
from sortyard.models.neighbours import Reference
from sortyard.models.ngrams import NgramOrders
from sortyard.models.wording import MOST_GRAMS, Wording
from sortyard.text.preparation import Preparation
from sortyard.training.assembly import assemble
from sortyard.training.card_rows import Class, with_cards
from sortyard.training.cold import UNNAMED, cold_classifier
from sortyard.training.feature_gains import learn_features
from sortyard.training.feature_gains import remarks as feature_remarks
from sortyard.training.feature_leaks import leaks
from sortyard.training.lessons import Lesson, lessons_of
from sortyard.training.lines import Stages, fit_stages
from sortyard.training.looks import course_of, look, read, unseen_looks
from sortyard.training.material import SHOWN, Look, Material, choose_reference
from sortyard.training.reading import texts_to_read
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.crossing import Crossing
from sortyard.training.rerank.rerankers import Rerankers, fit_rerankers
from sortyard.training.rereading import Rereading
from sortyard.training.sets import Sets, strata
from sortyard.training.teacher import Teacher
from sortyard.training.unlabelled import NONE, beside, remark, with_unlabelled
from sortyard.training.workshop import Workshop

MOST_WEIGHTS = 40_000_000  # of all wording heads together: 80 MB at half precision
FEWEST_GRAMS = 8_192


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
    tell: Callable[[str], None] = lambda _note: None,
    declared: Declaration = NOTHING_DECLARED,
) -> Classifier:
    """
    Look at the training rows with every view, and fit each dimension on what is seen.

    What a report should say of how it went is told in sentences.
    Without any row the labels' own words are all there is to go by (`cold_classifier`).
    Raises NotEnoughData, and UnknownLabels for labels that the taxonomy does not have, before any
    text is read.
    """
    if not sets.texts:
        return cold_classifier(taxonomy, preparation, workshop, recipe, progress=progress)
    known = lessons_of(sets, taxonomy)
    taught = with_unlabelled(with_cards(sets, known, preparation), known, preparation)
    sets, lessons = taught.sets, taught.lessons
    kept = tuple(one.dimension for one in lessons)
    unseen: Mapping[int, Look] = {}
    if recipe.pretraining is not None:
        texts = texts_to_read(sets, kept, preparation)
        workshop = workshop.pretrained(texts, recipe, seed=seed, progress=progress)
    wording = _learn_wording(sets, kept, recipe, progress)
    features, held = learn_features(declared, sets, tell)
    grams = features.beside(wording.transform(sets.texts), held)
    if recipe.tuning is not None:
        workshop, unseen = _tuned(
            sets, lessons, grams, workshop, recipe, seed=seed, progress=progress, tell=tell
        )
    encoded = read(workshop, sets.texts, progress)
    eyes = Eyes(
        wording=wording,
        static=workshop.student(sets.texts, encoded, progress=progress),
        encoder=workshop.encoder if recipe.cascade else None,
        features=features,
    )
    material = _material(sets, eyes, encoded, unseen, recipe, grams=grams, rng=rng)
    reference = _reference(sets, material, recipe) if recipe.cascade else None
    stages = _stages(taught, eyes, material, recipe, seed=seed, progress=progress, tell=tell)
    close = fit_rerankers(stages, workshop, recipe, seed=seed, progress=progress)
    close.remark(tell)
    return Classifier(
        release=UNNAMED,
        taxonomy=Taxonomy(dimensions=kept, version=taxonomy.version),
        preparation=preparation,
        eyes=replace(eyes, reference=reference, reranker=close.scorer),
        models=_assembled(stages, close, recipe),
        depth=Depth.CASCADE if recipe.cascade else Depth.STATIC,
    )


def _tuned(  # noqa: PLR0913 -- what a tuning rests on, by name
    sets: Sets,
    lessons: Sequence[Lesson],
    grams: sparse.csr_matrix,
    workshop: Workshop,
    recipe: Recipe,
    *,
    seed: int,
    progress: Progress,
    tell: Callable[[str], None],
) -> tuple[Workshop, Mapping[int, Look]]:
    """Tune the encoder, and see every fold with one that was tuned without it."""
    teacher = _teacher(sets, grams, workshop, recipe, seed=seed, progress=progress, tell=tell)
    unseen = unseen_looks(
        sets, lessons, workshop, recipe, teacher=teacher, seed=seed, progress=progress
    )
    course = course_of(sets, lessons, teacher=teacher)
    return workshop.tuned(course, recipe, seed=seed, progress=progress), unseen


def _stages(  # noqa: PLR0913 -- what a fit rests on, by name
    taught: Class,
    eyes: Eyes,
    material: Material,
    recipe: Recipe,
    *,
    seed: int,
    progress: Progress,
    tell: Callable[[str], None],
) -> list[Stages]:
    """Fit the stages of every dimension."""
    stages = []
    for lesson in taught.lessons:
        spare = taught.unlabelled.get(lesson.dimension.name, NONE)
        part = beside(material.take(lesson.rows), material, spare)
        task = lesson.task(eyes)
        steps = sum(1 for _ in part.turns()) * (2 if len(spare) else 1) + 1
        with progress.stage(f"Learning {task.dimension.name}", total=steps) as advance:
            stages.append(fit_stages(task, part, recipe, seed=seed, advance=advance))
        name = task.dimension.name
        for note in (
            *remark(name, stages[-1].material),
            *feature_remarks(name, stages[-1].gains),
            *leaks(name, lesson.labels, eyes.features, part, lesson.truth),
        ):
            tell(note)
    return stages


def _assembled(
    stages: Sequence[Stages], close: Rerankers, recipe: Recipe
) -> tuple[DimensionModel, ...]:
    return tuple(
        assemble(one, recipe, close.reranked.get(one.task.dimension.name)) for one in stages
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


def _teacher(  # noqa: PLR0913 -- what it looks at, and with what
    sets: Sets,
    grams: sparse.csr_matrix,
    workshop: Workshop,
    recipe: Recipe,
    *,
    seed: int,
    progress: Progress,
    tell: Callable[[str], None],
) -> Teacher | None:
    """Look at the training rows with the encoder as published, where a tuning listens to that."""
    if not recipe.is_taught:
        return None
    rereading = None
    if recipe.taught_by is not None:
        crossing = Crossing(
            workshop=workshop.for_readers(),
            options=recipe.taught_by,
            precision=recipe.precision,
            seed=seed,
            progress=progress,
        )
        rereading = Rereading(crossing=crossing, recipe=recipe, tell=tell)
    encoded = read(workshop, sets.texts, progress)
    return Teacher.of(
        sets, grams, workshop.encoder, encoded, recipe, seed=seed, rereading=rereading
    )


def _material(  # noqa: PLR0913 -- what is seen, and with what
    sets: Sets,
    eyes: Eyes,
    encoded: Vectors,
    unseen: Mapping[int, Look],
    recipe: Recipe,
    *,
    grams: sparse.csr_matrix,
    rng: np.random.Generator,
) -> Material:
    """Look at the training rows with every view."""
    return Material(
        texts=sets.texts,
        look=look(sets.texts, eyes.static, eyes.encoder, encoded),
        wording=grams,
        features=eyes.features.kinds,
        folds=sets.folds,
        reference=choose_reference(strata(sets.train), recipe.most_examples, rng),
        unseen=unseen,
    )


def _reference(sets: Sets, material: Material, recipe: Recipe) -> Reference:
    rows = material.reference
    ids = sets.train.ids
    return Reference(
        np.ascontiguousarray(material.look.sentences[rows]).astype(np.float16).astype(np.float32),
        tuple(ids[row] for row in rows),
        tuple(sets.texts[row][:SHOWN] if recipe.keep_texts else "" for row in rows),
    )
