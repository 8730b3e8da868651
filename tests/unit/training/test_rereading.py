"""A teacher with a cross-encoder: what it tells of rows, and what it tells it from."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sortyard.domain.ports import Silence
from sortyard.models.reranker import PairScorer
from sortyard.models.wording import Wording
from sortyard.text.preparation import Preparation
from sortyard.training.card_rows import with_cards
from sortyard.training.lessons import Lesson, lessons_of
from sortyard.training.looks import course_of
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.crossing import Crossing
from sortyard.training.rereading import Rereading
from sortyard.training.run import train
from sortyard.training.sets import Sets, make_sets
from sortyard.training.teacher import Teacher
from sortyard.training.tuning.course import Course
from sortyard.training.tuning.options import Tuning
from tests.contracts.fakes import HashEncoder, OverlapScorer
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import Stumble, dataset_of, noon, order, tickets
from tests.unit.training.rerank.readers import (
    CROSS,
    ReadingWorkshop,
    rows_of_words,
    taxonomy_of_words,
)

TUNING = Tuning(epochs=1.0, batch=8, rate=1e-3, distillation=0.5)
RECIPE = Recipe(name="tiny", folds=2, tuning=TUNING, taught_by=CROSS)


@dataclass(frozen=True, slots=True)
class NothingToSay:
    """A scorer of pairs to whom all are alike."""

    name: str = "nothing"

    def scores(self, texts: list[str], _cards: list[str]) -> NDArray[np.float32]:
        return np.zeros(len(texts), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class School:
    """An archive, and a workshop whose cross-encoder reads its cards."""

    sets: Sets
    lessons: tuple[Lesson, ...]

    def course(self, without: int | None = None, scorer: PairScorer | None = None) -> "Taught":
        """Let a teacher teach a course, with what it read for that and what it told."""
        workshop, told = ReadingWorkshop(scorer=scorer or OverlapScorer()), []
        crossing = Crossing(
            workshop=workshop,  # type: ignore[arg-type] -- the one member that is asked for
            options=CROSS,
            precision="int8",
            seed=3,
            progress=Silence(),
        )
        encoder, texts = HashEncoder(), self.sets.texts
        teacher = Teacher.of(
            self.sets,
            Wording.fit(texts).transform(texts),
            encoder,
            encoder.encode(texts),
            RECIPE,
            seed=3,
            rereading=Rereading(crossing=crossing, recipe=RECIPE, tell=told.append),
        )
        line = replace(teacher, rereading=None)
        return Taught(
            course_of(self.sets, self.lessons, teacher=teacher, without=without),
            course_of(self.sets, self.lessons, teacher=line, without=without),
            workshop,
            told,
        )


@dataclass(frozen=True, slots=True)
class Taught:
    course: Course
    by_line: Course
    workshop: ReadingWorkshop
    told: list[str]


def beliefs(course: Course, place: int = 0) -> NDArray[np.float32]:
    told = course.subjects[place].beliefs
    assert told is not None
    found: NDArray[np.float32] = told.toarray()
    return found


def wrongness(course: Course) -> float:
    """How surprised the beliefs are at the truth."""
    truth = course.subjects[0].truth.single
    of_truth = beliefs(course)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(of_truth, 1e-6)).mean())


@pytest.fixture(scope="module")
def school() -> School:
    rng = np.random.default_rng(4)
    dataset, preparation = dataset_of(rows_of_words(rng)), Preparation.default()
    sets = make_sets(dataset, None, preparation, RECIPE, rng)
    taught = with_cards(sets, lessons_of(sets, taxonomy_of_words()), preparation)
    return School(taught.sets, taught.lessons)


@pytest.fixture(scope="module")
def taught(school: School) -> Taught:
    return school.course()


def test_what_a_reranker_knows_is_believed(taught: Taught) -> None:
    believed = beliefs(taught.course)

    assert wrongness(taught.course) < wrongness(taught.by_line) - 0.1
    np.testing.assert_allclose(believed.sum(axis=1), 1.0, atol=1e-5)
    assert taught.told[0].startswith("'team' was taught to the encoder by a reranker: on ")


def test_a_dimension_of_many_labels_a_message_believes_the_line(taught: Taught) -> None:
    assert np.array_equal(beliefs(taught.course, 1), beliefs(taught.by_line, 1))
    assert "'flags' was taught to the encoder by the line alone" in taught.told[1]


def test_no_text_is_read_by_a_cross_encoder_that_learnt_from_it(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor by one that was shown it as an example."""
    learnt: dict[int | None, str] = {}
    read: list[tuple[int | None, str]] = []

    @dataclass(frozen=True, slots=True)
    class Noting(OverlapScorer):
        fold: int | None = None

        def scores(self, texts: list[str], cards: list[str]) -> NDArray[np.float32]:
            read.extend((self.fold, text) for text in texts)
            return OverlapScorer.scores(self, texts, cards)

    def noting(self: ReadingWorkshop, lists, _options, *, fold, **_rest):  # type: ignore[no-untyped-def]
        assert self.encoder is not None
        learnt[fold] = " | ".join([*lists.texts, *lists.cards])
        return Noting(fold=fold)

    monkeypatch.setattr(ReadingWorkshop, "cross_encoder", noting)
    school.course()

    assert set(learnt) == {0, 1}
    assert {fold for fold, _ in read} == {0, 1}
    assert not any(text in learnt[fold] for fold, text in read)


