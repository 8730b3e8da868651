"""Rules are tried on their own examples, and on messages."""

from dataclasses import replace

import pytest

from sortyard.domain.messages import Message
from sortyard.domain.rules import Act, Rule
from sortyard.evaluation.rule_check import RuleTrial, Slip, failed_examples, try_rules
from sortyard.models.rules import Rulebook
from sortyard.text.preparation import Preparation
from tests.unit.rules_for_tests import answering

pytest.importorskip("re2", reason="the extra `serve` is not installed here")

PREPARATION = Preparation.default()
REFUNDS = answering("refund", name="refunds", example="A refund, please")


def tried(*rules: Rule, messages: tuple[str, ...] = ()) -> tuple[RuleTrial, ...]:
    given = (Message(str(number), text) for number, text in enumerate(messages))
    return try_rules(Rulebook.of(rules), PREPARATION, given)


def test_a_rule_that_fits_its_examples_passes() -> None:
    (trial,) = tried(replace(REFUNDS, counterexamples=("An invoice, please",)))

    assert trial.passed


def test_an_example_that_is_missed_is_named() -> None:
    (trial,) = tried(replace(REFUNDS, examples=("refund", "money back")))
    (failure,) = trial.failures

    assert (failure.slip, failure.number, failure.text) == (Slip.MISSED, 2, "money back")


def test_a_counterexample_that_is_caught_is_named() -> None:
    (trial,) = tried(replace(REFUNDS, counterexamples=("no refund",)))
    (failure,) = trial.failures

    assert (failure.slip, failure.number) == (Slip.CAUGHT, 1)


def test_a_failure_keeps_the_words_of_an_example_to_itself() -> None:
    book = Rulebook.of([replace(REFUNDS, examples=("money back",), counterexamples=("refund",))])

    assert failed_examples(book, PREPARATION) == (
        "rule 'refunds': it does not fit its example 1",
        "rule 'refunds': it fits its counterexample 1",
    )


def test_what_rules_fit_is_counted() -> None:
    trials = tried(REFUNDS, answering("x"), messages=("refund", "REFUND!", "hello"))

    assert [trial.fits for trial in trials] == [2, 0]


def test_own_examples_are_not_counted_as_messages() -> None:
    (trial,) = tried(REFUNDS)

    assert trial.fits == 0


def test_an_earlier_rule_that_answers_otherwise_is_named() -> None:
    other = replace(REFUNDS, name="other", labels={"team": ("access",)})
    first, second = tried(REFUNDS, other, messages=("refund", "hello"))

    # Twice by the examples of both, once by a message.
    assert (first.behind, second.behind) == ((), (("refunds", 3),))


@pytest.mark.parametrize(
    "other",
    [
        replace(REFUNDS, name="same"),
        replace(REFUNDS, name="elsewhere", labels={"topic": ("access",)}),
        replace(REFUNDS, name="look", act=Act.REVIEW, labels={}),
    ],
)
def test_rules_that_agree_do_not_overlap(other: Rule) -> None:
    assert [trial.behind for trial in tried(REFUNDS, other)] == [(), ()]
