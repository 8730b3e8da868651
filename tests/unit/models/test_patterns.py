"""Patterns are found as they are meant, and no text can make one slow."""

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidRules, MissingExtra
from sortyard.models.patterns import Patterns, problem_of

pytest.importorskip("re2", reason="the extra `serve` is not installed here")

HOSTILE = (
    "(a+)+$",
    "(a|aa)+$",
    "(a|a?)+b",
    "(.*)*x",
    "([a-z]+)*[0-9]",
    "(a*)*b",
    "^(a?){20}a{20}$",
)
LONG = 50_000  # characters; twenty times what preparation leaves of a text


def nested() -> st.SearchStrategy[str]:
    """Draw patterns that repeat what repeats, which is what makes other engines slow."""
    return st.recursive(
        st.sampled_from(["a", "b", ".", "a?", "[ab]", "aa"]),
        lambda inner: (
            inner.map("({})*".format)
            | inner.map("({})+".format)
            | st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})")
            | st.tuples(inner, inner).map("".join)
        ),
        max_leaves=6,
    )


def found(pattern: str, text: str) -> bool:
    return bool(Patterns.of([pattern], "rules.yaml").found_in(text))


def seconds(patterns: Patterns, text: str) -> float:
    began = time.process_time()
    patterns.found_in(text)
    return time.process_time() - began


def test_every_pattern_that_is_there_is_found() -> None:
    patterns = Patterns.of(["refund", "invoice", "re.?fund", "x"], "rules.yaml")

    assert patterns.found_in("a Refund, without the invoice") == {0, 1, 2}


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("REFUND", "refund", True),
        ("(?-i)REFUND", "refund", False),
        ("straße", "STRASSE", False),
        ("zażółć", "ZAŻÓŁĆ", True),
        ("^refund$", "a refund", False),
        (r"\bfund\b", "refund", False),
        ("a.b", "a\nb", False),
        ("(?s)a.b", "a\nb", True),
        (r"\pL+", "ü", True),
        ("🙂", "fine 🙂", True),
    ],
)
def test_case_is_ignored_and_little_else(pattern: str, text: str, *, expected: bool) -> None:
    assert found(pattern, text) is expected


def test_half_of_a_surrogate_pair_is_no_trouble() -> None:
    assert found("refund", "\ud800 refund")


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("(?=a)b", "looks around"),
        ("a(?!b)", "looks around"),
        ("(?<=a)b", "looks around"),
        ("(?<!a)b", "looks around"),
        (r"(a)\1", "refers back"),
        ("(?P<x>a)(?P=x)", "refers back"),
        ("(a", "is not RE2"),
        ("a**", "is not RE2"),
        ("[z-a]", "is not RE2"),
        ("((a{1000}){1000}){1000}", "is not RE2"),
        ("\ud800", "half of a surrogate pair"),
    ],
)
def test_a_pattern_that_cannot_be_says_why(pattern: str, problem: str) -> None:
    assert problem in (problem_of(pattern) or "")


def test_a_pattern_that_can_be_has_no_problem() -> None:
    assert problem_of("mail delivery (failed|failure)") is None


def test_nothing_is_written_about_a_wrong_pattern(capfd: pytest.CaptureFixture[str]) -> None:
    problem_of("(secret")

    assert capfd.readouterr().err == ""


def test_patterns_that_are_too_large_together_are_refused() -> None:
    huge = [f"x{number}[a-z]{{0,900}}y" for number in range(600)]

    with pytest.raises(InvalidRules, match="too large together"):
        Patterns.of(huge, "rules.yaml")


@pytest.mark.parametrize("pattern", HOSTILE)
def test_what_makes_others_slow_is_quick(pattern: str) -> None:
    assert seconds(Patterns.of([pattern], "rules.yaml"), "a" * LONG + "!") < 1.0


@settings(max_examples=60, deadline=None)
@given(st.lists(nested(), min_size=1, max_size=5), st.text("ab!", min_size=1, max_size=6))
def test_no_pattern_is_slow_on_any_text(texts: list[str], piece: str) -> None:
    """Linear time: what would be exponential on thirty characters is quick on many thousands."""
    text = piece * (LONG // len(piece))

    assert seconds(Patterns.of(texts, "rules.yaml"), text) < 2.0


def test_ten_times_the_text_takes_about_ten_times_as_long() -> None:
    patterns = Patterns.of([*HOSTILE, "[ab]*a[ab]{8}c"], "rules.yaml")
    patterns.found_in("ab" * LONG)  # what is built on the first text serves all
    short = min(seconds(patterns, "ab" * LONG) for _ in range(5))
    long = min(seconds(patterns, "ab" * LONG * 10) for _ in range(3))

    assert long < 40 * short + 0.05


def test_without_the_library_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)

    with pytest.raises(MissingExtra, match=r"sortyard\[serve\]"):
        problem_of("refund")
