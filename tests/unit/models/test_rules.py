"""Which rules fit a message is known from its words and metadata."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidRules
from sortyard.domain.messages import Message
from sortyard.domain.rules import Act, Part, Rule, RuleStage, When, Words
from sortyard.models.rules import NO_RULES, Rulebook
from sortyard.text.preparation import Preparation
from tests.contracts.tiny_release import TAXONOMY
from tests.unit.rules_for_tests import SPOKEN, answering, rule_lists

pytest.importorskip("re2", reason="the extra `serve` is not installed here")

PREPARATION = Preparation.default()
WORD = st.text("abcdefghijklmnopqrstuvwxyz0123456789.*+?()[]|^$", min_size=1, max_size=8)
PATTERNS = st.lists(WORD.map(re.escape), min_size=1, max_size=4)
TALK = st.lists(st.sampled_from((*SPOKEN, "hello", "<b>", "Ünï")), max_size=6).map(" ".join)
MESSAGES = st.builds(
    Message,
    st.just("m"),
    TALK,
    st.none() | TALK,
    st.dictionaries(st.just("source"), st.sampled_from(["email", "form", "fax"])),
)


def fitting(message: Message, *rules: Rule) -> tuple[str, ...]:
    book = Rulebook.of(rules)
    places = book.fitting(message, PREPARATION.prepare(message), PREPARATION)
    return tuple(rule.name for rule in book.at(places))


def fits(message: Message | str, **words: object) -> bool:
    rule = replace(answering("x"), words=Words(**words))  # type: ignore[arg-type]
    given = Message("m", message) if isinstance(message, str) else message
    return fitting(given, rule) == ("a rule",)


def test_no_rules_fit_nothing() -> None:
    assert NO_RULES.fitting(Message("m", "refund"), "refund", PREPARATION) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("refund the invoice", True), ("refund", False), ("refund the invoice, case 7", False)],
)
def test_all_are_there_and_none_of_the_others(text: str, *, expected: bool) -> None:
    assert fits(text, every=("refund", "invoice"), none_of=("case",)) is expected


@pytest.mark.parametrize(("text", "expected"), [("refund", True), ("invoice", True), ("x", False)])
def test_one_of_any_is_enough(text: str, *, expected: bool) -> None:
    assert fits(text, any_of=("refund", "invoice")) is expected


def test_a_rule_may_only_say_what_is_not_there() -> None:
    assert (fits("refund", none_of=("case",)), fits("case 7", none_of=("case",))) == (True, False)


@pytest.mark.parametrize(
    ("part", "expected"), [(Part.WHOLE, True), (Part.SUBJECT, True), (Part.TEXT, False)]
)
def test_a_rule_reads_its_part_of_a_message(part: Part, *, expected: bool) -> None:
    assert fits(Message("m", "hello", "refund"), part=part, every=("refund",)) is expected


def test_without_a_subject_the_text_is_all_there_is() -> None:
    assert fits("refund", part=Part.TEXT, every=("refund",))


def test_no_subject_is_an_empty_one() -> None:
    assert not fits("refund", part=Part.SUBJECT, every=("refund",))


def test_a_rule_reads_what_the_models_read() -> None:
    assert fits("<p>re<b>fund</b> na\u00c3\u00afve</p>", every=("refund", "naïve"))


def test_a_text_of_nothing_can_be_asked_for() -> None:
    assert fits(" \n", every=("^$",))


def test_metadata_alone_can_be_asked_for() -> None:
    rule = Rule(name="faxes", act=Act.REVIEW, where={"source": ("fax",)})

    assert fitting(Message("m", "hello", None, {"source": "fax"}), rule) == ("faxes",)


def test_words_and_metadata_both_have_to_fit() -> None:
    rule = replace(answering("refund"), where={"source": ("fax",)})

    assert fitting(Message("m", "refund", None, {"source": "email"}), rule) == ()


def test_rules_stand_in_the_order_of_their_file() -> None:
    late = replace(answering("refund"), name="late")
    wordless = Rule(name="wordless", act=Act.REVIEW, where={"source": ("fax",)})
    message = Message("m", "refund", None, {"source": "fax"})

    assert fitting(message, wordless, answering("invoice", name="no"), late) == ("wordless", "late")


@settings(max_examples=60, deadline=None)
@given(st.lists(PATTERNS, min_size=1, max_size=6), st.data())
def test_a_rule_fits_its_own_examples(lists: list[list[str]], data: st.DataObject) -> None:
    """Whatever other rules there are, and in whatever case and order the words stand."""
    rules = []
    for number, patterns in enumerate(lists):
        words = data.draw(st.permutations([re.sub(r"\\(.)", r"\1", one) for one in patterns]))
        example = data.draw(st.sampled_from([" ".join(words), " ".join(words).upper()]))
        part = data.draw(st.sampled_from(Part))
        rules.append(
            Rule(
                name=str(number),
                act=Act.REVIEW,
                words=Words(part=part, every=tuple(patterns)),
                where=data.draw(st.sampled_from([{}, {"source": ("email", "form")}])),
                examples=(example,),
            )
        )

    for rule in rules:
        assert rule.name in fitting(rule.sample(rule.examples[0]), *rules)


@settings(max_examples=60, deadline=None)
@given(rule_lists(TAXONOMY), MESSAGES)
def test_together_rules_fit_as_each_of_them_does(rules: tuple[Rule, ...], message: Message) -> None:
    alone = tuple(name for rule in rules for name in fitting(message, rule))

    assert fitting(message, *rules) == alone


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        ([answering("(?=a)", example="a")], "rule 'a rule': the pattern '(?=a)' looks around"),
        ([answering("a", team="bills")], "has no label 'bills'"),
        ([answering("a"), answering("b")], "2 rules are called 'a rule'"),
    ],
)
def test_rules_that_cannot_be_are_refused(rules: list[Rule], problem: str) -> None:
    with pytest.raises(InvalidRules) as caught:
        Rulebook.of(rules, TAXONOMY)

    assert any(problem in one for one in caught.value.problems), caught.value.problems


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = [answering("(", name="a", team="x"), answering(")", name="b", example="")]

    with pytest.raises(InvalidRules) as caught:
        Rulebook.of(wrong, TAXONOMY)
    assert len(caught.value.problems) == 3


def test_rules_that_answer_everything_leave_nothing_to_the_models() -> None:
    book = Rulebook.of([answering("a")])

    assert book.settles([0], ["team"])


@pytest.mark.parametrize(
    "rule",
    [
        replace(answering("a"), act=Act.VETO),
        replace(answering("a"), stage=RuleStage.AFTER),
        replace(answering("a"), stage=RuleStage.AFTER, when=When(confidence_below=0.5)),
    ],
)
def test_only_answers_before_the_models_do(rule: Rule) -> None:
    assert not Rulebook.of([rule]).settles([0], ["team"])
