"""A taxonomy alone makes a release that guesses, admits it, and leaves every decision to people."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sortyard.app.loading import load
from sortyard.data.dataset import Dataset
from sortyard.domain.policy import DimensionPolicy
from sortyard.domain.ports import Silence
from sortyard.domain.predictions import Choice, Reason, Route
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.text.preparation import Preparation
from sortyard.training.cold import REMARK, cold_classifier
from sortyard.training.recipe import Recipe
from sortyard.training.run import Order, Trained, train
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import WORDS, HashWorkshop, dataset_of, noon, order, tickets

LABELS = tuple(
    Label(name=name, definition=" ".join(words[:4]), examples=(" ".join(words[4:]),))
    for name, words in sorted(WORDS.items())
)
TREE = Label(name="other", children=(Label(name="press", definition="newspaper journalist"),))
TAXONOMY = Taxonomy(
    dimensions=(
        Dimension(name="team", labels=(*LABELS, TREE)),
        Dimension(name="flags", kind=Kind.MULTI, labels=LABELS[:2]),
    )
)
ASKED = ["refund charged card twice", "newspaper journalist", "zzz", "?", "a" * 3_000]


def _cold(recipe: Recipe | None = None) -> Classifier:
    return cold_classifier(
        TAXONOMY,
        Preparation.default(),
        HashWorkshop(),  # type: ignore[arg-type] -- the same two members
        recipe or Recipe(name="tiny"),
        progress=Silence(),
    )


def _choices(classifier: Classifier, texts: Sequence[str] = ASKED) -> list[Choice]:
    answers = [classifier.classify(text) for text in texts]
    return [choice for answer in answers for choice in answer.choices.values()]


@pytest.mark.parametrize("label", LABELS, ids=lambda one: one.name)
def test_a_label_is_told_by_its_definition(label: Label) -> None:
    assert _cold().classify(label.definition)["team"].label == label.name


def test_a_label_is_told_by_its_examples(rng: np.random.Generator) -> None:
    asked = " ".join(rng.permutation(WORDS["delivery"][4:]))
    assert _cold().classify(asked)["team"].label == "delivery"


def test_a_label_below_another_is_told_as_well() -> None:
    assert _cold().classify("newspaper journalist")["team"].label == "other/press"


def test_several_labels_or_none_hold_in_a_multi_dimension() -> None:
    assert _cold().classify("nothing of the kind")["flags"].labels == ()


@pytest.mark.parametrize("depth", list(Depth))
def test_no_answer_has_a_confidence_and_all_say_why(depth: Depth) -> None:
    found = {(one.confidence, one.reason) for one in _choices(_cold().at_depth(depth))}
    assert found == {(None, Reason.NO_EVIDENCE)}


def test_a_person_decides_everything() -> None:
    assert {choice.route for choice in _choices(_cold())} == {Route.REVIEW}


def test_nothing_is_called_novel_where_nothing_is_known() -> None:
    assert {choice.novelty for choice in _choices(_cold())} == {None}


def test_candidates_come_best_first_and_share_one_belief() -> None:
    candidates = _cold().classify(ASKED[0])["team"].candidates
    assert sum(one.confidence for one in candidates) == pytest.approx(1.0, abs=1e-3)


def test_a_guess_is_explained_by_the_words_of_its_card() -> None:
    found = _cold().explain("refund charged card twice", "team")
    parts = sum(term.contribution for term in found.terms) + found.constant + found.nearest
    assert (found.label, found.score) == ("billing", pytest.approx(parts, abs=1e-3))


def test_a_student_alone_guesses_too() -> None:
    classifier = _cold(Recipe(name="edge", cascade=False))
    assert classifier.classify(LABELS[1].definition)["team"].label == LABELS[1].name


def test_a_policy_without_proof_survives_storage() -> None:
    policy = _cold().models[0].policy
    assert DimensionPolicy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


@pytest.fixture(scope="module")
def ordered(tmp_path_factory: pytest.TempPathFactory) -> Order:
    """A release of the taxonomy alone."""
    rng = np.random.default_rng(8)
    encoder = write_tiny_bert(tmp_path_factory.mktemp("tiny"), rng)
    like = order(tickets(rng, each=1), encoder, taxonomy=TAXONOMY)
    return replace(like, dataset=Dataset(examples=(), dimensions=TAXONOMY.names))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def trained(ordered: Order, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    releases = tmp_path_factory.mktemp("releases")
    return train(ordered, releases=releases, cache=cache, progress=Silence(), now=noon)


def test_a_release_of_labels_alone_opens_and_answers(trained: Trained) -> None:
    answer = load(trained.folder).classify("my card was charged twice")
    assert (answer["team"].confidence, answer["team"].route) == (None, Route.REVIEW)


def test_its_report_claims_no_figure(trained: Trained) -> None:
    report = trained.report
    assert (report.dimensions, report.training_rows, report.test_rows) == ((), 0, 0)


@pytest.mark.parametrize("name", ["report.html", "report.txt", "CARD.md"])
def test_every_report_says_that_nobody_labelled_anything(trained: Trained, name: str) -> None:
    said = " ".join((trained.folder / name).read_text(encoding="utf-8").split())
    assert REMARK.split("(", maxsplit=1)[0].strip() in said


def test_it_is_measured_where_there_are_messages_to_test_on(
    ordered: Order, cache: Path, tmp_path: Path, rng: np.random.Generator
) -> None:
    tested = replace(ordered, test=dataset_of(tickets(rng, each=4)))
    made = train(tested, releases=tmp_path, cache=cache, progress=Silence(), now=noon)
    (one,) = made.report.dimensions
    assert (one.measures.rows, one.measures.fates.auto, one.baseline) == (12, 0, None)
