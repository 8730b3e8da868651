"""Answers have the shape that scripts rely on."""

from dataclasses import replace

import pytest

from sortyard.domain.errors import UnknownDimension
from sortyard.domain.explanations import Explanation, LookAlike, Term
from sortyard.domain.facts import Facts, facts_of, facts_of_explanation, facts_of_taxonomy
from sortyard.domain.languages import Foreign
from sortyard.domain.predictions import (
    Answer,
    Candidate,
    Choice,
    Degradation,
    Failure,
    Reason,
    Route,
    Source,
)
from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy

TAXONOMY = Taxonomy(
    dimensions=(
        Dimension(name="team", labels=(Label(name="billing"), Label(name="access"))),
        Dimension(name="flags", kind=Kind.MULTI, labels=(Label(name="angry"), Label(name="legal"))),
    )
)
ANSWER = Answer(
    message_id="t-1",
    release="r1",
    choices={
        "team": Choice(
            dimension="team",
            labels=("billing",),
            confidence=0.93,
            route=Route.AUTO,
            candidates=(Candidate("billing", 0.93), Candidate("access", 0.07)),
        ),
        "flags": Choice(
            dimension="flags",
            labels=("angry", "legal"),
            confidence=None,
            route=Route.REVIEW,
            reason=Reason.RULE,
            source=Source.RULE,
            rule="lawyers",
        ),
    },
)
FAILURE = Failure("t-2", "invalid-message", "Message 't-2' cannot be used.")


def _facts(result: Answer | Failure = ANSWER) -> Facts:
    return facts_of(result, TAXONOMY, release="r1")


def test_an_answer_names_its_message_and_release() -> None:
    assert (_facts()["id"], _facts()["release"]) == ("t-1", "r1")


def test_a_single_dimension_has_a_label() -> None:
    assert _facts()["dimensions"]["team"]["label"] == "billing"


def test_a_multi_dimension_has_labels() -> None:
    assert _facts()["dimensions"]["flags"]["labels"] == ["angry", "legal"]


def test_every_dimension_has_what_scripts_rely_on() -> None:
    relied_on = {"confidence", "route", "candidates", "reason", "source", "rule"}

    assert all(relied_on <= one.keys() for one in _facts()["dimensions"].values())


def test_candidates_have_their_confidence() -> None:
    assert _facts()["dimensions"]["team"]["candidates"][1] == {
        "label": "access",
        "confidence": 0.07,
    }


def test_no_confidence_is_null_and_never_invented() -> None:
    flags = _facts()["dimensions"]["flags"]

    assert (flags["confidence"], flags["source"], flags["rule"]) == (None, "rule", "lawyers")


def test_a_failure_says_why() -> None:
    assert _facts(FAILURE) == {
        "id": "t-2",
        "release": "r1",
        "error": {"code": "invalid-message", "problem": "Message 't-2' cannot be used."},
    }


def test_only_what_was_asked_for_is_there() -> None:
    assert [*facts_of(ANSWER, TAXONOMY, dimensions=["flags"])["dimensions"]] == ["flags"]


def test_a_dimension_that_there_is_not_is_an_error() -> None:
    with pytest.raises(UnknownDimension):
        facts_of(ANSWER, TAXONOMY, dimensions=["mood"])


def test_an_answer_says_what_was_left_out_of_the_line() -> None:
    hurried = replace(ANSWER, degraded=Degradation.NO_ENCODER)

    assert (_facts()["degraded"], _facts(hurried)["degraded"]) == (None, "no-encoder")


def test_another_language_is_said() -> None:
    foreign = _facts(replace(ANSWER, foreign=Foreign("fr", translated=True)))

    assert (foreign["language"], foreign["translated"]) == ("fr", True)
    assert (_facts()["language"], _facts()["translated"]) == (None, False)


def test_an_explanation_keeps_every_digit() -> None:
    third = 1 / 3
    explanation = Explanation(
        message_id="t-1",
        release="r1",
        dimension="team",
        label="billing",
        score=third,
        constant=0.0,
        nearest=0.0,
        terms=(Term("card", "wording", third),),
        look_alikes=(LookAlike("a-1", ("billing",), 0.9, "my card"),),
    )
    facts = facts_of_explanation(explanation)

    assert (facts["id"], facts["score"]) == ("t-1", third)
    assert list(facts["terms"]) == [{"text": "card", "view": "wording", "contribution": third}]


def test_a_taxonomy_keeps_the_order_in_which_it_was_written() -> None:
    facts = facts_of_taxonomy(TAXONOMY)

    assert [one["name"] for one in facts["dimensions"]] == ["team", "flags"]
    assert facts["hash"] == TAXONOMY.content_hash
