"""In haste the student answers alone, and says where the encoder was due."""

from dataclasses import replace

import pytest

from sortyard.domain.predictions import Answer, Degradation, Reason, Route, Stage
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from tests.contracts.tiny_release import tiny_dataset

TEXTS = tiny_dataset(60, seed=11).texts
BOTH = [Degradation.NO_ENCODER, Degradation.WIDER_REVIEW]


def with_leads(classifier: Classifier, lead: float) -> Classifier:
    models = tuple(replace(model, lead=lead) for model in classifier.models)
    return replace(classifier, models=models)


def answers(classifier: Classifier) -> list[Answer]:
    return [one for one in classifier.classify_batch(TEXTS) if isinstance(one, Answer)]


@pytest.fixture(scope="module")
def halfway(trained: Classifier) -> Classifier:
    """A release whose student is sure of some messages and not of others."""
    return with_leads(trained, 0.5)


@pytest.mark.parametrize("degradation", BOTH)
def test_what_the_student_is_sure_of_has_the_same_answer_as_ever(
    halfway: Classifier, degradation: Degradation
) -> None:
    usual, hasty = answers(halfway), answers(halfway.degraded(degradation))
    for one, other in zip(usual, hasty, strict=True):
        read = any(choice.stage is Stage.ENCODER for choice in one.choices.values())
        assert other.degraded == (degradation if read else None)
        assert read or other == one
    assert {one.degraded for one in hasty} == {None, degradation}


@pytest.mark.parametrize("degradation", BOTH)
def test_in_haste_the_encoder_reads_nothing(halfway: Classifier, degradation: Degradation) -> None:
    for answer in answers(halfway.degraded(degradation)):
        assert all(choice.stage is Stage.STATIC for choice in answer.choices.values())


def test_a_wider_review_takes_only_what_is_unsure_and_would_have_been_done_alone(
    trained: Classifier,
) -> None:
    unsure = with_leads(trained, 2.0)
    narrow = answers(unsure.degraded(Degradation.NO_ENCODER))
    wide = answers(unsure.degraded(Degradation.WIDER_REVIEW))
    changed = 0
    for one, other in zip(narrow, wide, strict=True):
        for name, choice in one.choices.items():
            expected = choice
            if choice.route is Route.AUTO:
                changed += 1
                expected = replace(choice, route=Route.REVIEW, reason=Reason.OVERLOAD)
            assert other[name] == expected
    assert changed


@pytest.mark.parametrize("degradation", BOTH)
def test_a_release_that_reads_everything_lacks_the_encoder_everywhere(
    trained: Classifier, degradation: Degradation
) -> None:
    hasty = answers(with_leads(trained, 0.0).at_depth(Depth.FULL).degraded(degradation))
    assert {one.degraded for one in hasty} == {degradation}


@pytest.mark.parametrize("degradation", BOTH)
def test_where_the_student_answers_alone_anyway_nothing_is_left_out(
    halfway: Classifier, degradation: Degradation
) -> None:
    alone = halfway.at_depth(Depth.STATIC)
    assert answers(alone.degraded(degradation)) == answers(alone)
