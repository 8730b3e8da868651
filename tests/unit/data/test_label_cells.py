"""Cells of label columns become label paths."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.data.label_cells import CellStyle, as_name, built_of_paths, without_slash
from sortyard.domain.taxonomy import Kind, Label

LAW = settings(deadline=None)  # a busy machine breaks no law

SINGLE = CellStyle()


def test_one_name_a_cell_is_a_single_label() -> None:
    assert CellStyle.of(["billing", "repair", "billing"]) == SINGLE


def test_lists_are_several_labels() -> None:
    style = CellStyle.of([("a", "b"), ("a",), ()])

    assert style == CellStyle(Kind.MULTI)
    assert style.names(("a", " b ", "a", "")) == ("a", "b")


def test_lists_of_one_each_are_a_single_label() -> None:
    assert CellStyle.of([("a",), ("b",)]) == SINGLE


@pytest.mark.parametrize("separator", [";", "|", ","])
def test_a_separator_whose_pieces_recur_parts_labels(separator: str) -> None:
    style = CellStyle.of(["joy", f"joy{separator} fear", "fear", f"fear{separator}anger", "anger"])

    assert style == CellStyle(Kind.MULTI, separator)
    assert style.names(f"joy{separator} fear{separator}") == ("joy", "fear")


@pytest.mark.parametrize(
    "names",
    [
        ["Payday loan", "Payday loan, title loan, or personal loan", "Mortgage"],
        ["Credit reporting", "Credit reporting, credit repair services, or other reports"],
        ["Cash; cheque", "Card", "Transfer"],
        ["AARGON, INC.", "EQUIFAX, INC.", "ACME"],
    ],
    ids=repr,
)
def test_a_comma_inside_a_name_parts_nothing(names: list[str]) -> None:
    assert CellStyle.of(names) == SINGLE


def test_a_taxonomy_tells_which_pieces_are_labels() -> None:
    """One row is enough where the labels are known."""
    assert CellStyle.of(["joy;fear"], known={"joy", "fear"}).separator == ";"


def test_shared_heads_without_spaces_are_paths() -> None:
    style = CellStyle.of(["billing/refunds", "billing/invoices", "repair"])

    assert style.has_paths
    assert style.path("billing / refunds") == "billing/refunds"


@pytest.mark.parametrize(
    "names",
    [
        ["Taking/threatening an illegal action", "Used obscene/profane language", "Other"],
        ["Checking / savings", "Checking / other"],
        ["I/O error", "crash", "freeze", "blue screen", "battery", "noise"],
        ["N/A", "billing"],
        ["a//b", "a/c"],
        ["/a", "/b"],
    ],
    ids=repr,
)
def test_a_slash_inside_a_name_is_no_path(names: list[str]) -> None:
    assert not built_of_paths(names)


def test_a_flat_taxonomy_has_no_paths_whatever_the_cells_look_like() -> None:
    assert not CellStyle.of(["a/b", "a/c"], known={"a-b", "a-c"}).has_paths


@pytest.mark.parametrize(
    ("name", "written"),
    [("I/O error", "I-O error"), ("Tax / VAT", "Tax - VAT"), ("plain", "plain")],
)
def test_a_hyphen_stands_in_for_a_slash(name: str, written: str) -> None:
    assert without_slash(name) == written


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
styles = st.builds(
    CellStyle,
    st.sampled_from(Kind),
    st.sampled_from([None, ";", "|", ","]),
    st.booleans(),
)


@LAW
@given(styles, st.one_of(words, st.lists(words).map(tuple), st.none(), st.integers()))
def test_every_path_is_valid_in_a_taxonomy(
    style: CellStyle, cell: str | tuple[str, ...] | int | None
) -> None:
    """Whatever the cell, each level of each path can be the name of a label."""
    for name in style.names(cell):
        for level in style.path(name).split("/"):
            assert not list(Label(name=level).problems(level))


@LAW
@given(words)
def test_a_name_is_written_one_way(name: str) -> None:
    assert as_name(as_name(name)) == as_name(name)
