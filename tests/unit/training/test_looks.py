"""A recipe that tunes its encoder: what is held out was seen by no encoder that judges it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from sortyard.app.loading import load
from sortyard.domain.ports import Silence
from sortyard.models.manifest import Manifest
from sortyard.text.preparation import Preparation
from sortyard.training.lessons import lessons_of
from sortyard.training.looks import course_of
from sortyard.training.recipe import Recipe
from sortyard.training.run import Trained, train
from sortyard.training.sets import make_sets
from sortyard.training.teacher import Teacher
from sortyard.training.tuning.options import Tuning
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import dataset_of, material_of, noon, order, taxonomy_of, tickets

ROWS = tickets(np.random.default_rng(8), each=12)
TUNING = Tuning(epochs=2.0, batch=8, rate=1e-3, distillation=0.5)


def test_a_course_without_a_fold_teaches_none_of_its_rows(rng: np.random.Generator) -> None:
    dataset = dataset_of(ROWS)
    recipe = Recipe(name="tiny", folds=2)
    sets = make_sets(dataset, None, Preparation.default(), recipe, rng)
    lessons = lessons_of(sets, taxonomy_of(dataset))
    every = course_of(sets, lessons)
    part = course_of(sets, lessons, without=1)
    assert set(part.rows.tolist()) == set(np.flatnonzero(sets.folds != 1).tolist())
    assert len(every.rows) == len(sets.texts)
    assert part.subjects[0].labels == every.subjects[0].labels


def test_a_teacher_knows_nothing_of_a_fold_that_is_held_out(rng: np.random.Generator) -> None:
    dataset = dataset_of(ROWS)
    recipe = Recipe(name="tiny", folds=2)
    sets = make_sets(dataset, None, Preparation.default(), recipe, rng)
    (lesson,) = lessons_of(sets, taxonomy_of(dataset))
    centres = rng.standard_normal((lesson.truth.count, 6))
    seen = centres[lesson.truth.single] + 0.3 * rng.standard_normal((len(lesson.rows), 6))
    outside = sets.folds == 1
    other = np.where(outside, (lesson.truth.single + 1) % lesson.truth.count, lesson.truth.single)

    def believed(held: NDArray[np.intp]) -> NDArray[np.float32]:
        material = material_of(seen.astype(np.float32), sets.folds.tolist())
        told = replace(lesson, truth=replace(lesson.truth, held=held))
        teacher = Teacher(material=material, recipe=recipe, seed=1)
        course = course_of(sets, [told], teacher=teacher, without=1)
        found: NDArray[np.float32] = course.subjects[0].beliefs.toarray()
        return found

    assert believed(lesson.truth.single).shape == (int((~outside).sum()), lesson.truth.count)
    assert np.array_equal(believed(lesson.truth.single), believed(other))


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    pytest.importorskip("torch", reason="tuning needs the extra `tune`")
    pytest.importorskip("transformers", reason="tuning needs the extra `tune`")
    place = tmp_path_factory.mktemp("tuned")
    encoder = write_tiny_bert(place / "encoder", np.random.default_rng(8))
    plain = order(ROWS, encoder)
    wanted = replace(plain, recipe=replace(plain.recipe, folds=2, tuning=TUNING, seeds=2))
    return train(
        wanted,
        releases=place / "releases",
        cache=place / "cache",
        progress=Silence(),
        now=noon,
    )


def test_a_tuned_release_serves_without_what_it_was_made_with(tuned: Trained) -> None:
    Manifest.read(tuned.folder).verify(tuned.folder)
    left = {one.name for one in tuned.folder.iterdir()}
    assert not left & {"tuned", "turns", "teacher"}
    answer = load(tuned.folder).classify("please refund the charge on my invoice")
    assert answer["team"].label is not None


def test_a_tuned_release_says_how_it_was_tuned(tuned: Trained) -> None:
    stored = Manifest.read(tuned.folder).recipe
    assert stored["tuning"]["epochs"] == TUNING.epochs
    resolved = {"seed", "encoder_sha256"}
    chosen = {name: value for name, value in stored.items() if name not in resolved}
    assert Recipe.from_dict(chosen).tuning == TUNING
