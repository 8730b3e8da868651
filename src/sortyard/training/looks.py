"""What the encoders see of the training rows, each of those that were tuned too."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Progress
from sortyard.models.encoders import Encoder, Vectors, sentence_block
from sortyard.training.heads.axes import Axes
from sortyard.training.lessons import Lesson
from sortyard.training.material import Look, names_of
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets
from sortyard.training.teacher import Teacher
from sortyard.training.tuning.course import Course, Subject
from sortyard.training.workshop import Workshop


def look(texts: Sequence[str], static: Encoder, encoder: Encoder | None, encoded: Vectors) -> Look:
    """Look at texts with the student, and with the encoder where it will serve."""
    vectors = static.encode(texts)
    if encoder is None:
        return Look(static=vectors, encoded=None, sentences=vectors, static_axes=Axes.of(vectors))
    return Look(
        static=vectors,
        encoded=encoded,
        sentences=np.ascontiguousarray(sentence_block(encoded, encoder)),
        static_axes=Axes.of(vectors),
        encoded_axes=Axes.of(encoded),
    )


def course_of(
    sets: Sets,
    lessons: Sequence[Lesson],
    *,
    teacher: Teacher | None = None,
    without: int | None = None,
) -> Course:
    """
    Put together what an encoder is tuned on: all training rows, or those outside a fold.

    A teacher tells what it believes of the same rows, and learns from no others.
    """
    subjects = tuple(_subject(lesson, sets.folds, without) for lesson in lessons)
    if teacher is not None:
        subjects = teacher.teach(subjects, without=without)
    return Course(texts=sets.texts, subjects=subjects)


def unseen_looks(  # noqa: PLR0913 -- what a tuning rests on, by name
    sets: Sets,
    lessons: Sequence[Lesson],
    workshop: Workshop,
    recipe: Recipe,
    *,
    teacher: Teacher | None,
    seed: int,
    progress: Progress,
) -> Mapping[int, Look]:
    """Look at all rows with an encoder and a student for every fold that learnt nothing of it."""
    looks = {}
    for fold in names_of(sets.folds):
        course = course_of(sets, lessons, teacher=teacher, without=fold)
        turn = workshop.tuned(course, recipe, seed=seed, progress=progress, fold=fold)
        encoded = read(turn, sets.texts, progress)
        static = turn.student(sets.texts, encoded, progress=progress)
        looks[fold] = look(sets.texts, static, turn.encoder if recipe.cascade else None, encoded)
    return looks


def read(workshop: Workshop, texts: Sequence[str], progress: Progress) -> Vectors:
    """Read texts with the encoder of a workshop, (texts, blocks * width)."""
    with progress.stage("Reading with the encoder", total=len(texts)) as advance:
        return workshop.encoder.encode(texts, progress=advance)


def _subject(lesson: Lesson, folds: NDArray[np.intp], without: int | None) -> Subject:
    nodes = {node.path: node for node in lesson.dimension.nodes}
    subject = Subject(
        name=lesson.dimension.name,
        rows=lesson.rows,
        truth=lesson.truth,
        labels=lesson.labels,
        cards=tuple(nodes[path].card for path in lesson.labels),
    )
    return subject if without is None else subject.take(folds[lesson.rows] != without)
