"""`sortyard rules check` tries rules on their examples, and says what they would do."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Sortyard

pytest.importorskip("re2", reason="the extra `serve` is not installed here")

RULES = """\
rules:
  - name: bounces
    match: 'mail delivery (failed|failure)'
    answer: {team: operations}
    examples: ["Mail delivery failed: returning message"]
    counterexamples: ["Why did my mail fail?"]
  - name: lawyers
    match: lawyer
    review: all
    examples: [My lawyer will write to you]
"""
MESSAGES = "id,body\n1,Mail delivery failed: sorry about that\n2,Where are my shoes today?\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules.yaml").write_text(RULES)
    return tmp_path / "rules.yaml"


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    (tmp_path / "new.csv").write_text(MESSAGES)
    return tmp_path / "new.csv"


def test_rules_that_fit_their_examples_are_a_yes(sortyard: Sortyard, rules: Path) -> None:
    said = sortyard("rules", "check", rules)

    assert (said.code, "3 examples: all as they should be" in said.out) == (0, True)


def test_an_example_that_comes_out_wrong_is_a_no(sortyard: Sortyard, rules: Path) -> None:
    rules.write_text(RULES.replace("(failed|failure)", "failure"))
    said = sortyard("rules", "check", rules)

    assert said.code == 1
    assert "bounces: should fit: Mail delivery failed: returning message" in said.out


def test_every_line_fits_the_terminal(sortyard: Sortyard, rules: Path, messages: Path) -> None:
    rules.write_text(RULES.replace("returning message", "returning message " * 20))
    said = sortyard("rules", "check", rules, "--on", messages)

    assert max(map(len, said.out.splitlines())) <= 80


def test_messages_are_counted(sortyard: Sortyard, rules: Path, messages: Path) -> None:
    found = json.loads(sortyard("rules", "check", rules, "--on", messages, "--json").out)

    assert (found["messages"], [one["fits"] for one in found["rules"]]) == (2, [1, 0])


def test_rules_that_fit_nothing_are_named(sortyard: Sortyard, rules: Path, messages: Path) -> None:
    said = sortyard("rules", "check", rules, "--on", messages)

    assert "fits none of these messages: lawyers" in said.out


def test_an_earlier_answer_is_pointed_out(sortyard: Sortyard, rules: Path) -> None:
    second = RULES.removeprefix("rules:\n").partition("  - name: lawyers")[0]
    second = second.replace("bounces", "mails").replace("operations", "mail")
    rules.write_text(RULES + second)
    said = sortyard("rules", "check", rules)

    assert "mails: bounces comes first and answers otherwise" in said.out


def test_the_rules_of_the_workspace_are_tried(sortyard: Sortyard, rules: Path) -> None:
    sortyard("init")

    assert json.loads(sortyard("rules", "check", "--json").out)["passed"] is rules.is_file()


def test_labels_are_held_against_those_of_the_workspace(sortyard: Sortyard, rules: Path) -> None:
    sortyard("init")
    labels = "dimensions: {team: {labels: {operation: {}}}}\n"
    (rules.parent / "taxonomy.yaml").write_text(labels)
    said = sortyard("rules", "check")

    assert (said.code, "Did you mean 'operation'" in said.err) == (2, True)


def test_without_rules_the_next_step_is_told(sortyard: Sortyard) -> None:
    sortyard("init")

    assert "error[invalid-usage]" in sortyard("rules", "check").err


def test_a_pattern_that_could_be_slow_is_refused(sortyard: Sortyard, rules: Path) -> None:
    rules.write_text(RULES.replace("lawyer\n", "(?=lawyer)\n"))
    said = sortyard("rules", "check", rules)

    assert (said.code, "looks around" in said.err) == (2, True)
