"""Votes are read in both shapes that people have, and the columns are guessed or named."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortyard.data.decisions import read_decisions, written
from sortyard.data.vote_file import read_votes
from sortyard.data.votes import Votes
from sortyard.domain.errors import (
    EmptyArchive,
    InvalidUsage,
    UndecidedColumns,
    UnknownColumn,
    UnknownLabels,
)
from sortyard.domain.taxonomy import Kind

LONG = """\
ticket_id,annotator,text,team
1,anna,my card was charged twice,billing
1,ben,my card was charged twice,billing
2,anna,where is my parcel today,orders
2,ben,where is my parcel today,billing
3,anna,do you sell shoes,sales
"""
WIDE = """\
id,text,anna,ben,carla
1,my card was charged twice,billing,billing,
2,where is my parcel today,orders,billing,orders
3,do you sell shoes,sales,,
"""


@pytest.fixture
def read(tmp_path: Path):
    def from_text(content, name="votes.csv", **asked):
        (tmp_path / name).write_text(content)
        return read_votes(tmp_path / name, **asked)

    return from_text


def said(votes):
    """Who said what, as words."""
    return {
        (votes.messages[message], votes.annotators[annotator]): votes.answers[answer]
        for message, annotator, answer in zip(
            votes.message, votes.annotator, votes.answer, strict=True
        )
    }


def test_a_row_for_each_vote(read):
    found = read(LONG)
    (votes,) = found.dimensions

    assert (votes.dimension, votes.annotators) == ("team", ("anna", "ben"))
    assert said(votes)["2", "ben"] == ("billing",)
    assert (len(votes), votes.messages) == (5, ("1", "2", "3"))
    assert found.texts["3"] == ("do you sell shoes",)


def test_a_column_for_each_annotator(read):
    found = read(WIDE)
    (votes,) = found.dimensions

    assert (votes.dimension, votes.annotators) == ("label", ("anna", "ben", "carla"))
    assert said(votes)["2", "ben"] == ("billing",)
    assert (len(votes), found.texts["1"]) == (6, ("my card was charged twice",))


def test_both_shapes_say_the_same(read):
    (long,) = read(LONG).dimensions
    (wide,) = read(WIDE.replace(",carla", ",").replace("billing,orders\n", "billing,\n")).dimensions

    assert said(long) == said(wide)


def test_json_lines_hold_lists_and_gaps(read):
    rows = [
        {"id": "1", "anna": ["a", "b"], "ben": []},
        {"id": "2", "anna": ["a"], "ben": None},
        {"id": "3", "anna": ["b"], "ben": ["a"]},
    ]
    content = "\n".join(map(json.dumps, rows))
    (votes,) = read(content, "votes.jsonl", annotators=["anna", "ben"]).dimensions

    assert votes.kind is Kind.MULTI
    assert said(votes)["1", "ben"] == ()
    assert ("2", "ben") not in said(votes)


def test_parquet_is_read(tmp_path):
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = {"id": ["1", "2"], "rater_1": ["a", "b"], "rater_2": ["a", None]}
    parquet.write_table(pa.table(table), tmp_path / "votes.parquet")
    (votes,) = read_votes(tmp_path / "votes.parquet").dimensions

    assert (votes.annotators, len(votes)) == (("rater_1", "rater_2"), 3)


def test_several_dimensions_are_named(read):
    content = LONG.replace("team", "team,urgency").replace("billing\n", "billing,low\n")
    content = content.replace("orders\n", "orders,high\n").replace("sales\n", "sales,low\n")
    found = read(content, labels=["team", "urgency"])

    assert [one.dimension for one in found.dimensions] == ["team", "urgency"]


def test_levels_of_a_tree_make_a_path(read):
    content = LONG.replace("team", "team,topic").replace("billing\n", "billing,refunds\n")
    content = content.replace("orders\n", "orders,late\n").replace("sales\n", "sales,shoes\n")
    (votes,) = read(content, labels=["team/topic"]).dimensions

    assert votes.labels == ("billing/refunds", "orders/late", "sales/shoes")


def test_columns_may_be_named(read):
    content = LONG.replace("annotator", "by whom").replace("ticket_id", "thing")
    (votes,) = read(content, annotators=["by whom"], id_column="thing").dimensions

    assert votes.annotators == ("anna", "ben")


def test_a_column_that_is_not_there_is_an_error(read):
    with pytest.raises(UnknownColumn, match="no column 'rater'"):
        read(LONG, annotators=["rater"])


def test_the_text_tells_the_message_where_there_is_no_id(read):
    content = "\n".join(line.partition(",")[2] for line in LONG.splitlines())
    (votes,) = read(content).dimensions

    assert votes.messages == ("text-1", "text-2", "text-3")
    assert len(votes) == 5


def test_without_id_and_text_nobody_knows_which_message(read):
    with pytest.raises(UndecidedColumns, match="clearly the id"):
        read("annotator,label\nanna,a\nben,a\nanna,b\n")


def test_a_column_of_settled_answers_is_no_annotator(read):
    lines = WIDE.splitlines()
    content = "\n".join(
        [lines[0] + ",consensus", *(line + "," + line.split(",")[2] for line in lines[1:])]
    )
    found = read(content)

    assert found.dimensions[0].annotators == ("anna", "ben", "carla")
    assert found.columns.left_out == ("consensus",)
    assert any("Not read as votes" in one for one in found.remarks)


def test_annotators_are_named_by_what_their_columns_do_not_share(read):
    content = WIDE.replace("anna,ben,carla", "label_anna,label_ben,label_carla")

    assert read(content).dimensions[0].annotators == ("anna", "ben", "carla")


def test_columns_of_other_values_are_no_annotators(read):
    lines = WIDE.splitlines()
    content = "\n".join(
        [
            lines[0] + ",channel",
            *(line + f",{way}" for line, way in zip(lines[1:], ["web", "app", "web"], strict=True)),
        ]
    )

    assert read(content).dimensions[0].annotators == ("anna", "ben", "carla")


def test_nothing_that_looks_like_votes_is_an_error(read):
    with pytest.raises(UndecidedColumns, match="clearly the annotator"):
        read("id,text\n1,my card was charged twice\n2,where is my parcel today\n")


def test_a_wide_file_has_one_dimension(read):
    with pytest.raises(InvalidUsage, match="has one dimension"):
        read(WIDE, labels=["team", "urgency"])


def test_a_vote_that_was_changed_counts_once(read):
    found = read(LONG + "3,anna,do you sell shoes,other\n", id_column="ticket_id")
    (votes,) = found.dimensions

    assert (said(votes)["3", "anna"], len(votes)) == (("other",), 5)
    assert any("the last counts" in one for one in found.remarks)


def test_a_vote_without_a_name_is_left_out_and_counted(read):
    found = read(LONG + "3,,do you sell shoes,other\n", id_column="ticket_id")

    assert len(found.dimensions[0]) == 5
    assert any("1 row left out: no word of who voted" in one for one in found.remarks)


def test_nobody_who_votes_is_an_error(read):
    with pytest.raises(EmptyArchive, match="nobody has voted"):
        read("id,anna,ben\n1,,\n2,,\n", annotators=["anna", "ben"])


def test_real_votes_are_guessed(shared_data):
    found = read_votes(shared_data / "cfpb_votes/complaints.csv")
    (votes,) = found.dimensions

    assert (len(votes), len(votes.annotators), "gpt-o1" in votes.annotators) == (14_000, 14, True)
    assert (found.columns.id, found.columns.text) == ("id", ("narrative",))
    assert found.columns.left_out == ("product",)


def test_votes_come_in_the_order_of_messages_and_people():
    votes = Votes.of("x", Kind.SINGLE, {("2", "b"): ("q",), ("1", "b"): ("p",), ("2", "a"): ("p",)})

    assert (votes.messages, votes.message.tolist(), votes.annotator.tolist()) == (
        ("2", "1"),
        [0, 0, 1],
        [0, 1, 1],
    )
    assert votes.holds.tolist() == [[True, False], [False, True]]


DECISIONS = (
    "id,dimension,consensus,decided\n1,team,billing,\n2,team,orders, sales\n9,team,a,sales\n"
)


def decided(tmp_path, content, votes, **known):
    (tmp_path / "work.csv").write_text(content)
    return read_decisions(tmp_path / "work.csv", votes, known=known)


def test_what_was_decided_is_read_back(read, tmp_path):
    found = decided(tmp_path, DECISIONS, read(LONG).dimensions)

    assert (found.answers, found.strangers) == ({"team": {"2": ("sales",)}}, 1)
    assert len(found) == 1


def test_one_dimension_need_not_be_named(read, tmp_path):
    found = decided(tmp_path, "id,decided\n2,sales\n", read(LONG).dimensions)

    assert found.answers == {"team": {"2": ("sales",)}}


def test_a_slip_of_the_pen_is_an_error_with_a_guess(read, tmp_path):
    with pytest.raises(UnknownLabels, match="Did you mean 'sales' for 'saels'"):
        decided(tmp_path, DECISIONS.replace(" sales", "saels"), read(LONG).dimensions)


def test_a_label_of_the_taxonomy_may_be_new(read, tmp_path):
    content = DECISIONS.replace(" sales", "legal")
    found = decided(tmp_path, content, read(LONG).dimensions, team=("legal",))

    assert found.answers["team"]["2"] == ("legal",)


def test_a_decision_on_another_dimension_is_an_error(read, tmp_path):
    with pytest.raises(InvalidUsage, match="nobody has voted on"):
        decided(tmp_path, DECISIONS.replace("team", "tone"), read(LONG).dimensions)


def test_a_list_without_the_column_is_an_error(read, tmp_path):
    with pytest.raises(UnknownColumn, match="no column 'decided'"):
        decided(tmp_path, LONG.replace("ticket_id", "id"), read(LONG).dimensions)


def flags():
    return Votes.of(
        "flags", Kind.MULTI, {("1", "a"): ("x",), ("1", "b"): ("x", "y"), ("2", "a"): ()}
    )


def test_several_labels_and_none_at_all(tmp_path):
    found = decided(tmp_path, "id,decided\n1,y; x\n2,none\n", [flags()])

    assert found.answers["flags"] == {"1": ("x", "y"), "2": ()}


def test_none_beside_a_label_is_an_error(tmp_path):
    with pytest.raises(InvalidUsage, match="no label holds, and that some do"):
        decided(tmp_path, "id,decided\n1,none; x\n", [flags()])


@given(st.sets(st.sampled_from(["x", "y"])))
def test_what_is_written_is_read(labels):
    answer = tuple(sorted(labels))
    words = written(answer)

    assert words == ("none" if not answer else "; ".join(answer))
    assert written(None) == ""
