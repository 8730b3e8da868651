"""The lint says everything at once, and says nothing about a taxonomy that is well written."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from sortyard.data.taxonomy_lint import Finding, Severity, lint
from sortyard.domain.taxonomy import (
    Condition,
    Counterexample,
    Dimension,
    Kind,
    Label,
    Taxonomy,
)
from tests.unit.taxonomies import taxonomies


def well_written(name: str, **facts: object) -> Label:
    topic = {"billing": "money", "shipping": "parcels", "refunds": "paybacks"}.get(name, name)
    label = Label(
        name=name,
        definition=f"Whatever is about {topic} and nothing besides.",
        includes=(f"{topic} of any kind",),
        examples=tuple(f"{verb} {topic} now" for verb in ("show", "stop", "fix", "send", "find")),
        counterexamples=tuple(
            Counterexample(f"{verb} {topic}", "it is only a word")
            for verb in ("say", "tell", "ask")
        ),
    )
    return replace(label, **facts)  # type: ignore[arg-type]


def taxonomy(*labels: Label, **facts: object) -> Taxonomy:
    dimension = Dimension(name="team", question="Who should answer?", labels=labels)
    return Taxonomy(dimensions=(replace(dimension, **facts),))  # type: ignore[arg-type]


BILLING, SHIPPING = well_written("billing"), well_written("shipping")
SOUND = taxonomy(BILLING, SHIPPING)


def found(*labels: Label, **facts: object) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in lint(taxonomy(*labels, **facts))]


def test_a_well_written_taxonomy_has_no_findings() -> None:
    assert lint(SOUND) == ()


def test_a_thin_label_is_one_finding_that_counts_what_is_missing() -> None:
    (finding,) = lint(taxonomy(BILLING, Label(name="other", examples=("one", "two"))))
    assert finding == Finding(
        code="thin-definition",
        severity=Severity.WARNING,
        dimension="team",
        path="other",
        problem="It has no definition, 2 of 5 examples, 0 of 3 counterexamples.",
        remedy="Write what belongs here and what only looks as if it did, and why.",
    )


def test_a_definition_that_repeats_the_name_is_thin() -> None:
    label = well_written("lost_parcel", definition="Lost parcel, parcel lost.")
    assert found(BILLING, label) == [("thin-definition", "lost_parcel")]


def test_a_parent_needs_no_examples_of_its_own() -> None:
    parent = Label(
        name="money", definition="Whatever is about money at all.", children=(BILLING, SHIPPING)
    )
    assert found(parent, well_written("refunds")) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"excludes": ("Money of any kind!",)}, "included-and-excluded"),
        (
            {"counterexamples": (Counterexample("show money now", "x"),) * 3},
            "example-and-counterexample",
        ),
        ({"examples": ("one", "two", "three", "four", "one!")}, "repeated-example"),
        ({"boundary_rules": (), "includes": ("a", " ")}, "empty-entry"),
        ({"minimum_confidence": 1.0}, "unreachable-minimum-confidence"),
        ({"minimum_confidence": 0.5, "always_review": True}, "idle-minimum-confidence"),
        ({"error_cost": 0.0}, "free-errors"),
    ],
)
def test_a_label_that_contradicts_itself_is_found(facts: dict[str, object], code: str) -> None:
    assert found(replace(BILLING, **facts), SHIPPING) == [(code, "billing")]  # type: ignore[arg-type]


def test_counterexamples_say_why() -> None:
    label = replace(BILLING, counterexamples=tuple(map(Counterexample, "abc")))
    assert found(label, SHIPPING) == [("unexplained-counterexample", "billing")]


def test_the_same_phrase_in_two_labels_is_an_overlap() -> None:
    label = replace(SHIPPING, includes=BILLING.includes)
    assert found(BILLING, label) == [("overlapping-includes", "shipping")]


def test_a_child_may_include_what_its_parent_includes() -> None:
    parent = replace(SHIPPING, includes=BILLING.includes, children=(BILLING, well_written("a")))
    assert found(parent, well_written("b")) == []


def test_a_child_may_not_include_what_its_parent_excludes() -> None:
    parent = replace(SHIPPING, excludes=BILLING.includes, children=(BILLING, well_written("a")))
    assert found(parent, well_written("b")) == [
        ("included-below-what-excludes", "shipping/billing")
    ]


def test_an_example_of_two_labels_is_an_error_where_only_one_can_hold() -> None:
    label = replace(SHIPPING, examples=BILLING.examples)
    assert set(found(BILLING, label)) == {("shared-example", "shipping")}
    assert found(BILLING, label, kind=Kind.MULTI) == []


def test_two_labels_with_one_definition_are_an_error() -> None:
    label = replace(SHIPPING, definition=BILLING.definition.upper())
    assert found(BILLING, label) == [("same-definition", "shipping")]


def test_names_that_are_hard_to_tell_apart_are_found_among_siblings() -> None:
    assert found(BILLING, SHIPPING, well_written("Billings")) == [("alike-names", "Billings")]


def test_the_same_name_under_two_parents_is_no_finding() -> None:
    other = well_written(
        "other", definition="Parcels of the other kinds.", includes=(), examples=()
    )
    twice = replace(other, definition="All money of the other kinds.")
    one = replace(BILLING, children=(well_written("debts"), twice))
    two = replace(SHIPPING, children=(well_written("boxes"), other))
    assert "alike-names" not in {code for code, _ in found(one, two)}


def test_numbers_tell_two_phrases_apart() -> None:
    one = replace(BILLING, includes=("all of level 1",))
    assert found(one, replace(SHIPPING, includes=("all of level 2",))) == []


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"question": ""}, ["no-question"]),
        ({"minimum_confidence": 1.0}, ["unreachable-minimum-confidence"]),
        ({"labels": (BILLING,)}, ["one-label"]),
        ({"labels": (replace(SHIPPING, children=(BILLING,)), well_written("a"))}, ["only-child"]),
    ],
)
def test_a_dimension_that_asks_badly_is_found(facts: dict[str, object], codes: list[str]) -> None:
    assert [code for code, _ in found(BILLING, SHIPPING, **facts)] == codes


def by_first_letter(texts: Sequence[str]) -> NDArray[np.float64]:
    """Texts that begin alike mean the same to this encoder; an empty one means nothing."""
    return np.array([[ord(text[0]) == letter for letter in range(128)] for text in texts], float)


def test_definitions_that_mean_the_same_are_found_where_there_is_an_encoder() -> None:
    labels = (BILLING, replace(SHIPPING, definition="Whichever parcel is on its way to people."))
    (finding,) = lint(taxonomy(*labels), embed=by_first_letter)
    assert (finding.code, finding.path) == ("close-definitions", "shipping")
    assert lint(taxonomy(*labels)) == ()


def test_a_child_s_definition_may_be_close_to_its_parent_s() -> None:
    parent = replace(
        SHIPPING, children=(BILLING, well_written("a", definition="All else there is."))
    )
    other = well_written("b", definition="Bulky goods and nothing besides.")
    assert lint(taxonomy(parent, other), embed=by_first_letter) == ()


def in_data(*paths: str, of: Taxonomy = SOUND) -> list[tuple[str, str]]:
    rows = [(path,) for path in paths]
    return [(one.code, one.path) for one in lint(of, data_labels={"team": rows})]


@pytest.mark.parametrize("spelling", ["Billing", "billings", " billing ", "biling"])
def test_a_label_spelt_otherwise_in_the_data_is_drift(spelling: str) -> None:
    assert in_data("billing", "shipping", spelling) == [("spelling-drift", "billing")]


def test_cancel_and_cancellation_are_one_label_in_two_spellings() -> None:
    of = taxonomy(BILLING, well_written("cancellation"))
    assert in_data("billing", "cancel", of=of) == [
        ("spelling-drift", "cancellation"),
        ("no-rows", "cancellation"),
    ]


def test_a_label_that_the_taxonomy_does_not_have_is_an_error_with_its_count() -> None:
    (finding,) = lint(
        SOUND, data_labels={"team": [("billing",), ("shipping",), ("legal",), ("legal",)]}
    )
    assert (finding.code, finding.severity) == ("unknown-label", Severity.ERROR)
    assert finding.problem.startswith("2 rows")


def test_a_label_without_rows_is_only_a_note_when_it_is_well_written() -> None:
    (finding,) = lint(SOUND, data_labels={"team": [("billing",)]})
    assert (finding.code, finding.path, finding.severity) == ("no-rows", "shipping", Severity.NOTE)


def test_a_label_without_rows_and_words_is_a_warning() -> None:
    of = taxonomy(BILLING, Label(name="shipping"))
    findings = lint(of, data_labels={"team": [("billing",)]})
    assert {one.severity for one in findings} == {Severity.WARNING}


def test_data_that_answers_another_question_is_an_error() -> None:
    (finding,) = lint(SOUND, data_labels={"tema": [("billing",)]})
    assert finding.code == "unknown-dimension"
    assert "'team' for 'tema'" in finding.remedy


def test_the_worst_comes_first() -> None:
    findings = lint(
        taxonomy(Label(name="a"), replace(BILLING, excludes=BILLING.includes), question="")
    )
    assert [one.severity for one in findings] == [Severity.ERROR, Severity.WARNING, Severity.NOTE]


@settings(max_examples=15, deadline=None)
@given(taxonomies)
def test_every_finding_about_any_taxonomy_can_be_found_and_read(drawn: Taxonomy) -> None:
    rows = {name: [drawn[name].paths[:1], ("unheard of",)] for name in drawn.names}
    for one in lint(drawn, data_labels=rows, embed=lambda texts: np.ones((len(texts), 3))):
        assert one.path in ("", "unheard of", *drawn[one.dimension].paths)
        assert one.problem.endswith(".")
        assert one.remedy.endswith((".", "?"))


def test_rows_that_answer_what_is_not_asked_are_counted() -> None:
    team = SOUND["team"]
    sla = replace(team, name="sla", when=(Condition("team", ("billing",)),))
    rows = [("billing",), ("shipping",), (), ("shipping",), ("billing",)]
    answers = [("billing",), ("shipping",), ("billing",), (), ()]
    (finding,) = lint(Taxonomy(dimensions=(team, sla)), data_labels={"team": rows, "sla": answers})
    assert (finding.code, finding.severity) == ("answered-unasked", Severity.WARNING)
    assert finding.problem.startswith("1 row of the data answers")
