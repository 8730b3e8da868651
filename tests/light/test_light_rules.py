"""Rules need a library of the extra `serve`; a release without rules does not."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from sortyard.cli.program import run
from sortyard.domain.errors import MissingExtra
from sortyard.domain.messages import Message
from sortyard.models.patterns import problem_of
from sortyard.models.rules import NO_RULES, Rulebook
from sortyard.text.preparation import Preparation

RULES = "rules: [{name: x, match: refund, review: all, examples: [refund]}]\n"

without_extras = pytest.mark.skipif(
    find_spec("re2") is not None, reason="the extra `serve` is installed here"
)


def test_no_rules_need_nothing() -> None:
    book = Rulebook.of(())

    assert (len(book), book.fitting(Message("1", "x"), "x", Preparation.default())) == (0, ())
    assert book == NO_RULES


@without_extras
def test_a_pattern_says_what_to_install() -> None:
    with pytest.raises(MissingExtra, match=r"sortyard\[serve\]"):
        problem_of("refund")


@without_extras
def test_checking_rules_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES)
    code = run(["rules", "check", str(tmp_path / "rules.yaml"), "-w", str(tmp_path)])

    assert (code, "sortyard[serve]" in capsys.readouterr().err) == (2, True)
