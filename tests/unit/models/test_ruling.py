"""What rules make of an answer: laws that hold for any rules and any message."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.messages import Message
from sortyard.domain.predictions import Answer, Choice, Degradation, Reason, Route, Source
from sortyard.domain.rules import Act, Rule, RuleStage, When, Words
from sortyard.domain.taxonomy import Taxonomy, is_under
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier
from sortyard.models.rules import Rulebook
from tests.contracts.tiny_release import TAXONOMY, tiny_dataset
from tests.unit.rules_for_tests import SOURCES, answering, rule_lists

pytest.importorskip("re2", reason="the extra `serve` is not installed here")

TICKETS = tiny_dataset(60, seed=6).texts
TEXT = TICKETS[0]
SEVERAL = settings(max_examples=60, deadline=None)
MESSAGES = st.lists(
    st.builds(
        Message,
        st.just("m"),
        st.sampled_from((*TICKETS, "", "unheard of")),
        st.none() | st.sampled_from(TICKETS),
        st.dictionaries(st.just("source"), st.sampled_from(SOURCES)),
    ),
    min_size=1,
    max_size=4,
)
RULES = rule_lists(TAXONOMY)


def ruled(classifier: Classifier, *rules: Rule, taxonomy: Taxonomy = TAXONOMY) -> Classifier:
    return classifier.ruled_by(Rulebook.of(rules, taxonomy))


def answers(classifier: Classifier, messages: list[Message]) -> list[Answer]:
    return list(classifier.answer([classifier.prepare(message) for message in messages]))


def fitting(classifier: Classifier, message: Message) -> tuple[Rule, ...]:
    return classifier.rulebook.at(classifier.prepare(message).rules)


def veto(*labels: str, dimension: str = "team", name: str = "no") -> Rule:
    return Rule(
        name=name,
        act=Act.VETO,
        labels={dimension: labels},
        words=Words(every=(".",)),
        examples=("x",),
    )


def review(*dimensions: str, **when: object) -> Rule:
    return Rule(
        name="look",
        act=Act.REVIEW,
        labels=dict.fromkeys(dimensions, ()),
        stage=RuleStage.AFTER,
        words=Words(every=(".",)),
        when=When(**when),  # type: ignore[arg-type]
        examples=("x",),
    )


def everywhere(team: str = "access", **changes: object) -> Rule:
    return replace(answering(".", team=team, example="x"), **changes)  # type: ignore[arg-type]


@SEVERAL
@given(RULES, MESSAGES)
def test_a_rule_answers_without_a_confidence(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    for answer in answers(ruled(trained, *rules), messages):
        for choice in answer.choices.values():
            if choice.source is Source.RULE:
                assert (choice.confidence, choice.candidates, choice.stage) == (None, (), None)
                assert choice.rule in {rule.name for rule in rules}


@SEVERAL
@given(RULES, MESSAGES)
def test_the_first_answer_before_the_models_stands(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    classifier = ruled(trained, *rules)
    for message, answer in zip(messages, answers(classifier, messages), strict=True):
        first: dict[str, tuple[str, ...]] = {}
        for rule in fitting(classifier, message):
            if rule.act is Act.ANSWER and rule.stage is RuleStage.BEFORE:
                first = {**rule.labels, **first}
        assert {name: answer[name].labels for name in first} == first


@SEVERAL
@given(RULES, MESSAGES)
def test_a_review_beats_everything(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    classifier = ruled(trained, *rules)
    for message, answer in zip(messages, answers(classifier, messages), strict=True):
        for rule in fitting(classifier, message):
            if rule.act is Act.REVIEW and rule.follows(answer.choices):
                for name in rule.dimensions(answer.choices):
                    choice = answer[name]
                    assert (choice.route, choice.reason) == (Route.REVIEW, Reason.RULE)


@SEVERAL
@given(RULES, MESSAGES)
def test_the_models_never_say_what_is_vetoed(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    classifier = ruled(trained, *rules)
    for message, answer in zip(messages, answers(classifier, messages), strict=True):
        for rule in fitting(classifier, message):
            if rule.act is Act.VETO and not rule.when:
                for name, labels in rule.labels.items():
                    choice = answer[name]
                    said = {*choice.labels, *(one.label for one in choice.candidates)}
                    if choice.source is Source.MODEL:
                        assert not any(is_under(label, labels) for label in said)


@SEVERAL
@given(RULES, MESSAGES)
def test_a_veto_makes_no_answer_more_daring(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    plain = answers(trained, messages)
    for before, answer in zip(plain, answers(ruled(trained, *rules), messages), strict=True):
        for name, choice in answer.choices.items():
            if choice.reason is Reason.VETOED:
                assert choice.route is not Route.AUTO
                assert before[name].route is not Route.REVIEW or choice.route is Route.REVIEW


@SEVERAL
@given(RULES, MESSAGES)
def test_a_message_that_no_rule_fits_is_answered_as_without_rules(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    classifier = ruled(trained, *rules)
    others = [message for message in messages if not fitting(classifier, message)]

    assert answers(classifier, others) == answers(trained, others)


@SEVERAL
@given(RULES, MESSAGES)
def test_messages_of_the_same_sight_have_the_same_answer(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    classifier = ruled(trained, *rules)
    prepared = [classifier.prepare(message) for message in messages]
    seen: dict[object, list[object]] = {}
    for one, answer in zip(prepared, classifier.answer(prepared), strict=True):
        said = [(choice.labels, choice.route, choice.rule) for choice in answer.choices.values()]
        assert seen.setdefault(classifier.sight(one), said) == said


@SEVERAL
@given(RULES, MESSAGES)
def test_every_label_is_one_of_the_taxonomy(
    trained: Classifier, rules: tuple[Rule, ...], messages: list[Message]
) -> None:
    for answer in answers(ruled(trained, *rules), messages):
        assert tuple(answer.choices) == TAXONOMY.names
        for name, choice in answer.choices.items():
            assert set(choice.labels) <= set(TAXONOMY[name].paths)


def test_a_rule_answers_alone(trained: Classifier) -> None:
    choice = ruled(trained, everywhere("delivery")).classify(TEXT)["team"]

    assert choice == Choice(
        dimension="team",
        labels=("delivery",),
        confidence=None,
        route=Route.AUTO,
        reason=Reason.RULE,
        source=Source.RULE,
        rule="a rule",
    )


def test_the_other_dimensions_are_left_to_the_models(trained: Classifier) -> None:
    found = ruled(trained, everywhere("delivery")).classify(TEXT)

    assert found["topic"] == trained.classify(TEXT)["topic"]


def test_where_rules_answer_everything_no_model_runs(trained: Classifier) -> None:
    labels = {"team": ("access",), "topic": ("software",), "flags": ()}
    eyes = replace(trained.eyes, static=None, encoder=None)  # type: ignore[arg-type]
    blind = replace(ruled(trained, everywhere(labels=labels)), eyes=eyes)

    assert {name: one.labels for name, one in blind.classify(TEXT).choices.items()} == labels


def test_a_text_of_nothing_can_be_answered(trained: Classifier) -> None:
    rule = answering("^$", team="access", example=" ")
    found = ruled(trained, rule).classify(" ")

    assert (found["team"].labels, found["topic"].reason) == (("access",), Reason.EMPTY)


def test_the_taxonomy_is_honoured_by_rules(trained: Classifier) -> None:
    (team, *others) = trained.models
    policy = replace(team.policy, always_review=frozenset({"access"}))
    strict = replace(trained, models=(replace(team, policy=policy), *others))
    choice = ruled(strict, everywhere("access")).classify(TEXT)["team"]

    assert (choice.route, choice.reason) == (Route.REVIEW, Reason.ALWAYS_REVIEW)


def test_an_answer_after_the_models_can_look_at_theirs(trained: Classifier) -> None:
    topic = trained.classify(TEXT)["topic"].label or ""
    rule = everywhere("privacy", stage=RuleStage.AFTER, when=When(labels={"topic": (topic,)}))

    assert ruled(trained, rule).classify(TEXT)["team"].labels == ("privacy",)


def test_an_answer_before_the_models_comes_first(trained: Classifier) -> None:
    late = everywhere("privacy", name="late", stage=RuleStage.AFTER)

    assert ruled(trained, late, everywhere("access")).classify(TEXT)["team"].labels == ("access",)


def test_after_a_veto_the_next_label_has_its_own_confidence(trained: Classifier) -> None:
    best, second, *_ = trained.classify(TEXT)["team"].candidates
    choice = ruled(trained, veto(best.label)).classify(TEXT)["team"]

    assert (choice.label, choice.confidence) == (second.label, pytest.approx(second.confidence))
    assert (choice.reason, choice.source, choice.rule) == (Reason.VETOED, Source.MODEL, "no")


def test_the_next_label_does_not_depend_on_how_many_are_shown(trained: Classifier) -> None:
    best, second, *_ = trained.classify(TEXT)["team"].candidates
    classifier = ruled(trained, veto(best.label))
    (answer,) = classifier.answer([classifier.prepare(TEXT)], candidates=1)

    assert (answer["team"].label, len(answer["team"].candidates)) == (second.label, 1)


def test_a_veto_of_a_parent_is_one_of_all_below_it(trained: Classifier) -> None:
    parent = (trained.classify(TEXT)["topic"].label or "").split("/")[0]
    choice = ruled(trained, veto(parent, dimension="topic")).classify(TEXT)["topic"]

    assert not is_under(choice.label or "", [parent])


def test_where_every_label_is_vetoed_a_person_decides(trained: Classifier) -> None:
    choice = ruled(trained, veto(*TAXONOMY["team"].paths)).classify(TEXT)["team"]

    assert (choice.labels, choice.confidence, choice.route) == ((), None, Route.REVIEW)
    assert choice.reason is Reason.VETOED


def test_a_veto_takes_one_label_out_of_a_set(trained: Classifier) -> None:
    text = next(t for t in TICKETS if trained.classify(t)["flags"].labels == ("angry", "urgent"))
    choice = ruled(trained, veto("angry", dimension="flags")).classify(text)["flags"]

    assert (choice.labels, choice.reason) == (("urgent",), Reason.VETOED)


def test_a_veto_of_another_label_changes_nothing_but_the_candidates(trained: Classifier) -> None:
    before = trained.classify(TEXT)["team"]
    other = before.candidates[-1].label
    kept = tuple(one for one in before.candidates if one.label != other)

    assert ruled(trained, veto(other)).classify(TEXT)["team"] == replace(before, candidates=kept)


def test_a_veto_leaves_the_answer_of_a_rule_alone(trained: Classifier) -> None:
    choice = ruled(trained, veto("access"), everywhere("access")).classify(TEXT)["team"]

    assert (choice.labels, choice.source) == (("access",), Source.RULE)


def test_a_review_keeps_the_answer_that_there_is(trained: Classifier) -> None:
    before = trained.classify(TEXT)["team"]
    choice = ruled(trained, review("team")).classify(TEXT)["team"]

    assert choice == replace(before, route=Route.REVIEW, reason=Reason.RULE, rule="look")


def test_a_review_of_nothing_in_particular_is_one_of_everything(trained: Classifier) -> None:
    found = ruled(trained, review()).classify(TEXT)

    assert {choice.rule for choice in found.choices.values()} == {"look"}


def test_a_review_looks_at_what_would_be_answered(trained: Classifier) -> None:
    best, second, *_ = trained.classify(TEXT)["team"].candidates
    look = review("team", labels={"team": (second.label,)})
    choice = ruled(trained, look, veto(best.label)).classify(TEXT)["team"]

    assert (choice.label, choice.route, choice.rule) == (second.label, Route.REVIEW, "look")


def test_what_is_sure_enough_needs_no_review(trained: Classifier) -> None:
    look = review("team", confidence_below=0.0)

    assert ruled(trained, look).classify(TEXT)["team"] == trained.classify(TEXT)["team"]


@pytest.mark.parametrize("degradation", Degradation)
def test_a_rule_is_as_sure_as_ever_when_there_is_no_time(
    trained: Classifier, degradation: Degradation
) -> None:
    calm = ruled(trained, everywhere("access"))

    assert calm.degraded(degradation).classify(TEXT)["team"] == calm.classify(TEXT)["team"]


@pytest.mark.parametrize("depth", Depth)
def test_alone_a_message_gets_the_answer_it_gets_in_a_batch(
    trained: Classifier, depth: Depth
) -> None:
    rules = (veto("billing"), answering("refund", team="privacy"), review("flags"))
    classifier = ruled(trained, *rules).at_depth(depth)
    together = answers(classifier, [Message("1", text) for text in TICKETS])
    for text, expected in zip(TICKETS, together, strict=True):
        alone = classifier.classify(text)
        for name, choice in alone.choices.items():
            assert (choice.labels, choice.route) == (expected[name].labels, expected[name].route)
