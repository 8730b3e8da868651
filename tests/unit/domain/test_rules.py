"""A rule that cannot be meant says so, and the others know what they are for."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from sortyard.domain.predictions import Choice, Reason, Route
from sortyard.domain.rules import (
    Act,
    Part,
    Rule,
    RuleStage,
    When,
    Words,
    is_under,
    problems_among,
)
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from tests.unit.rules_for_tests import answering, rule_lists

TAXONOMY = Taxonomy(
    dimensions=(
        Dimension(
            name="team",
            labels=(Label(name="billing", children=(Label(name="refunds"),)), Label(name="legal")),
        ),
        Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="angry"),)),
    )
)
FINE = answering("refund", example="A refund, please")


def choices(label: str = "legal", confidence: float | None = 0.9) -> dict[str, Choice]:
    return {
        "team": Choice(
            dimension="team",
            labels=(label,),
            confidence=confidence,
            route=Route.AUTO,
            reason=Reason.RULE if confidence is None else None,
        )
    }


def after(**when: object) -> Rule:
    return Rule(
        name="lawyers",
        act=Act.REVIEW,
        stage=RuleStage.AFTER,
        when=When(**when),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (replace(FINE, name=" "), "has a name"),
        (replace(FINE, name="two\nlines"), "on one line"),
        (replace(FINE, words=Words(), examples=()), "nothing about the messages"),
        (replace(FINE, words=Words(every=("",))), "an empty pattern"),
        (replace(FINE, when=When(labels={"team": ("legal",)})), "only at the stage `after`"),
        (replace(FINE, examples=()), "has no example"),
        (replace(FINE, words=Words(), where={"source": ("email",)}), "no pattern to try them on"),
        (replace(FINE, labels={}), "`answer` names no label"),
        (replace(FINE, act=Act.VETO, labels={"team": ()}), "a dimension without a label"),
        (replace(FINE, where={"source": ()}), "a field without a value"),
    ],
)
def test_a_rule_that_cannot_be_meant_says_why(rule: Rule, problem: str) -> None:
    assert any(problem in one for one in rule.problems()), [*rule.problems()]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (replace(FINE, labels={"teem": ("billing",)}), "Did you mean 'team'"),
        (answering("x", team="biling"), "Did you mean 'billing'"),
        (replace(FINE, labels={"team": ("billing", "legal")}), "exactly one label, not 2"),
        (replace(FINE, labels={"team": ()}), "exactly one label, not 0"),
        (after(labels={"team": ("lgal",)}), "Did you mean 'legal'"),
    ],
)
def test_a_label_that_there_is_not_is_named(rule: Rule, problem: str) -> None:
    assert any(problem in one for one in rule.misfits(TAXONOMY)), [*rule.misfits(TAXONOMY)]


def test_a_dimension_of_many_labels_may_be_answered_with_none() -> None:
    assert [*replace(FINE, labels={"flags": ()}).misfits(TAXONOMY)] == []


def test_two_rules_of_one_name_are_a_problem() -> None:
    assert [*problems_among([FINE, FINE])] == ["2 rules are called 'a rule'"]


@settings(max_examples=40, deadline=None)
@given(rule_lists(TAXONOMY))
def test_rules_that_can_be_meant_have_no_problem(rules: tuple[Rule, ...]) -> None:
    assert [*problems_among(rules, TAXONOMY)] == []


@pytest.mark.parametrize(
    ("value", "fits"), [("email", True), ("Email", False), (1, True), (True, True), (None, False)]
)
def test_metadata_are_compared_as_text(value: object, *, fits: bool) -> None:
    rule = replace(FINE, where={"field": ("email", "1", "true")})

    assert rule.fits_metadata({"field": value}) is fits  # type: ignore[dict-item]


def test_metadata_that_are_absent_fit_nothing() -> None:
    assert not replace(FINE, where={"field": ("x",)}).fits_metadata({})


@pytest.mark.parametrize("wanted", ["billing/refunds", "billing"])
def test_what_was_answered_may_be_a_label_or_one_below_it(wanted: str) -> None:
    assert after(labels={"team": (wanted,)}).follows(choices("billing/refunds"))


@pytest.mark.parametrize("wanted", ["billing/refunds", "legal", "bill"])
def test_a_parent_that_was_answered_is_not_its_child(wanted: str) -> None:
    assert not after(labels={"team": (wanted,)}).follows(choices("billing"))


@pytest.mark.parametrize(("confidence", "follows"), [(0.79, True), (0.8, False), (None, False)])
def test_only_a_confidence_can_be_too_low(confidence: float | None, *, follows: bool) -> None:
    rule = after(labels={"team": ("legal",)}, confidence_below=0.8)

    assert rule.follows(choices(confidence=confidence)) is follows


def test_without_a_label_the_limit_is_for_what_the_rule_acts_on() -> None:
    assert after(confidence_below=0.95).follows(choices(confidence=0.9))


def test_an_example_is_what_the_rule_reads() -> None:
    rule = replace(FINE, words=Words(part=Part.SUBJECT, every=("refund",)))

    assert (rule.sample("Refund!").subject, rule.sample("Refund!").text) == ("Refund!", "")


def test_an_example_has_the_metadata_that_the_rule_asks_for() -> None:
    rule = replace(FINE, where={"source": ("email", "form")})

    assert rule.fits_metadata(rule.sample("refund").metadata)


@pytest.mark.parametrize(
    ("label", "under"), [("a/b/c", True), ("a/b", True), ("a", False), ("a/bc", False)]
)
def test_a_label_is_under_itself_and_what_is_above(label: str, *, under: bool) -> None:
    assert is_under(label, ["a/b"]) is under
