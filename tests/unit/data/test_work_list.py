"""A work list can be written, filled in, read back, and put into the archive."""

from pathlib import Path

import pytest

from sortyard.data.archive import archive_of
from sortyard.data.columns import infer_columns
from sortyard.data.corrected import Corrected, corrected, read_corrections
from sortyard.data.readers import read_table
from sortyard.data.work_list import COLUMNS, Evidence, Suspicion, Suspicions, work_rows
from sortyard.domain.errors import InvalidUsage, UnknownLabels

TICKETS = """id,text,team
a,my card was charged twice,billing
b,I cannot log in,billing
c,where is my parcel,delivery
d,the courier never came,delivery
e,the password is wrong,access
"""


def corrected_by(
    folder: Path, decisions: str, archive: str = TICKETS, label: str = "team"
) -> Corrected:
    (folder / "tickets.csv").write_text(archive)
    (folder / "work.csv").write_text(decisions)
    table = read_table(folder / "tickets.csv")
    columns = infer_columns(table, text=["text"], labels=[label], id_column="id")
    read = archive_of(table, columns)
    return corrected(table, read, read_corrections(folder / "work.csv", read))


def test_a_suspicion_is_a_row_with_an_empty_cell_to_fill_in() -> None:
    suspicion = Suspicion(
        id="b",
        text="I cannot log in",
        given=("billing",),
        likely=("access",),
        chance_given=0.01,
        chance_likely=0.97,
        doubt=0.99,
        like_likely=Evidence("e", "the password is wrong", 0.6),
    )
    found = Suspicions(
        dimension="team", found=(suspicion,), expected=1, judged=5, rows=5, judges="wording"
    )
    (row,) = work_rows([found])
    assert tuple(row) == COLUMNS
    assert (row["id"], row["given"], row["likely"]) == ("b", "billing", "access")
    assert (row["like_likely"], row["like_given"], row["decided"]) == (
        *("the password is wrong", ""),
        "",
    )


def test_what_was_decided_is_in_the_archive_and_nothing_else_changed(tmp_path: Path) -> None:
    found = corrected_by(tmp_path, "id,dimension,decided\nb,team,access\nc,team,\na,team,billing\n")
    teams = [row["team"] for row in found.rows]
    assert teams == ["billing", "access", "delivery", "delivery", "access"]
    assert [row["text"] for row in found.rows][1] == "I cannot log in"
    assert (found.changed, found.confirmed, found.strangers) == (1, 1, 0)


def test_a_decision_on_a_message_that_is_not_there_is_counted(tmp_path: Path) -> None:
    assert corrected_by(tmp_path, "id,decided\nzz,access\n").strangers == 1


def test_a_label_that_nobody_has_is_refused_with_a_guess(tmp_path: Path) -> None:
    with pytest.raises(UnknownLabels, match="'access' for 'acess'"):
        corrected_by(tmp_path, "id,decided\nb,acess\n")


def test_a_list_for_another_dimension_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidUsage):
        corrected_by(tmp_path, "id,dimension,decided\nb,urgency,high\n")


def test_labels_are_written_as_the_file_writes_them(tmp_path: Path) -> None:
    archive = "id,text,team\n1,a card,Tax / VAT\n2,a log in,access\n3,a parcel,access\n"
    found = corrected_by(tmp_path, "id,decided\n2,Tax - VAT\n", archive)
    assert [row["team"] for row in found.rows] == ["Tax / VAT", "Tax / VAT", "access"]


def test_several_labels_and_none_are_written_with_the_separator_of_the_file(tmp_path: Path) -> None:
    archive = "id,text,tags\n1,a,x;y\n2,b,x\n3,c,y;z\n4,d,z;x\n5,e,y\n"
    found = corrected_by(tmp_path, "id,decided\n2,x; z; y\n3,none\n", archive, "tags")
    assert [row["tags"] for row in found.rows] == ["x;y", "x;y;z", "", "z;x", "y"]


def test_levels_go_back_into_their_columns(tmp_path: Path) -> None:
    archive = (
        "id,text,area,topic\n1,a,money,refund\n2,b,money,invoice\n3,c,log in,code\n4,d,money,\n"
    )
    found = corrected_by(tmp_path, "id,decided\n3,money/refund\n1,money\n", archive, "area/topic")
    assert [(row["area"], row["topic"]) for row in found.rows] == [
        ("money", ""),
        ("money", "invoice"),
        ("money", "refund"),
        ("money", ""),
    ]
