"""Several files are read as if their rows stood in one, and a plan finds its way home."""

import csv
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortyard.data.archive import Archive, read_archive
from sortyard.data.problems import Trouble
from sortyard.data.several_files import read_archives
from sortyard.domain.errors import EmptyArchive, InvalidUsage
from sortyard.domain.taxonomy import Kind

TICKETS = [
    {"ref": f"t{at}", "body": f"my {thing} number {at} is {state}", "team": team, "source": "web"}
    for at, (thing, state, team) in enumerate(
        [("invoice", "wrong", "billing"), ("parcel", "late", "delivery")] * 4
    )
]
TEXT, LABELS, ID = ("body",), ("team",), "ref"


def _written(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def _planned(id_: str, text: str, label: str, dimension: str = "team") -> dict[str, str]:
    about = {"why": "margin", "suggestion": "team: billing 0.51", "chance": ""}
    return {"id": id_, "subject": "", "text": text, dimension: label, **about}


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    return _written(tmp_path / "tickets.csv", TICKETS)


def _plan(tmp_path: Path, *rows: dict[str, str]) -> Path:
    return _written(tmp_path / "plan.csv", rows)


def _labels(archive: Archive, dimension: str = "team") -> dict[str, tuple[str, ...]]:
    return dict(zip(archive.dataset.ids, archive.dataset.labels(dimension), strict=True))


@settings(max_examples=20, deadline=None)
@given(cuts=st.sets(st.integers(1, len(TICKETS) - 1), max_size=4))
def test_files_that_were_cut_are_read_as_the_whole(cuts: set[int]) -> None:
    edges = [0, *sorted(cuts), len(TICKETS)]
    with TemporaryDirectory() as place:
        folder = Path(place)
        whole = read_archive(
            _written(folder / "whole.csv", TICKETS), text=TEXT, labels=LABELS, id_column=ID
        )
        parts = [
            _written(folder / f"{start}.csv", TICKETS[start:end]) for start, end in pairwise(edges)
        ]
        found = read_archives(parts, text=TEXT, labels=LABELS, id_column=ID)

    assert found.dataset == whole.dataset
    assert (found.taxonomy, found.rows) == (whole.taxonomy, whole.rows)


def test_a_plan_needs_no_columns_of_the_archive(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("p1", "a new text of mine", "billing"))

    found = read_archives([tickets, plan], text=TEXT, labels=LABELS, id_column=ID)

    last = found.dataset.examples[-1]
    assert (last.message.id, last.message.text) == ("p1", "a new text of mine")
    assert last.labels == {"team": ("billing",)}


def test_why_a_message_was_asked_is_no_metadata_of_it(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("p1", "a new text of mine", "billing"))

    together = read_archives(
        [tickets, plan], text=TEXT, labels=LABELS, id_column=ID
    ).dataset.examples[-1]
    alone = read_archive(plan, text=("text",), labels=("team",)).dataset.examples[-1]

    assert (dict(together.message.metadata), dict(alone.message.metadata)) == ({}, {})


def test_a_plan_alone_is_read_by_the_names_of_its_archive(tmp_path: Path) -> None:
    rows = (_planned(f"p{at}", f"text {at}", "billing", "queue") for at in range(3))
    plan = _plan(tmp_path, *rows)

    found = read_archive(
        plan, text=("body",), labels=("queue=team",), id_column="ref", group="thread", time="sent"
    )

    assert [(one.message.id, one.message.text) for one in found.dataset.examples] == [
        ("p0", "text 0"),
        ("p1", "text 1"),
        ("p2", "text 2"),
    ]
    assert _labels(found, "queue")["p0"] == ("billing",)


def test_of_a_plan_nothing_is_guessed_but_its_labels(tmp_path: Path) -> None:
    rows = (_planned(f"p{at}", f"text {at}", ("billing", "access")[at % 2]) for at in range(8))

    found = read_archive(_plan(tmp_path, *rows)).columns

    assert (found.subject, found.text, found.id) == ("subject", ("text",), "id")
    assert found.label_specs == ("team",)


def test_the_archive_leads_in_whatever_order_they_are_named(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("p1", "a new text of mine", "billing"))

    found = read_archives([plan, tickets])

    assert (found.columns.text, found.dataset.ids[0]) == (("body",), "p1")


def test_what_a_plan_leaves_open_is_unlabelled(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("p1", "one", "billing"), _planned("p2", "two of them", ""))

    found = read_archives([tickets, plan], text=TEXT, labels=LABELS, id_column=ID).dataset

    assert [one.id for one in found.unlabelled] == ["p2"]


def test_an_open_row_does_not_say_that_no_label_holds(tmp_path: Path) -> None:
    rows = [{"body": f"text {at}", "mood": mood} for at, mood in enumerate(["a;b", "a", "b", ""])]
    archive = _written(tmp_path / "moods.csv", rows)
    plan = _plan(tmp_path, _planned("p1", "one", "a;b", "mood"), _planned("p2", "two", "", "mood"))

    found = read_archives([archive, plan], text=("body",), labels=("mood",))

    assert found.taxonomy["mood"].kind is Kind.MULTI
    assert _labels(found, "mood") == {
        "row-1": ("a", "b"),
        "row-2": ("a",),
        "row-3": ("b",),
        "row-4": (),
        "p1": ("a", "b"),
    }


def test_a_tree_of_two_columns_meets_its_paths(tmp_path: Path) -> None:
    rows = [
        {"body": f"text {at}", "top": "billing", "sub": sub}
        for at, sub in enumerate(["refunds", "invoices"] * 3)
    ]
    archive = _written(tmp_path / "tree.csv", rows)
    plan = _plan(tmp_path, _planned("p1", "one", "billing/refunds", "queue"))

    found = read_archives([archive, plan], text=("body",), labels=("queue=top/sub",))

    assert _labels(found, "queue")["p1"] == ("billing/refunds",)
    assert found.taxonomy.names == ("queue",)


def test_a_message_that_was_labelled_again_counts_once(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("t0", TICKETS[0]["body"], "delivery"))

    found = read_archives([tickets, plan], text=TEXT, labels=LABELS, id_column=ID)

    assert len(found.dataset) == len(TICKETS)
    assert _labels(found)["t0"] == ("delivery",)
    assert [(one.line, one.kind) for one in found.problems] == [(2, Trouble.LABELLED_AGAIN)]


def test_another_message_under_a_used_id_gets_one_of_its_own(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("t0", "something else", "delivery"))

    found = read_archives([tickets, plan], text=TEXT, labels=LABELS, id_column=ID)

    assert {"t0", "t0-2"} <= set(found.dataset.ids)
    assert [(one.line, one.kind) for one in found.problems] == [(2, Trouble.DUPLICATE_ID)]


def test_rows_without_ids_do_not_meet(tmp_path: Path) -> None:
    one, other = (
        _written(
            tmp_path / f"{name}.csv",
            [{"body": f"{name} {at}", "team": "ab"[at % 2]} for at in range(4)],
        )
        for name in ("one", "other")
    )

    found = read_archives([one, other], text=("body",), labels=("team",))

    assert (len(set(found.dataset.ids)), found.problems) == (8, ())


def test_one_text_with_two_labels_stays_as_it_does_in_one_file(
    tickets: Path, tmp_path: Path
) -> None:
    again = {**TICKETS[0], "ref": "t99", "team": "delivery"}
    more = _written(tmp_path / "more.csv", [again])
    as_one = _written(tmp_path / "one.csv", [*TICKETS, again])

    found = read_archives([tickets, more], text=TEXT, labels=LABELS, id_column=ID)

    assert found.dataset == read_archive(as_one, text=TEXT, labels=LABELS, id_column=ID).dataset


def test_what_was_unlabelled_and_got_a_label_is_there_once(tmp_path: Path) -> None:
    open_ = {**TICKETS[0], "ref": "t99", "body": "nobody knows", "team": ""}
    tickets = _written(tmp_path / "tickets.csv", [*TICKETS, open_])
    plan = _plan(tmp_path, _planned("t99", "nobody knows", "billing"))

    found = read_archives([tickets, plan], text=TEXT, labels=LABELS, id_column=ID).dataset

    assert (found.unlabelled, found.ids.count("t99")) == ((), 1)


def test_rows_without_a_group_are_alone(tmp_path: Path) -> None:
    rows = [{**one, "thread": f"c{at // 2}"} for at, one in enumerate(TICKETS)]
    tickets = _written(tmp_path / "tickets.csv", rows)
    plan = _plan(tmp_path, _planned("p1", "one", "billing"), _planned("p2", "two", "billing"))

    groups = read_archives(
        [tickets, plan], text=TEXT, labels=LABELS, id_column=ID, group="thread"
    ).dataset.groups

    assert groups is not None
    assert len(set(groups)) == len(TICKETS) // 2 + 2


@pytest.mark.parametrize(("missing", "role"), [("body", "text"), ("team", "label")])
def test_a_file_that_lacks_a_column_is_named(
    tickets: Path, tmp_path: Path, missing: str, role: str
) -> None:
    rows = [{name: cell for name, cell in row.items() if name != missing} for row in TICKETS]
    other = _written(tmp_path / "other.csv", rows)

    with pytest.raises(InvalidUsage) as caught:
        read_archives([tickets, other], text=TEXT, labels=LABELS, id_column=ID)

    assert f"other.csv has no column '{missing}', which is the {role} of" in caught.value.problem
    assert "'ref'" in caught.value.remedy


def test_a_plan_that_nobody_filled_in_is_named(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("p1", "one", ""))

    with pytest.raises(EmptyArchive, match=r"plan\.csv"):
        read_archives([tickets, plan], text=TEXT, labels=LABELS, id_column=ID)


def test_every_file_that_was_read_is_told(tickets: Path, tmp_path: Path) -> None:
    plan = _plan(tmp_path, _planned("p1", "one", "billing"))

    found = read_archives([tickets, plan], text=TEXT, labels=LABELS, id_column=ID)

    assert [(one["name"], one["rows"]) for one in found.sources] == [
        ("tickets.csv", len(TICKETS)),
        ("plan.csv", 1),
    ]