def test_a_course_without_a_fold_hears_nothing_of_it(school: School) -> None:
    """Its labels may be others: whatever is believed or read of the rest stays the same."""
    lesson, *others = school.lessons
    outside = school.sets.folds[lesson.rows] == 1
    held = lesson.truth.single.copy()
    held[outside] = (held[outside] + 1) % lesson.truth.count
    other = replace(lesson, truth=replace(lesson.truth, held=held))
    one = school.course(1)
    two = replace(school, lessons=(other, *others)).course(1)

    assert np.array_equal(beliefs(one.course), beliefs(two.course))
    assert len(beliefs(one.course)) == (~outside).sum()
    lost = {school.sets.texts[row] for row in np.flatnonzero(school.sets.folds == 1)}
    for fold, lists in one.workshop.lists.items():
        assert lists.cards == two.workshop.lists[fold].cards
        assert not lost & set(lists.texts)
        assert not any(text in card for text in lost for card in lists.cards)


def test_where_a_reranker_brings_nothing_the_line_is_believed(school: School) -> None:
    useless = school.course(1, NothingToSay())

    assert np.array_equal(beliefs(useless.course), beliefs(useless.by_line))
    said = "'team' was taught to the encoder that leaves fold 1 out by the line alone, since"
    assert useless.told[0].startswith(said)


def test_a_release_is_taught_and_keeps_nothing_of_who_taught_it(tmp_path: Path) -> None:
    """
    And one that was stopped goes on behind the tunings that were finished.

    The cross-encoder is trained for both folds and for the encoder that serves, twice each.
    """
    pytest.importorskip("torch", reason="tuning needs the extra `tune`")
    pytest.importorskip("transformers", reason="tuning needs the extra `tune`")
    encoder = write_tiny_bert(tmp_path / "encoder", np.random.default_rng(8))
    plain = order(tickets(np.random.default_rng(8), each=12), encoder)
    options = replace(CROSS, lists=12)
    recipe = replace(plain.recipe, folds=2, tuning=TUNING, taught_by=options)
    wanted, places = replace(plain, recipe=recipe), (tmp_path / "releases", tmp_path / "cache")

    def made(progress: Stumble, at: tuple[Path, Path] = places) -> tuple[Path, list[str]]:
        found = train(wanted, releases=at[0], cache=at[1], progress=progress, now=noon)
        learnt = ("Tuning to", "Training the cross")
        return found.folder, [name for name, _ in progress.stages if name.startswith(learnt)]

    class Stopped(Exception):
        pass

    stopped = Stumble("Learning team", Stopped())
    with pytest.raises(Stopped):
        made(stopped)
    again, steps = made(Stumble())
    straight, every = made(Stumble(), (tmp_path / "others", tmp_path / "other cache"))

    assert steps == []
    assert len(every) == 3 + 6
    assert again.name == straight.name
    assert not {one.name for one in again.iterdir()} & {"readers", "turns", "tuned", "reranker"}
    assert list((places[1] / "tuning").iterdir()) == []
    report = " ".join((again / "report.txt").read_text(encoding="utf-8").split())
    assert "'team' was taught to the encoder by" in report
