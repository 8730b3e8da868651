"""A taxonomy is valid by construction, and its content decides its hash."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.domain.errors import InvalidTaxonomy, UnknownDimension
from sortyard.domain.taxonomy import (
    Condition,
    Dimension,
    Label,
    Taxonomy,
    ancestors,
    are_siblings,
    in_turn,
    parent_of,
)
from tests.unit.taxonomies import taxonomies

TREE = Taxonomy(
    dimensions=(
        Dimension(
            name="team",
            labels=(
                Label(name="billing", children=(Label(name="refunds"), Label(name="invoices"))),
                Label(name="shipping"),
            ),
        ),
    )
)


def problems_of(*labels: Label, **facts: float) -> tuple[str, ...]:
    with pytest.raises(InvalidTaxonomy) as caught:
        Taxonomy(dimensions=(Dimension(name="team", labels=labels, **facts),))
    return caught.value.problems


def test_parents_come_before_their_children() -> None:
    assert TREE["team"].paths == ("billing", "billing/refunds", "billing/invoices", "shipping")


def test_leaves_are_what_a_message_ends_up_with() -> None:
    assert TREE["team"].leaves == ("billing/refunds", "billing/invoices", "shipping")


@settings(deadline=None, max_examples=30)
@given(taxonomies)
def test_every_path_appears_once_and_under_its_parent(taxonomy: Taxonomy) -> None:
    for dimension in taxonomy.dimensions:
        assert len(set(dimension.paths)) == len(dimension.paths)
        assert {parent_of(path) for path in dimension.paths} - {None} <= set(dimension.paths)


@settings(deadline=None, max_examples=30)
@given(taxonomies, st.integers(min_value=1, max_value=9))
def test_the_version_is_no_part_of_the_content(taxonomy: Taxonomy, version: int) -> None:
    assert replace(taxonomy, version=version).content_hash == taxonomy.content_hash


def test_any_change_of_content_changes_the_hash() -> None:
    label = Label(name="a")
    others = [
        replace(label, name="b"),
        replace(label, definition="x"),
        replace(label, examples=("x",)),
        replace(label, minimum_confidence=0.5),
        replace(label, always_review=True),
        replace(label, error_cost=2.0),
        replace(label, children=(Label(name="c"),)),
    ]
    made = [Taxonomy(dimensions=(Dimension(name="d", labels=(one,)),)) for one in [label, *others]]
    assert len({one.content_hash for one in made}) == len(made)


def test_every_broken_rule_is_named_at_once() -> None:
    problems = problems_of(
        Label(name="a/b", minimum_confidence=2.0),
        Label(name="c", children=(Label(name=" "), Label(name="x"), Label(name="x"))),
        Label(name="d", error_cost=float("nan")),
        minimum_confidence=-1.0,
    )
    assert len(problems) == 6


@pytest.mark.parametrize("dimensions", [(), (Dimension(name="empty"),)])
def test_a_taxonomy_without_labels_is_refused(dimensions: tuple[Dimension, ...]) -> None:
    with pytest.raises(InvalidTaxonomy):
        Taxonomy(dimensions=dimensions)


def test_a_dimension_that_does_not_exist_comes_with_a_guess() -> None:
    with pytest.raises(UnknownDimension, match="'team' for 'tem'"):
        TREE["tem"]


def test_a_path_leads_up_to_the_top() -> None:
    assert ancestors("a/b/c") == ("a/b", "a")


@pytest.mark.parametrize(
    ("one", "other", "siblings"),
    [("a/b", "a/c", True), ("a/b", "a/b", False), ("a/b", "c/d", False), ("a", "b", False)],
)
def test_siblings_have_one_parent(one: str, other: str, siblings: bool) -> None:  # noqa: FBT001
    assert are_siblings(one, other) is siblings


def test_a_card_says_what_a_label_without_rows_is_known_by() -> None:
    label = Label(name="lost_card", definition="The card is gone.", includes=("stolen", "eaten"))
    (_, node) = Dimension(name="d", labels=(Label(name="card", children=(label,)),)).nodes
    assert node.card == "card: lost card. The card is gone. stolen, eaten"


def question(name: str, *when: Condition) -> Dimension:
    return Dimension(name=name, labels=TREE["team"].labels, when=when)


@pytest.mark.parametrize(
    ("paths", "answer", "holds"),
    [
        (("billing",), ("billing",), True),
        (("billing",), ("billing/refunds",), True),
        (("billing/refunds", "shipping"), ("shipping",), True),
        (("billing/refunds",), ("billing",), False),
        (("billing",), ("billings",), False),
        (("billing",), (), False),
        ((), ("shipping",), True),
        ((), (), False),
    ],
)
def test_a_condition_holds_for_its_labels_and_those_below(
    paths: tuple[str, ...], answer: tuple[str, ...], *, holds: bool
) -> None:
    assert Condition("team", paths).holds(answer) is holds


def test_a_question_is_asked_where_all_its_conditions_hold() -> None:
    urgency = question("urgency", Condition("team", ("billing",)), Condition("flags"))
    assert urgency.is_asked({"team": ("billing/refunds",), "flags": ("angry",)})
    assert not urgency.is_asked({"team": ("billing",), "flags": ()})


def test_what_nobody_was_asked_forbids_no_question() -> None:
    assert question("urgency", Condition("team", ("billing",))).is_asked({"other": ("x",)})


def test_a_question_comes_after_those_that_it_rests_on() -> None:
    last, first = question("last", Condition("middle")), question("first")
    middle = question("middle", Condition("first"))
    assert [one.name for one in in_turn((last, middle, first))] == ["first", "middle", "last"]


def test_conditions_that_name_nothing_or_wait_in_a_circle_are_all_said() -> None:
    with pytest.raises(InvalidTaxonomy) as caught:
        Taxonomy(
            dimensions=(
                question("team", Condition("urgency")),
                question("urgency", Condition("team", ("biling", "shipping"))),
                question("sla", Condition("urgncy")),
            )
        )
    label, name, circle = caught.value.problems
    assert "'biling'" in label
    assert "'billing'" in label
    assert "'urgency'" in name
    assert circle.startswith("dimensions wait for each other in a circle: ")


def test_conditions_on_what_is_left_out_are_left_out() -> None:
    taxonomy = Taxonomy(
        dimensions=(question("team"), question("sla", Condition("team")), question("other"))
    )
    kept = taxonomy.only({"sla", "other"})
    assert kept.names == ("sla", "other")
    assert kept["sla"].when == ()


def test_a_condition_is_part_of_the_content_and_none_is_not() -> None:
    plain = Taxonomy(dimensions=(question("team"), question("sla")))
    asked = Taxonomy(dimensions=(question("team"), question("sla", Condition("team"))))
    assert asked.content_hash != plain.content_hash
    assert TREE.content_hash == ("d9dfd53f97f5597edc09aa6fd21534d3ed46026cf85c82be3884633437ac071c")
