"""Rules survive their file, and a file with mistakes says where they are."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from sortyard.data.rules_file import parse_rules, read_rules, render_rules
from sortyard.domain.errors import InvalidRules, NewerFormat
from sortyard.domain.rules import Act, Part, Rule, RuleStage, When, Words
from tests.contracts.tiny_release import TAXONOMY
from tests.unit.rules_for_tests import rule_lists
from tests.unit.taxonomies import TRAPS

FILE = """\
format: 1
rules:
  - name: bounces
    about: Delivery failures need no person.
    stage: before
    match: 'mail delivery (failed|failure)'
    in: subject
    where: {source: [email, form], automatic: true}
    answer: {team: ops/bounces}
    examples: ["Mail delivery failed: returning message"]
    counterexamples: ["Why did my mail fail?"]
  - name: lawyers
    when: {team: legal, confidence_below: 0.9}
    review: all
"""
BOUNCES = Rule(
    name="bounces",
    about="Delivery failures need no person.",
    act=Act.ANSWER,
    labels={"team": ("ops/bounces",)},
    stage=RuleStage.BEFORE,
    words=Words(part=Part.SUBJECT, every=("mail delivery (failed|failure)",)),
    where={"source": ("email", "form"), "automatic": ("true",)},
    examples=("Mail delivery failed: returning message",),
    counterexamples=("Why did my mail fail?",),
)
LAWYERS = Rule(
    name="lawyers",
    act=Act.REVIEW,
    stage=RuleStage.AFTER,
    when=When(labels={"team": ("legal",)}, confidence_below=0.9),
)
FEW = settings(max_examples=50, deadline=None)


def problems_of(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidRules) as caught:
        parse_rules(text, "rules.yaml")
    return caught.value.problems


def one_rule(lines: str) -> str:
    return f"rules:\n  - name: x\n    {lines}\n    review: all\n"


def test_a_file_is_read() -> None:
    assert parse_rules(FILE, "rules.yaml") == (BOUNCES, LAWYERS)


@FEW
@given(rule_lists(TAXONOMY))
def test_what_is_written_is_what_is_read(rules: tuple[Rule, ...]) -> None:
    assert parse_rules(render_rules(rules), "rules.yaml") == rules


@pytest.mark.parametrize("word", [one for one in TRAPS if one.isprintable() and one.strip()])
def test_words_that_yaml_trips_over_survive(word: str) -> None:
    rule = Rule(
        name=word,
        about=word,
        act=Act.VETO,
        labels={word: (word,)},
        words=Words(any_of=(word, "x")),
        where={word: (word,)},
        examples=(word,),
    )

    assert parse_rules(render_rules([rule]), "rules.yaml") == (rule,)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "rules: []\n", "format: 1\n"])
def test_a_file_may_have_no_rules(text: str) -> None:
    assert parse_rules(text, "rules.yaml") == ()


def test_match_is_one_more_pattern_of_all() -> None:
    (rule,) = parse_rules(one_rule("match: a\n    all: [b]\n    examples: [ab]"), "x")

    assert rule.words.every == ("a", "b")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("rules: 3", "line 1, rules: this is a list"),
        ("ruels: []", "line 1, ruels: no such key; did you mean 'rules' for 'ruels'?"),
        (one_rule("mtach: a"), "did you mean 'match' for 'mtach'?"),
        (one_rule("stage: later"), "line 3, rules > 0 > stage: this should be 'before' or 'after'"),
        (one_rule("in: footer"), "line 3, rules > 0 > in: this should be 'whole', 'subject'"),
        (one_rule("when: {confidence_below: 2}"), "is one number between 0 and 1"),
        (one_rule("when: {confidence_below: [0.1, 0.2]}"), "is one number between 0 and 1"),
        (one_rule("veto: {team: [a]}"), "line 2, rules > 0: a rule has one of `answer`"),
        ("rules:\n  - name: x\n    match: a\n", "a rule has one of `answer`"),
        ("rules:\n  - name: x\n    match: a\n    review: []\n", "review: it is empty"),
        (one_rule("match: a"), "it has no example, which is its test"),
        ("- a\n- b\n", "line 1, the file: this is a mapping"),
        ("rules: [", "line 1"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, problem: str) -> None:
    assert any(problem in one for one in problems_of(text)), problems_of(text)


def test_a_file_from_a_later_version_asks_for_an_upgrade() -> None:
    with pytest.raises(NewerFormat, match="format 2"):
        parse_rules("format: 2\nrules: [{new_key: 1}]", "x")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules, match=r"absent\.yaml"):
        read_rules(tmp_path / "absent.yaml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_bytes(FILE.encode("utf-16"))

    with pytest.raises(InvalidRules, match="not UTF-8"):
        read_rules(tmp_path / "rules.yaml")
