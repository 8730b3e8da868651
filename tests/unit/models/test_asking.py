"""A question that does not arise is not asked, and nobody has to do anything about it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.predictions import Answer, Choice, Reason, Route
from sortyard.domain.rules import Act, Rule, RuleStage, When, Words
from sortyard.domain.taxonomy import Condition, Taxonomy
from sortyard.models.asking import Choices, asked, rows_asked_of
from sortyard.models.cascade import Depth, judge
from sortyard.models.classifier import Classifier
from sortyard.models.novelty import Familiarity
from sortyard.models.rules import Rulebook
from tests.contracts.tiny_release import TAXONOMY, tiny_dataset

TEXTS = list(tiny_dataset(60, seed=21).texts)
CONDITIONS = {
    "topic": (Condition("team", ("billing", "access")),),
    "flags": (Condition("topic", ("hardware",)),),
}


def conditional(
    classifier: Classifier, conditions: Mapping[str, tuple[Condition, ...]] = CONDITIONS
) -> Classifier:
    """Ask the same questions under conditions."""
    dimensions = tuple(
        replace(one, when=conditions.get(one.name, ())) for one in classifier.taxonomy.dimensions
    )
    taxonomy = Taxonomy(dimensions=dimensions)
    models = tuple(
        replace(model, dimension=taxonomy[model.dimension.name]) for model in classifier.models
    )
    return replace(classifier, taxonomy=taxonomy, models=models)


def answers(classifier: Classifier) -> list[Answer]:
    return [one for one in classifier.classify_batch(TEXTS) if isinstance(one, Answer)]


def same(choices: Choices) -> Choices:
    return choices


def test_a_question_is_open_exactly_where_its_condition_does_not_hold(trained: Classifier) -> None:
    found = answers(conditional(trained))
    silent = [one["topic"].reason is Reason.NOT_ASKED for one in found]
    assert silent == [one["team"].label not in {"billing", "access"} for one in found]
    assert 0 < sum(silent) < len(silent)


def test_what_is_asked_is_answered_as_without_conditions(trained: Classifier) -> None:
    for one, other in zip(answers(conditional(trained)), answers(trained), strict=True):
        for name, choice in one.choices.items():
            assert choice.reason is Reason.NOT_ASKED or choice.labels == other[name].labels


def test_an_open_question_has_no_label_and_needs_nobody(trained: Classifier) -> None:
    choices = [one["topic"] for one in answers(conditional(trained))]
    for choice in (one for one in choices if one.reason is Reason.NOT_ASKED):
        assert (choice.labels, choice.confidence, choice.route) == ((), None, Route.AUTO)


def test_no_question_rests_on_one_that_is_open(trained: Classifier) -> None:
    for one in answers(conditional(trained)):
        if one["topic"].reason is Reason.NOT_ASKED:
            assert one["flags"].reason is Reason.NOT_ASKED


def test_the_order_of_the_dimensions_does_not_matter(trained: Classifier) -> None:
    classifier = conditional(trained)
    turned = replace(
        classifier,
        taxonomy=Taxonomy(dimensions=classifier.taxonomy.dimensions[::-1]),
        models=classifier.models[::-1],
    )
    for one, other in zip(answers(classifier), answers(turned), strict=True):
        assert dict(one.choices) == dict(other.choices)


def test_of_a_message_without_text_nothing_is_asked_and_a_person_looks(
    trained: Classifier,
) -> None:
    answer = conditional(trained).classify("   ")
    assert {one.reason for one in answer.choices.values()} == {Reason.EMPTY}


def rule(act: Act, team: str, **facts: object) -> Rule:
    made = Rule(
        name="a rule",
        act=act,
        labels={"team": (team,)},
        words=Words(every=("case",)),
        examples=("case",),
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def ruled(classifier: Classifier, *rules: Rule) -> list[Answer]:
    return answers(classifier.ruled_by(Rulebook.of(rules, classifier.taxonomy)))


def test_a_rule_that_answers_a_condition_makes_the_question_arise(trained: Classifier) -> None:
    found = ruled(conditional(trained), rule(Act.ANSWER, "billing"))
    assert all(one["topic"].reason is not Reason.NOT_ASKED for one in found)
    assert [one["topic"].labels for one in found] == [
        one["topic"].labels for one in answers(trained)
    ]


def test_a_rule_that_answers_a_condition_otherwise_closes_the_question(
    trained: Classifier,
) -> None:
    found = ruled(conditional(trained), rule(Act.ANSWER, "delivery"))
    assert all(one["topic"].reason is Reason.NOT_ASKED for one in found)


def test_what_a_rule_answers_itself_stands(trained: Classifier) -> None:
    given = {"team": ("delivery",), "topic": ("software/mail",)}
    found = ruled(conditional(trained), rule(Act.ANSWER, "delivery", labels=given))
    assert all(one["topic"].labels == ("software/mail",) for one in found)


def test_a_rule_sees_no_answer_to_a_question_that_is_not_asked(trained: Classifier) -> None:
    wanted = rule(
        Act.REVIEW,
        "team",
        labels={"team": ()},
        stage=RuleStage.AFTER,
        when=When(labels={"topic": ("hardware", "software")}),
    )
    for one in ruled(conditional(trained), wanted):
        open_ = one["topic"].reason is Reason.NOT_ASKED
        assert (one["team"].reason is Reason.RULE) is not open_


def test_only_what_is_asked_sends_a_text_to_the_encoder(trained: Classifier) -> None:
    known = Familiarity(np.full(1_001, -1e9, dtype=np.float32))  # nothing is strange to it
    models = tuple(
        replace(
            model,
            lead=2.0 if model.dimension.name == "topic" else -1.0,
            student=replace(model.student, familiarity=known),
        )
        for model in trained.models
    )
    classifier = conditional(replace(trained, models=models))
    first, judged = (
        judge(TEXTS, classifier.eyes, classifier.models, depth)
        for depth in (Depth.STATIC, Depth.CASCADE)
    )
    tables = [first[model.dimension.name].probabilities for model in classifier.models]
    _, topic, _ = rows_asked_of(classifier.models, tables)
    np.testing.assert_array_equal(judged["team"].read, topic)
    assert 0 < topic.sum() < len(topic)


CHOICES = st.fixed_dictionaries(
    {
        one.name: st.sampled_from([(), *((path,) for path in one.paths)])
        for one in TAXONOMY.dimensions
    }
)


@settings(deadline=None)
@given(CHOICES)
def test_asking_again_changes_nothing(labels: Mapping[str, tuple[str, ...]]) -> None:
    taxonomy = Taxonomy(
        dimensions=tuple(
            replace(one, when=CONDITIONS.get(one.name, ())) for one in TAXONOMY.dimensions
        )
    )
    choices = {
        name: Choice(dimension=name, labels=held, confidence=0.5, route=Route.AUTO)
        for name, held in labels.items()
    }
    once = asked(taxonomy, choices, same)
    assert asked(taxonomy, once, same) == once
    assert list(once) == list(choices)


@pytest.mark.parametrize("name", TAXONOMY.names)
def test_without_conditions_everything_is_asked(trained: Classifier, name: str) -> None:
    assert all(one[name].reason is not Reason.NOT_ASKED for one in answers(trained))
