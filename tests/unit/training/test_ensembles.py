"""A release whose encoder is read as published and as tuned."""

from dataclasses import replace

import numpy as np
import pytest

from sortyard.app.loading import load
from sortyard.domain.ports import Silence
from sortyard.models.classifier import Classifier
from sortyard.training.run import train
from sortyard.training.tuning.options import Tuning
from tests.contracts.tiny_bert import LAYERS, write_tiny_bert
from tests.unit.training.archives import noon, order, tickets

ROWS = tickets(np.random.default_rng(8), each=12)
TUNING = Tuning(epochs=2.0, batch=8, rate=1e-3, frozen_layers=1)
TEXT = "please refund the charge on my invoice"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    pytest.importorskip("torch", reason="tuning needs the extra `tune`")
    pytest.importorskip("transformers", reason="tuning needs the extra `tune`")
    place = tmp_path_factory.mktemp("ensemble")
    plain = order(ROWS, write_tiny_bert(place / "encoder", np.random.default_rng(8)))
    recipe = replace(plain.recipe, folds=2, tuning=TUNING, ensemble=True)
    made = train(
        replace(plain, recipe=recipe),
        releases=place / "releases",
        cache=place / "cache",
        progress=Silence(),
        now=noon,
    )
    return load(made.folder)


def test_it_sees_what_both_see_and_what_is_common_once(both: Classifier) -> None:
    assert both.eyes.encoder is not None
    own = LAYERS - TUNING.frozen_layers
    assert both.eyes.encoder.blocks == LAYERS + own


def test_it_answers(both: Classifier) -> None:
    assert both.reading_everything().classify(TEXT)["team"].label is not None


def test_its_explanation_adds_up(both: Classifier) -> None:
    found = both.explain(TEXT)

    total = found.constant + found.nearest + sum(one.contribution for one in found.terms)
    assert total == pytest.approx(found.score, abs=1e-3)
