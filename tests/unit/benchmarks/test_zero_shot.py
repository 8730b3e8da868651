"""A taxonomy of bare names, and rows that are spread evenly."""

from benchmarks.cost import evenly
from benchmarks.zero_shot import bare


def test_names_become_a_flat_dimension() -> None:
    found = bare("intent", {("yes",), ("reverted?",), ("no",)})["intent"]
    assert found.is_flat
    assert set(found.leaves) == {"no", "reverted?", "yes"}


def test_paths_become_a_tree_of_bare_names() -> None:
    found = bare("domain", {("work", "pto"), ("home", "lights"), ("work", "pay")})["domain"]
    assert set(found.leaves) == {"home/lights", "work/pay", "work/pto"}
    assert {node.card for node in found.nodes if node.is_leaf} == {
        "home: lights",
        "work: pay",
        "work: pto",
    }


def test_rows_are_kept_evenly_and_all_where_there_are_too_few() -> None:
    rows = [{"row": str(row)} for row in range(15)]
    assert [one["row"] for one in evenly(rows, 5)] == ["0", "3", "6", "9", "12"]
    assert len(evenly(rows, 10)) == 10
    assert evenly(rows, 99) == rows
