"""One dimension at one stage: views add up, and its parts survive storage."""

import json
from dataclasses import replace

import numpy as np
import pytest

from sortyard.models.classifier import Classifier
from sortyard.models.line import Line, Seen

TEXTS = ["refund the invoice for the toner", "the printer", "unheard of", "", "erase my data"]


@pytest.fixture(scope="module")
def seen(trained: Classifier) -> Seen:
    glanced = trained.eyes.glance(TEXTS)
    return trained.eyes.read(TEXTS, glanced.wording)


@pytest.fixture(params=[0, 1, 2], ids=["team", "topic", "flags"])
def line(request: pytest.FixtureRequest, trained: Classifier) -> Line:
    full = trained.models[request.param].full
    assert full is not None
    return full


def test_the_score_is_the_weighted_sum_of_the_views(line: Line, seen: Seen) -> None:
    assert line.neighbours is not None
    assert seen.similarities is not None
    expected = (
        line.weights.meaning * line.meaning.scores(seen.vectors)
        + line.weights.wording * line.wording.scores(seen.wording)
        + line.weights.neighbours * line.neighbours.scores(seen.similarities)
    )
    np.testing.assert_allclose(line.scores(seen), expected, rtol=1e-4, atol=1e-4)


def test_probabilities_are_some(line: Line, seen: Seen) -> None:
    judged = line.judge(seen)
    assert ((judged.probabilities >= 0.0) & (judged.probabilities <= 1.0)).all()
    assert ((judged.novelty >= 0.0) & (judged.novelty <= 1.0)).all()
    if line.exclusive:
        np.testing.assert_allclose(judged.probabilities.sum(axis=1), 1.0, rtol=1e-5)


def test_every_label_has_a_column(line: Line, seen: Seen, trained: Classifier) -> None:
    model = next(one for one in trained.models if one.full is line)
    assert line.judge(seen).probabilities.shape == (len(TEXTS), len(model.labels))


def test_judging_twice_says_the_same(line: Line, seen: Seen) -> None:
    one, two = line.judge(seen), line.judge(seen)
    np.testing.assert_array_equal(one.probabilities, two.probabilities)
    np.testing.assert_array_equal(one.novelty, two.novelty)


def test_stored_and_read_back_it_judges_the_same(
    line: Line, seen: Seen, trained: Classifier
) -> None:
    model = next(one for one in trained.models if one.full is line)
    back = Line.from_parts(
        json.loads(json.dumps(line.to_dict())),
        line.arrays("x"),
        "x",
        labels=model.labels,
        wording=line.wording,
        calibrator=line.calibrator,
    )
    one, two = line.judge(seen), back.judge(seen)
    np.testing.assert_array_equal(one.probabilities, two.probabilities)
    np.testing.assert_array_equal(one.novelty, two.novelty)


def test_independent_labels_leave_a_new_one_its_own_chance(trained: Classifier, seen: Seen) -> None:
    team = trained.models[0].full
    assert team is not None
    shared = team.judge(seen).probabilities
    alone = replace(team, exclusive=False).judge(seen).probabilities
    assert (alone[:, -1] >= 0.0).all()
    assert (alone[:, :-1] >= shared[:, :-1]).all()
