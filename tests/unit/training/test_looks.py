"""A recipe that tunes its encoder: what is held out was seen by no encoder that judges it."""

from dataclasses import replace

import numpy as np
import pytest

from sortyard.app.loading import load
from sortyard.domain.ports import Silence
from sortyard.models.manifest import Manifest
from sortyard.text.preparation import Preparation
from sortyard.training.lessons import lessons_of
from sortyard.training.looks import course_of
from sortyard.training.recipe import Recipe
from sortyard.training.run import Trained, train
from sortyard.training.sets import make_sets
from sortyard.training.tuning.options import Tuning
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import dataset_of, noon, order, taxonomy_of, tickets

ROWS = tickets(np.random.default_rng(8), each=12)
TUNING = Tuning(epochs=2.0, batch=8, rate=1e-3)


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


@pytest.fixture(scope="module")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    pytest.importorskip("torch", reason="tuning needs the extra `tune`")
    pytest.importorskip("transformers", reason="tuning needs the extra `tune`")
    place = tmp_path_factory.mktemp("tuned")
    encoder = write_tiny_bert(place / "encoder", np.random.default_rng(8))
    plain = order(ROWS, encoder)
    wanted = replace(plain, recipe=replace(plain.recipe, folds=2, tuning=TUNING))
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
