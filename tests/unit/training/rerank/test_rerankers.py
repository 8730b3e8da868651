"""A recipe with a cross-encoder: what it learns from, what it is judged by, and what is kept."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from sortyard.app.loading import load
from sortyard.domain.errors import InvalidSettings
from sortyard.domain.ports import Silence
from sortyard.domain.predictions import Stage
from sortyard.models.bundle import RERANKER
from sortyard.models.classifier import Classifier
from sortyard.models.engines.pairs import OnnxPairScorer
from sortyard.models.manifest import Manifest
from sortyard.text.preparation import Preparation
from sortyard.training.fit import fit_classifier
from sortyard.training.recipe import EDGE, QUICK, Recipe
from sortyard.training.run import Trained, train
from sortyard.training.sets import Sets, make_sets
from sortyard.training.tuning.lists import Lists
from sortyard.training.workshop import Workshop, open_workshop
from tests.contracts.fakes import OverlapScorer
from tests.contracts.tiny_bert import write_tiny_bert
from tests.unit.training.archives import dataset_of, noon, order, tickets
from tests.unit.training.rerank.readers import (
    CROSS,
    LABELS,
    ReadingWorkshop,
    rows_of_words,
    taxonomy_of_words,
)

RECIPE = Recipe(name="tiny", folds=3, cross=CROSS)


@dataclass(frozen=True, slots=True)
class Fit:
    classifier: Classifier
    sets: Sets
    lists: dict[int | None, Lists]
    told: list[str]


def fitted(recipe: Recipe) -> Fit:
    rng = np.random.default_rng(4)
    dataset, preparation = dataset_of(rows_of_words(rng)), Preparation.default()
    sets = make_sets(dataset, None, preparation, recipe, rng)
    workshop, told = ReadingWorkshop(), []
    classifier = fit_classifier(
        sets,
        taxonomy_of_words(),
        preparation,
        workshop,  # type: ignore[arg-type] -- the same members
        recipe,
        seed=3,
        rng=rng,
        progress=Silence(),
        tell=told.append,
    )
    return Fit(classifier, sets, workshop.lists, told)


@pytest.fixture(scope="module")
def fit() -> Fit:
    return fitted(RECIPE)


def test_a_fold_of_which_nothing_is_asked_is_no_trouble() -> None:
    """Two messages in three folds; too few to gain by, so none is trained on all rows."""
    few = fitted(replace(RECIPE, cross=replace(CROSS, judged=2)))

    assert set(few.lists) == {0, 1, 2}
    assert few.classifier.eyes.reranker is None
    assert "has no reranker" in few.told[0]


def test_a_reranker_that_pays_is_kept_and_told_of(fit: Fit) -> None:
    model = fit.classifier.model_of("team")

    assert model.reranking is not None
    assert fit.classifier.eyes.reranker == OverlapScorer()
    assert (model.reranking.most, len(model.reranking.cards)) == (3, LABELS)
    assert [told.split(",")[0] for told in fit.told] == ["'team' has a reranker"]


def test_a_dimension_of_many_labels_a_message_has_none(fit: Fit) -> None:
    assert fit.classifier.model_of("flags").reranking is None
    assert not any("hot" in card for lists in fit.lists.values() for card in lists.cards)


def test_what_is_served_is_what_was_reranked(fit: Fit) -> None:
    test = fit.sets.test
    answers = [fit.classifier.classify(one.message.text)["team"] for one in test.examples]
    right = [
        answer.label == one.labels["team"][0]
        for answer, one in zip(answers, test.examples, strict=True)
    ]
    stages = {answer.stage for answer in answers}

    assert np.mean(right) > 0.5
    assert Stage.RERANKER in stages


def test_nothing_of_a_fold_is_in_the_lists_of_its_turn(fit: Fit) -> None:
    assert set(fit.lists) == {0, 1, 2, None}
    for fold in (0, 1, 2):
        held_out = {fit.sets.texts[row] for row in np.flatnonzero(fit.sets.folds == fold)}
        assert not held_out & set(fit.lists[fold].texts)


def test_the_nearest_example_of_another_fold_stands_behind_a_card(fit: Fit) -> None:
    """Whether it is learnt from or judged by; and the release does likewise."""
    texts, folds = list(fit.sets.texts), fit.sets.folds
    plain = fit.classifier.model_of("team").reranking
    assert plain is not None
    assert plain.examples
    for fold, lists in fit.lists.items():
        for text, candidates in zip(lists.texts, lists.candidates, strict=True):
            for candidate in candidates:
                card = next(c for c in plain.cards if lists.cards[candidate].startswith(c))
                example = lists.cards[candidate].removeprefix(card + ". ")
                seen_with = folds[texts.index(example)]
                assert seen_with not in {fold, folds[texts.index(text)]}


def test_with_two_folds_examples_stand_behind_cards_as_well() -> None:
    """What is judged by was learnt with: in every turn, and never beside what says the same."""
    two = fitted(replace(RECIPE, folds=2))
    texts, folds = list(two.sets.texts), two.sets.folds
    plain = {node.card for node in taxonomy_of_words()["team"].nodes}
    assert set(two.lists) == {0, 1, None}
    for fold, lists in two.lists.items():
        for text, candidates in zip(lists.texts, lists.candidates, strict=True):
            for candidate in candidates:
                card = next(c for c in plain if lists.cards[candidate].startswith(c))
                example = lists.cards[candidate].removeprefix(card + ". ")
                assert folds[texts.index(example)] != fold
                assert example != text


def test_a_release_that_keeps_no_texts_shows_no_examples() -> None:
    bare = fitted(replace(RECIPE, keep_texts=False))
    cards = {card for lists in bare.lists.values() for card in lists.cards}

    assert len(cards) <= LABELS
    assert not any(text in card for text in bare.sets.texts for card in cards)


def test_lists_are_bounded_and_know_the_truth(fit: Fit) -> None:
    for lists in fit.lists.values():
        assert len(lists) == CROSS.lists
        assert lists.candidates.shape == (CROSS.lists, 3)
        assert (lists.candidates == lists.truth[:, None]).sum(axis=1).tolist() == [1] * len(lists)
        assert len(set(lists.texts)) == len(lists)


def test_a_recipe_with_a_cross_encoder_survives_being_stored() -> None:
    assert Recipe.from_dict(json.loads(json.dumps(RECIPE.to_dict()))) == RECIPE
    assert QUICK.cross is None


def test_nothing_is_reranked_without_a_cascade() -> None:
    with pytest.raises(InvalidSettings, match="cross"):
        replace(EDGE, cross=CROSS)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A release of easy messages, of which a cross-encoder of random weights knows nothing."""
    pytest.importorskip("torch", reason="a cross-encoder needs the extra `tune`")
    pytest.importorskip("transformers", reason="a cross-encoder needs the extra `tune`")
    place = tmp_path_factory.mktemp("crossed")
    encoder = write_tiny_bert(place / "encoder", np.random.default_rng(8))
    plain = order(tickets(np.random.default_rng(8), each=12), encoder)
    useless = replace(CROSS, rate=1e-9, head_rate=1e-9, lists=12)
    return train(
        replace(plain, recipe=replace(plain.recipe, folds=2, cross=useless)),
        releases=place / "releases",
        cache=place / "cache",
        progress=Silence(),
        now=noon,
    )


