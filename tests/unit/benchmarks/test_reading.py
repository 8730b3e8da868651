"""A release is read with every part of it, and with each that can be left out."""

import numpy as np
import pytest

from benchmarks.multilabel import cut_in_the_middle
from benchmarks.reading import (
    ALWAYS,
    BARE,
    BARE_FULL,
    SERVED,
    STUDENT,
    read_with,
    ways_to_read,
)
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from tests.contracts.tiny_release import tiny_dataset, train_tiny, with_reranker

TEXTS = list(tiny_dataset(30, seed=5).texts)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return train_tiny(tiny_dataset(120))


def _truth(classifier: Classifier, name: str) -> list[str]:
    """Whatever the release itself answers, so that it is always right."""
    labels = classifier.model_of(name).labels
    return [labels[one] for one in classifier.judge(TEXTS)[name].probabilities.argmax(axis=1)]


def test_a_release_without_a_reranker_is_read_in_three_ways(classifier: Classifier) -> None:
    assert [name for name, _ in ways_to_read(classifier)] == [SERVED, STUDENT, BARE_FULL]


def test_a_reranker_is_left_out_and_made_to_read_everything(classifier: Classifier) -> None:
    reranked = with_reranker(classifier)
    found = dict(ways_to_read(reranked))
    assert [*found] == [SERVED, STUDENT, BARE_FULL, BARE, ALWAYS]
    assert found[BARE].eyes.reranker is None
    assert all(model.reranking is None for model in found[BARE].models)
    assert found[ALWAYS].depth is Depth.FULL


def test_pairs_are_counted_and_none_without_a_reranker(classifier: Classifier) -> None:
    truth = _truth(classifier, "team")
    pairs = {
        name: read_with(one, "team", TEXTS, truth, {})["pairs"]
        for name, one in ways_to_read(with_reranker(classifier, most=2))
    }
    asked = sum(m.reranking is not None for m in with_reranker(classifier).models)
    assert pairs[STUDENT] == pairs[BARE] == pairs[BARE_FULL] == 0
    assert 2 * len(TEXTS) <= pairs[ALWAYS] <= 2 * asked * len(TEXTS)
    assert pairs[SERVED] <= pairs[ALWAYS]


def test_log_loss_is_the_surprise_at_the_true_labels(classifier: Classifier) -> None:
    best = classifier.judge(TEXTS)["team"].probabilities.max(axis=1).astype(np.float64)
    truth = _truth(classifier, "team")
    found = read_with(classifier, "team", TEXTS, truth, {})

    assert found["log_loss"] == pytest.approx(-np.log(best).mean(), rel=1e-5)


def test_what_is_always_right_confuses_nothing(classifier: Classifier) -> None:
    found = read_with(classifier, "team", TEXTS, _truth(classifier, "team"), {})
    assert found["accuracy"] == found["mean_reciprocal_rank"] == found["recall_at_5"] == 1.0
    assert found["siblings"] == 0.0


def test_siblings_are_those_of_one_parent_where_parents_are_named(classifier: Classifier) -> None:
    labels = classifier.model_of("team").labels
    truth = _truth(classifier, "team")
    other = [labels[(labels.index(one) + 1) % len(labels)] for one in truth]
    one_family = dict.fromkeys(labels, "all")
    own_families = {label: label for label in labels}
    assert read_with(classifier, "team", TEXTS, other, one_family)["siblings"] == 1.0
    assert read_with(classifier, "team", TEXTS, other, own_families)["siblings"] == 0.0


def test_cuts_in_the_middle_change_no_probability(classifier: Classifier) -> None:
    fixed = cut_in_the_middle(classifier)
    assert all((model.cuts == 0.5).all() for model in fixed.models)
    one, other = (each.at_depth(Depth.FULL).judge(TEXTS) for each in (classifier, fixed))
    for name, judged in one.items():
        np.testing.assert_array_equal(judged.probabilities, other[name].probabilities)
