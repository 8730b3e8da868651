"""A difference is never missed, and a guess is never stated as a fact."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from sortyard.domain.taxonomy import Dimension, Kind, Label, Taxonomy
from sortyard.domain.taxonomy_change import DimensionChange, diff
from tests.unit.taxonomies import much_alike

PAIRS = settings(deadline=None, max_examples=15)


def taxonomy(*labels: Label, **facts: object) -> Taxonomy:
    return Taxonomy(dimensions=(Dimension(name="team", labels=labels, **facts),))  # type: ignore[arg-type]


def change(old: Taxonomy, new: Taxonomy) -> DimensionChange:
    (only,) = diff(old, new).changed
    return only


def label(path: str, **facts: object) -> Label:
    name, _, rest = path.partition("/")
    if rest:
        return Label(name=name, children=(label(rest, **facts),))
    return Label(name=name, **facts)  # type: ignore[arg-type]


@PAIRS
@given(much_alike, much_alike)
def test_there_is_a_difference_exactly_where_the_content_differs(
    old: Taxonomy, new: Taxonomy
) -> None:
    assert bool(diff(old, new)) == (old.content_hash != new.content_hash)


@PAIRS
@given(much_alike, much_alike)
def test_what_came_is_what_goes_the_other_way(old: Taxonomy, new: Taxonomy) -> None:
    there, back = diff(old, new), diff(new, old)
    assert (there.added, there.removed) == (back.removed, back.added)


@PAIRS
@given(much_alike, much_alike)
def test_every_difference_has_a_sentence(old: Taxonomy, new: Taxonomy) -> None:
    found = diff(old, new)
    assert bool(found.sentences) == bool(found)


@PAIRS
@given(much_alike, much_alike)
def test_a_guess_joins_one_label_that_went_with_one_that_came(old: Taxonomy, new: Taxonomy) -> None:
    for one in diff(old, new).changed:
        before = [move.before for move in one.moves]
        after = [move.after for move in one.moves]
        assert set(before) <= set(one.removed)
        assert set(after) <= set(one.added)
        assert len(set(before)) == len(set(after)) == len(one.moves)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("definition", "x"),
        ("includes", ("x",)),
        ("excludes", ("x",)),
        ("examples", ("x",)),
        ("boundary_rules", ("x",)),
        ("minimum_confidence", 0.5),
        ("always_review", True),
        ("error_cost", 2.0),
    ],
)
def test_a_change_inside_a_label_names_its_field(field: str, value: object) -> None:
    found = change(taxonomy(label("a")), taxonomy(label("a", **{field: value})))
    assert [(one.path, one.fields) for one in found.changed] == [("a", (field,))]


def test_a_change_of_the_question_names_its_fields() -> None:
    found = change(
        taxonomy(label("a")), taxonomy(label("a"), kind=Kind.MULTI, minimum_confidence=0.5)
    )
    assert found.fields == ("kind", "minimum_confidence")


def test_a_name_in_another_spelling_is_guessed_to_be_a_rename() -> None:
    found = change(taxonomy(label("cancel")), taxonomy(label("cancellation")))
    assert [(move.before, move.after, move.is_rename) for move in found.moves] == [
        ("cancel", "cancellation", True)
    ]


def test_a_definition_under_another_name_is_guessed_to_be_a_rename() -> None:
    found = change(
        taxonomy(label("money", definition="All that is paid.")),
        taxonomy(label("finance", definition="All that is paid.")),
    )
    assert len(found.moves) == 1


def test_a_name_at_another_place_is_guessed_to_have_moved() -> None:
    found = change(
        taxonomy(label("billing/refunds"), label("orders")),
        taxonomy(label("billing"), label("orders/refunds")),
    )
    (move,) = found.moves
    assert (move.before, move.after) == ("billing/refunds", "orders/refunds")
    assert not move.is_rename


def test_children_follow_the_parent_that_was_renamed() -> None:
    old = taxonomy(
        Label(name="billing", children=(label("other"), label("refunds"))),
        Label(name="tech", children=(label("other"), label("login"))),
    )
    new = taxonomy(
        Label(name="billings", children=(label("other"), label("refunds"))),
        Label(name="technical", children=(label("other"), label("login"))),
    )
    moves = {move.before: move.after for move in change(old, new).moves}
    assert moves == {
        "billing": "billings",
        "billing/other": "billings/other",
        "billing/refunds": "billings/refunds",
        "tech": "technical",
        "tech/other": "technical/other",
        "tech/login": "technical/login",
    }


def test_two_labels_with_nothing_in_common_are_no_guess() -> None:
    assert not change(taxonomy(label("refunds")), taxonomy(label("hardware"))).moves


def test_another_order_is_a_difference_of_its_own() -> None:
    found = change(taxonomy(label("a"), label("b")), taxonomy(label("b"), label("a")))
    assert found.is_reordered
    assert not found.added


def test_the_sentences_can_be_read_aloud() -> None:
    old = taxonomy(label("cancel"), label("stays"), label("goes"))
    new = taxonomy(label("cancellation"), label("stays", error_cost=3.0), label("hardware"))
    new = replace(new, dimensions=(*new.dimensions, Dimension(name="flags", labels=(label("x"),))))
    assert diff(old, new).sentences == (
        "Dimension 'flags' is new.",
        "team: 'cancel' was probably renamed to 'cancellation'.",
        "team: 'hardware' is new.",
        "team: 'goes' is gone.",
        "team: 'stays' changed its error cost.",
    )
