"""A release is measured with every part of its line, and as it will answer."""

from dataclasses import replace

import pytest

from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.training.measure import BARE, RERANKED, STAGES, stages_of
from tests.contracts.tiny_release import tiny_dataset, train_tiny, with_reranker


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return train_tiny(tiny_dataset(120))


def test_every_depth_is_measured_and_the_cascade_last(classifier: Classifier) -> None:
    stages = stages_of(classifier)
    assert [*stages] == [*STAGES.values()]
    assert [one.depth for one in stages.values()] == [*STAGES]


def test_without_an_encoder_there_is_one_stage(classifier: Classifier) -> None:
    eyes = replace(classifier.eyes, encoder=None, reference=None)
    models = tuple(replace(model, full=None) for model in classifier.models)
    alone = replace(classifier, eyes=eyes, models=models, depth=Depth.STATIC)
    assert stages_of(alone) == {STAGES[Depth.STATIC]: alone}


def test_a_reranker_is_measured_beside_the_line_without_it(classifier: Classifier) -> None:
    reranked = with_reranker(classifier)
    stages = stages_of(reranked)
    assert [*stages] == [STAGES[Depth.STATIC], STAGES[Depth.FULL], BARE, RERANKED]
    assert stages.pop(RERANKED) is reranked
    assert all(model.reranking is None for one in stages.values() for model in one.models)
