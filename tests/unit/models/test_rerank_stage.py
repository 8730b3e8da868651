"""Who is reranked: what the full line leaves close, in every dimension for itself."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sortyard.domain.predictions import Answer, Degradation, Stage
from sortyard.domain.taxonomy import Condition
from sortyard.models import cascade
from sortyard.models.cascade import Depth, Judgement, judge
from sortyard.models.classifier import Classifier
from sortyard.models.dimension import lead_of
from sortyard.models.explain import explanation
from sortyard.models.rerank_stage import always
from sortyard.models.reranker import Reranking
from tests.contracts.fakes import CountingScorer, OverlapScorer
from tests.contracts.tiny_release import TAXONOMY, tiny_dataset, with_reranker

TEXTS = list(tiny_dataset(60, seed=11).texts)
ODD = ["", "\x00", "\ud800 refund", "Ünï ﷺ", "zzz qqq", "refund " * 300]
ALL = [*TEXTS, *ODD]
TICKETS = st.lists(st.sampled_from(ALL), min_size=1, max_size=8)


def leads(classifier: Classifier, name: str) -> NDArray[np.float32]:
    """Give the lead of the full line for all texts, (texts,)."""
    model = classifier.model_of(name)
    found = run(classifier, ALL, Depth.FULL)[name].probabilities
    return lead_of(found, model.cuts, model.dimension.kind)


@pytest.fixture(scope="module")
def halfway(trained: Classifier) -> Classifier:
    """A release whose student is sure of some messages and not of others."""
    return replace(trained, models=tuple(replace(one, lead=0.5) for one in trained.models))


@pytest.fixture(scope="module")
def reranked(halfway: Classifier) -> Classifier:
    """The same release, where a half of the messages is close."""
    found = with_reranker(halfway)
    models = tuple(
        model
        if model.reranking is None
        else replace(
            model,
            reranking=replace(
                model.reranking, margin=float(np.median(leads(halfway, model.dimension.name)))
            ),
        )
        for model in found.models
    )
    return replace(found, models=models)


def counting(classifier: Classifier) -> tuple[Classifier, CountingScorer]:
    scorer = CountingScorer()
    return replace(classifier, eyes=replace(classifier.eyes, reranker=scorer)), scorer


def run(classifier: Classifier, texts: list[str], depth: Depth) -> dict[str, Judgement]:
    return dict(judge(texts, classifier.eyes, classifier.models, depth))


@pytest.mark.parametrize("depth", [Depth.CASCADE, Depth.FULL])
def test_only_what_the_encoder_read_and_left_close_is_reranked(
    halfway: Classifier, reranked: Classifier, depth: Depth
) -> None:
    before, found = run(halfway, ALL, depth), run(reranked, ALL, depth)
    for name in ("team", "topic"):
        reranking = reranked.model_of(name).reranking
        assert reranking is not None
        due = before[name].read & (leads(halfway, name) < reranking.margin)
        assert 0 < due.sum() < len(ALL)
        np.testing.assert_array_equal(found[name].reranked, due)
        np.testing.assert_array_equal(
            found[name].probabilities[~due], before[name].probabilities[~due]
        )
        np.testing.assert_array_equal(found[name].novelty, before[name].novelty)


def test_a_card_that_has_the_words_of_a_message_gains(halfway: Classifier) -> None:
    text = "refund the invoice"
    classifier = with_reranker(halfway, margin=inf, weight=9.0)
    before, found = (run(one, [text], Depth.FULL)["team"] for one in (halfway, classifier))
    best = before.probabilities[0].argsort()[::-1][:2]
    cards = classifier.model_of("team").reranking
    assert cards is not None
    shares = OverlapScorer().scores([text] * 2, [cards.cards[place] for place in best])
    assert shares[0] != shares[1]
    gained = best[shares.argmax()]
    assert found.probabilities[0, gained] > before.probabilities[0, gained]


def test_flags_are_never_reranked(reranked: Classifier) -> None:
    assert not run(reranked, ALL, Depth.FULL)["flags"].reranked.any()


def test_all_pairs_of_a_chunk_go_together_and_no_message_has_more_than_it_may(
    trained: Classifier,
) -> None:
    classifier, scorer = counting(with_reranker(trained, margin=inf, most=3))
    found = run(classifier, TEXTS, Depth.FULL)
    rows = sum(int(one.reranked.sum()) for one in found.values())
    assert scorer.batches == [3 * rows]


def test_the_pairs_are_the_messages_with_the_cards_of_their_best_labels(
    trained: Classifier,
) -> None:
    classifier, scorer = counting(with_reranker(trained, margin=inf))
    before = run(trained, TEXTS[:1], Depth.FULL)["topic"].probabilities[0]
    run(replace(classifier, models=(classifier.model_of("topic"),)), TEXTS[:1], Depth.FULL)
    cards = {node.path: node.card for node in TAXONOMY["topic"].nodes}
    labels = trained.model_of("topic").labels
    best = [cards[labels[place]] for place in np.argsort(-before)[:2]]
    assert scorer.pairs == [(TEXTS[0], card) for card in best]


def test_the_nearest_example_of_a_label_stands_behind_its_card(trained: Classifier) -> None:
    """Where a reranking was learnt so, in answers and in explanations."""
    classifier, scorer = counting(with_reranker(trained, margin=inf))
    model = classifier.model_of("topic")
    assert model.reranking is not None
    assert model.full is not None
    assert model.full.neighbours is not None
    model = replace(model, reranking=replace(model.reranking, examples=True))
    eyes, neighbours = classifier.eyes, model.full.neighbours
    assert eyes.reference is not None
    judge(TEXTS[:1], eyes, [model], Depth.FULL)
    explanation(model, eyes, TEXTS[0], None, message_id="1", release="r")
    near = eyes.read(TEXTS[:1], eyes.glance(TEXTS[:1]).wording).similarities
    assert near is not None
    before = run(trained, TEXTS[:1], Depth.FULL)["topic"].probabilities[0]
    expected = []
    for place in np.argsort(-before)[:2]:
        held = [one for one in range(len(near)) if place in neighbours.labels_of(one)]
        example = eyes.reference.texts[max(held, key=lambda one: near[one, 0])]
        expected.append((TEXTS[0], f"{model.reranking.cards[place]}. {example}"))

    assert scorer.pairs == expected * 2


def test_what_is_clear_costs_no_reading(trained: Classifier) -> None:
    classifier, scorer = counting(with_reranker(trained, margin=0.0))
    run(classifier, ALL, Depth.FULL)
    assert scorer.batches == []


def test_at_static_depth_nothing_is_reranked(trained: Classifier) -> None:
    classifier, scorer = counting(with_reranker(trained, margin=inf))
    run(classifier, ALL, Depth.STATIC)
    assert scorer.batches == []


@pytest.mark.parametrize("degradation", Degradation)
def test_in_haste_nothing_is_reranked(trained: Classifier, degradation: Degradation) -> None:
    classifier, scorer = counting(with_reranker(trained, margin=inf))
    classifier.degraded(degradation).classify_batch(TEXTS)
    assert scorer.batches == []


def test_with_every_part_reading_every_message_all_are_reranked(reranked: Classifier) -> None:
    whole = reranked.reading_everything()
    found = dict(whole.judge(ALL))
    assert found["team"].reranked.all()
    assert found["topic"].reranked.all()
    assert always(whole.models) == whole.models


def test_the_answer_says_who_had_the_last_word(reranked: Classifier) -> None:
    judged = reranked.at_depth(Depth.FULL).judge(TEXTS)
    answers = reranked.at_depth(Depth.FULL).classify_batch(TEXTS)
    for row, answer in enumerate(answers):
        assert isinstance(answer, Answer)
        for name in ("team", "topic"):
            due = Stage.RERANKER if judged[name].reranked[row] else Stage.ENCODER
            assert answer[name].stage is due


def test_a_question_that_does_not_arise_is_not_reranked(trained: Classifier) -> None:
    classifier, scorer = counting(with_reranker(trained, margin=inf))
    topic = classifier.model_of("topic")
    never = replace(topic.dimension, when=(Condition("team", ("no such team",)),))
    models = tuple(
        replace(model, dimension=never) if model is topic else model for model in classifier.models
    )
    found = run(replace(classifier, models=models), TEXTS, Depth.FULL)
    assert not found["topic"].reranked.any()
    assert scorer.batches == [2 * len(TEXTS)]


@settings(max_examples=20, deadline=None)
@given(TICKETS, st.sampled_from(Depth), st.data())
def test_a_batch_of_one_says_what_the_batch_says(
    reranked: Classifier, texts: list[str], depth: Depth, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(texts) - 1))
    together, alone = run(reranked, texts, depth), run(reranked, [texts[row]], depth)
    for name, found in alone.items():
        whole = together[name]
        np.testing.assert_allclose(found.probabilities[0], whole.probabilities[row], atol=1e-4)
        assert found.stage(0) is whole.stage(row)


@pytest.mark.parametrize("size", [1, 7, 59])
def test_chunks_change_nothing(
    reranked: Classifier, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(reranked, TEXTS, Depth.CASCADE)
    monkeypatch.setattr(cascade, "CHUNK", size)
    for name, found in run(reranked, TEXTS, Depth.CASCADE).items():
        np.testing.assert_allclose(found.probabilities, whole[name].probabilities, atol=1e-4)
        np.testing.assert_array_equal(found.reranked, whole[name].reranked)


def test_a_release_without_one_answers_as_before(trained: Classifier) -> None:
    alone = replace(trained, eyes=replace(trained.eyes, reranker=OverlapScorer()))
    assert alone.classify_batch(ALL) == trained.classify_batch(ALL)


@pytest.mark.parametrize("name", ["flags", "team"])
def test_what_cannot_be_reranked_is_refused(reranked: Classifier, name: str) -> None:
    model, team = reranked.model_of(name), reranked.model_of("team")
    cards = ("one",) if name == "team" else tuple(model.labels)
    wrong = Reranking(cards=cards, most=2, margin=0.1, sharpness=1.0, weight=1.0)
    assert team.reranking is not None
    with pytest.raises(ValueError, match=r"reranked|cards"):
        replace(model, reranking=wrong)