def test_a_cross_encoder_takes_its_place_in_the_bundle(tmp_path: Path) -> None:
    """And nothing that taught it stays there."""
    pytest.importorskip("torch", reason="a cross-encoder needs the extra `tune`")
    pytest.importorskip("transformers", reason="a cross-encoder needs the extra `tune`")
    encoder = write_tiny_bert(tmp_path / "encoder", np.random.default_rng(8))
    recipe = replace(RECIPE, encoder=str(encoder))
    bundle, cache = tmp_path / "bundle", tmp_path / "cache"
    workshop = open_workshop(recipe, bundle, cache=cache, allow_download=False, progress=Silence())
    cards = ["cards", "refunds"]
    lists = Lists(
        texts=["my card was charged", "where is my refund"],
        cards=cards,
        candidates=np.array([[0, 1], [1, 0]]),
        truth=np.array([0, 1]),
    )

    def trained(at: Workshop, fold: int | None = None) -> OnnxPairScorer:
        return at.cross_encoder(
            lists, CROSS, precision="int8", seed=1, progress=Silence(), fold=fold
        )

    turn, final = trained(workshop, 0), trained(workshop)
    trained(workshop.for_readers(), 0)
    workshop.tidy()
    served = OnnxPairScorer.open(bundle / RERANKER).scores(lists.texts, cards)

    assert _left(bundle) == {"encoder", "reranker"}
    assert served.tolist() == final.scores(lists.texts, cards).tolist()
    assert served.tolist() == turn.scores(lists.texts, cards).tolist()


def _left(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


def test_a_useless_cross_encoder_is_left_out_and_the_report_says_so(trained: Trained) -> None:
    Manifest.read(trained.folder).verify(trained.folder)
    release = load(trained.folder)

    assert not _left(trained.folder) & {"reranker", "crossed", "turns"}
    report = (trained.folder / "report.txt").read_text(encoding="utf-8")
    assert "has no reranker, since none paid" in " ".join(report.split())
    assert release.classify("please refund the charge on my invoice")["team"].label is not None
