"""The simplest thing that could work, also where it has next to nothing to work with."""

from sortyard.domain.taxonomy import Kind
from sortyard.training.baseline import baseline_answers
from sortyard.training.truth import Truth

TEXTS = ["my refund please", "refund now", "password reset", "reset my login"]
TEAMS = [("billing",), ("billing",), ("access",), ("access",)]
NAMES = ["access", "billing"]
SINGLE = Truth.of(TEAMS, NAMES, Kind.SINGLE)


def test_words_tell_the_label() -> None:
    found = baseline_answers(TEXTS, SINGLE, NAMES, ["a refund", "reset it"], seed=1)
    assert found == [("billing",), ("access",)]


def test_the_only_label_is_the_answer() -> None:
    truth = Truth.of([("billing",)] * 4, ["billing"], Kind.SINGLE)
    assert baseline_answers(TEXTS, truth, ["billing"], ["?"], seed=1) == [("billing",)]


def test_texts_without_a_word_get_some_answer() -> None:
    assert baseline_answers(["?", "!", ".", ","], SINGLE, NAMES, ["-"], seed=1) == [("access",)]


def test_each_flag_is_answered_for_itself() -> None:
    truth = Truth.of([("a", "b"), ("a", "b"), ("b",), ("b",)], ["a", "b"], Kind.MULTI)
    found = baseline_answers(TEXTS, truth, ["a", "b"], ["refund", "reset"], seed=1)
    assert found == [("a", "b"), ("b",)]


def test_flags_of_texts_without_a_word_are_none() -> None:
    truth = Truth.of([("a",), (), (), ()], ["a"], Kind.MULTI)
    assert baseline_answers(["?"] * 4, truth, ["a"], ["?"], seed=1) == [()]


def test_nearly_as_many_labels_as_rows_raise_no_warning() -> None:
    names = [f"l{row:02}" for row in range(30)]
    truth = Truth.of([(name,) for name in names], names, Kind.SINGLE)
    assert baseline_answers(names, truth, names, ["l07"], seed=1) == [("l07",)]
