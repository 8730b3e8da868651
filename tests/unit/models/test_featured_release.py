"""A release that learnt from more than words answers alike wherever a message comes from."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sortyard.domain.errors import NewerFormat
from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Reason, Route
from sortyard.evaluation.examine import examine
from sortyard.models.bundle import FEATURES, open_bundle
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.feature_facts import FactReader
from sortyard.serving.answering import Answering
from sortyard.serving.cache import AnswerCache
from sortyard.serving.jobs import Job
from sortyard.training.feature_gains import learn_features
from tests.contracts.featured_release import (
    DECLARED,
    DESKS,
    featured_dataset,
    featured_sets,
    train_featured,
)
from tests.contracts.tiny_release import HASH_ENGINES, seal, write_tiny

MESSAGES = [one.message for one in featured_dataset(60, seed=9).examples]
TEXT = "refund the invoice for the toner case 500"


@pytest.fixture(scope="module")
def featured() -> Classifier:
    return train_featured()


@pytest.fixture
def folder(featured: Classifier, tmp_path: Path) -> Path:
    write_tiny(featured, tmp_path / "release")
    return tmp_path / "release"


def from_desk(desk: str, name: str = "m") -> Message:
    return Message(name, TEXT, None, {"desk": desk, "date": "2024-05-03"})


@pytest.mark.parametrize("depth", Depth)
def test_what_words_do_not_say_the_metadata_do(featured: Classifier, depth: Depth) -> None:
    for place, desk in DESKS.items():
        answer = featured.at_depth(depth).classify(from_desk(desk))
        assert answer["place"].candidates[0].label == place


def test_a_message_without_metadata_gets_its_answer(featured: Classifier) -> None:
    answer = featured.classify(TEXT)

    assert answer["team"].candidates[0].label == "billing"
    assert answer["place"].candidates != ()


@pytest.mark.parametrize("depth", Depth)
def test_what_lacks_its_metadata_goes_to_a_person_where_they_were_learnt_from(
    featured: Classifier, depth: Depth
) -> None:
    """Nearly all that was learnt from had them: the promise was made for messages that do."""
    classifier = featured.at_depth(depth)
    bare = classifier.classify(TEXT)

    assert classifier.classify(from_desk("red"))["place"].route is Route.AUTO
    undated = classifier.classify(Message("m", TEXT, None, {"desk": "red"}))
    assert undated["place"].reason is Reason.NOVEL
    assert (bare["place"].route, bare["place"].reason) == (Route.REVIEW, Reason.NOVEL)
    assert bare["team"].novelty != 1.0  # words alone tell it, as they did in training


def test_training_and_serving_see_the_same_columns(featured: Classifier) -> None:
    sets, told = featured_sets(), list[str]()
    learnt, held = learn_features(DECLARED, sets, told.append)

    assert (learnt, told) == (featured.eyes.features, [])
    assert tuple(held) == tuple(
        featured.prepare(one.message).features for one in sets.train.examples
    )


def test_measuring_answers_as_serving_does(featured: Classifier) -> None:
    dataset = featured_dataset(60, seed=9)
    measured = examine(featured, dataset).outcomes["place"]
    served = featured.classify_batch(MESSAGES)

    assert [one["place"].candidates[0].label for one in served if isinstance(one, Answer)] == list(
        measured.forecast  # type: ignore[union-attr] -- a dimension of one label
    )


def test_a_release_read_back_answers_exactly_alike(featured: Classifier, folder: Path) -> None:
    opened = open_bundle(folder, HASH_ENGINES)

    assert opened.eyes.features == featured.eyes.features
    assert opened.classify_batch(MESSAGES) == tuple(
        replace(one, release=opened.release) for one in featured.classify_batch(MESSAGES)
    )


def test_one_message_is_answered_as_among_others(featured: Classifier) -> None:
    for one, found in zip(MESSAGES, featured.classify_batch(MESSAGES), strict=True):
        assert isinstance(found, Answer)
        alone = featured.classify(one)["place"].candidates[0]
        among = found["place"].candidates[0]
        assert (alone.label, alone.confidence) == (
            among.label,
            pytest.approx(among.confidence, abs=1e-4),
        )


def test_the_features_are_part_of_the_release(folder: Path) -> None:
    before = open_bundle(folder, HASH_ENGINES).release
    stored = json.loads((folder / FEATURES).read_text())
    (folder / FEATURES).write_text(json.dumps(stored | {"weight": 0.1}))
    seal(folder)

    assert open_bundle(folder, HASH_ENGINES).release != before


def test_a_newer_form_of_features_is_refused(folder: Path) -> None:
    stored = json.loads((folder / FEATURES).read_text())
    (folder / FEATURES).write_text(json.dumps(stored | {"format": 2}))
    seal(folder)

    with pytest.raises(NewerFormat):
        open_bundle(folder, HASH_ENGINES)


def test_a_release_without_features_has_no_file_of_them(trained: Classifier, bundle: Path) -> None:
    assert (trained.eyes.features.names, (bundle / FEATURES).exists()) == ((), False)


@pytest.mark.parametrize("encoder", [True, False])
def test_a_feature_is_a_term_of_its_own(featured: Classifier, *, encoder: bool) -> None:
    if not encoder:
        models = tuple(replace(model, full=None) for model in featured.models)
        featured = replace(featured, models=models)
    found = featured.explain(from_desk("red"), "place")
    total = found.constant + found.nearest + sum(term.contribution for term in found.terms)
    (first, *_) = [term for term in found.terms if term.view == "feature"]

    assert (found.label, first.text, first.contribution > 0) == ("north", "desk=red", True)
    assert total == pytest.approx(found.score, abs=1e-3)


def test_a_dimension_that_features_do_not_help_does_not_use_them(featured: Classifier) -> None:
    found = featured.explain(from_desk("red"), "team")

    assert [term for term in found.terms if term.view == "feature"] == []


def _answered(classifier: Classifier, messages: list[Message]) -> list[bool]:
    """Answer one after the other, and tell which answers were remembered ones."""
    cache = AnswerCache(entries=10, size=1_000_000)
    answering = Answering(cache, release=lambda: classifier.release, degradation=lambda: None)
    jobs = [
        Job(
            message=message,
            classifier=classifier,
            candidates=5,
            front="python",
            received=datetime(2026, 1, 1, tzinfo=UTC),
            since=0.0,
        )
        for message in messages
    ]
    return [answering.answer([(job, classifier.prepare(job.message))])[0].cached for job in jobs]


def test_the_same_words_with_other_metadata_share_no_answer(featured: Classifier) -> None:
    asked = [from_desk("red", "a"), from_desk("blue", "b"), from_desk("red", "c")]

    assert _answered(featured, asked) == [False, False, True]


def test_they_share_one_where_nothing_is_declared(trained: Classifier) -> None:
    assert _answered(trained, [from_desk("red", "a"), from_desk("blue", "b")]) == [False, True]


def test_metadata_that_say_the_same_share_an_answer(featured: Classifier) -> None:
    asked = [replace(from_desk("red"), metadata={"desk": "red", "ticket": n}) for n in range(2)]

    assert _answered(featured, asked) == [False, True]


def test_nothing_declared_reads_nothing() -> None:
    assert FactReader().read(MESSAGES[0], MESSAGES[0].text) == ()
