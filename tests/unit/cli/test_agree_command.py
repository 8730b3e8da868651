"""`sortyard agree` measures votes, says what is to be decided, and reads the decisions back."""

import csv
import json
from pathlib import Path

import pytest

from sortyard.data.archive import read_archive
from sortyard.domain.taxonomy import Kind
from tests.unit.cli.conftest import Sortyard

LABELS = ("billing/refunds", "billing/invoices", "orders/late")
PEOPLE = ("anna", "ben", "carla")


def rows(*, slips: int, people: int = 3, count: int = 60) -> list[dict[str, str]]:
    """Messages on which everybody agrees but the last annotator, who slips now and then."""
    found = []
    for number in range(count):
        label, other = LABELS[number % 3], LABELS[(number + 1) % 3]
        given = [label] * people
        if number < slips:
            given[-1] = other
        text = f"this is the complaint number {number} about something"
        found.append({"id": str(number), "text": text, **dict(zip(PEOPLE, given, strict=False))})
    return found


@pytest.fixture
def votes(tmp_path: Path):
    def write(found: list[dict[str, str]], name: str = "votes.csv") -> Path:
        with (tmp_path / name).open("w", newline="") as stream:
            table = csv.DictWriter(stream, list(found[0]))
            table.writeheader()
            table.writerows(found)
        return tmp_path / name

    return write


def test_agreement_above_the_gate_is_a_yes(sortyard: Sortyard, votes) -> None:
    said = sortyard("agree", votes(rows(slips=3)))

    assert said.code == 0
    assert "Agreement reaches the gate of 0.8." in said.out
    assert "3 messages to decide" in said.out


def test_agreement_below_the_gate_is_a_no(sortyard: Sortyard, votes) -> None:
    said = sortyard("agree", votes(rows(slips=30)))

    assert said.code == 1
    assert "Agreement on label does not reach the gate of 0.8." in said.out
    assert "carla" in next(line for line in said.out.splitlines() if "below 85%" in line)


def test_the_gate_is_for_the_user_to_set(sortyard: Sortyard, votes) -> None:
    file = votes(rows(slips=30))

    assert (sortyard("agree", file, "--gate", "0.5").code, sortyard("agree", file).code) == (0, 1)


@pytest.mark.parametrize("options", [(), ("--all",)])
def test_every_line_fits_the_terminal(sortyard: Sortyard, votes, options) -> None:
    found = rows(slips=40)
    for row in found:
        for person in PEOPLE:
            row[person] = f"{row[person]} and other matters of a very long name"
        row["id"] = f"a-very-long-identifier-{row['id']}" * 2
    said = sortyard("agree", votes(found), *options)

    assert max(map(len, said.out.splitlines())) <= 80


def test_json_has_every_figure(sortyard: Sortyard, votes) -> None:
    said = sortyard("agree", votes(rows(slips=12)), "--json", "--label", "team")
    found = json.loads(said.out)
    team = found["dimensions"]["team"]

    assert (found["passed"], found["gate"], found["seed"]) == (team["passed"], 0.8, 20)
    assert (team["messages"], team["votes"], len(team["work"])) == (60, 180, 12)
    assert team["alpha"]["interval"]["low"] < team["alpha"]["value"]
    assert [one["messages"] for one in team["cohen_kappa"]["pairs"]] == [60, 60, 60]
    assert team["annotators"][0]["annotator"] == "carla"
    assert {one["siblings"] for one in team["label_pairs"]} == {True, False}
    assert team["work"][0]["votes"][0]["votes"] == 2


def test_the_same_seed_says_the_same(sortyard: Sortyard, votes) -> None:
    file = votes(rows(slips=9))
    one, other, third = (
        sortyard("agree", file, "--json", "--seed", seed).out for seed in ("1", "1", "2")
    )

    assert one == other != third


def test_a_row_for_each_vote_is_read_too(sortyard: Sortyard, votes) -> None:
    long = [
        {"ticket": row["id"], "annotator": person, "team": row[person]}
        for row in rows(slips=6)
        for person in PEOPLE
    ]
    found = json.loads(sortyard("agree", votes(long), "--id", "ticket", "--json").out)

    assert (found["dimensions"]["team"]["votes"], len(found["dimensions"]["team"]["work"])) == (
        180,
        6,
    )


def test_one_label_for_everything_has_no_alpha(sortyard: Sortyard, votes) -> None:
    file = votes([{"id": str(at), "anna": "spam", "ben": "spam"} for at in range(30)])
    said = sortyard("agree", file, "--annotator", "anna", "--annotator", "ben")
    found = json.loads(
        sortyard("agree", file, "--annotator", "anna", "--annotator", "ben", "--json").out
    )

    assert said.code == 1
    assert "not defined: every vote says the same" in said.out
    assert "NaN" not in said.out
    assert found["dimensions"]["label"]["alpha"]["value"] is None


def test_one_annotator_alone_cannot_agree(sortyard: Sortyard, votes) -> None:
    long = [{"id": str(at), "rater": "anna", "label": "ab"[at % 2]} for at in range(60)]
    said = sortyard("agree", votes(long))

    assert (said.code, "error[too-few-votes]" in said.err) == (2, True)
    assert "Let two people label the same messages" in said.err


def test_decisions_go_out_and_come_back(sortyard: Sortyard, votes, tmp_path: Path) -> None:
    """From votes to a work list, to decisions, to an archive that a training reads."""
    file = votes(rows(slips=4))
    sortyard("agree", file, "--export", "work.csv", "--label", "team")
    with (tmp_path / "work.csv").open(newline="") as stream:
        work = list(csv.DictReader(stream))

    assert list(work[0]) == [
        "id", "dimension", "votes", "consensus", "support", "decided", "text"
    ]  # fmt: skip
    assert {row["decided"] for row in work} == {""}

    chosen = work[0]["id"]
    work[0]["decided"] = "orders/late"
    decided = votes(work, "decided.csv")
    options = ("--label", "team", "--decided", decided)
    found = json.loads(sortyard("agree", file, *options, "--json").out)
    said = sortyard("agree", file, *options, "--archive", "archive.csv")
    archive = read_archive(tmp_path / "archive.csv")

    assert found["dimensions"]["team"]["decided"] == 1
    assert chosen not in {row["id"] for row in found["dimensions"]["team"]["work"]}
    assert "sortyard train archive.csv" in said.err
    assert len(archive.dataset) == 60
    labels = dict(zip(archive.dataset.ids, archive.dataset.labels("team"), strict=True))
    assert labels[chosen] == ("orders/late",)
    assert {label for held in labels.values() for label in held} == set(LABELS)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
def test_an_archive_of_sets_knows_none_from_nothing(
    sortyard: Sortyard, tmp_path: Path, ending: str
) -> None:
    sets = (["x"], ["y"], ["x", "y"], [], ["x"], ["y"], None)
    lines = [
        {"id": str(at), "text": f"a message that is number {at}", "anna": one, "ben": one}
        for at, one in enumerate(sets * 5)
    ]
    (tmp_path / "votes.jsonl").write_text("\n".join(map(json.dumps, lines)))
    given = ("--annotator", "anna", "--annotator", "ben", "--label", "flags")
    said = sortyard("agree", "votes.jsonl", *given, "--archive", f"archive.{ending}")
    archive = read_archive(tmp_path / f"archive.{ending}", labels=["flags"], text=["text"])

    assert archive.taxonomy["flags"].kind is Kind.MULTI
    assert archive.dataset.labels("flags")[:6] == (("x",), ("y",), ("x", "y"), (), ("x",), ("y",))
    assert "5 messages without an answer" in said.err


def test_an_archive_without_texts_says_so(sortyard: Sortyard, votes) -> None:
    found = [{name: cell for name, cell in row.items() if name != "text"} for row in rows(slips=2)]
    said = sortyard("agree", votes(found), "--archive", "archive.csv")

    assert "it has no texts" in said.err


def test_decisions_that_name_no_label_are_an_error(sortyard: Sortyard, votes) -> None:
    file = votes(rows(slips=4))
    work = votes([{"id": "1", "decided": "orders/lat"}], "decided.csv")
    said = sortyard("agree", file, "--decided", work)

    assert (said.code, "Did you mean 'orders/late'" in said.err) == (2, True)


def test_a_label_of_the_workspace_without_votes_is_listed(sortyard: Sortyard, votes) -> None:
    sortyard("init")
    labels = "dimensions: {team: {labels: {legal: {}, sales: {}}}}\n"
    Path("taxonomy.yaml").write_text(labels)
    found = json.loads(sortyard("agree", votes(rows(slips=3)), "--label", "team", "--json").out)
    legal = next(one for one in found["dimensions"]["team"]["labels"] if one["label"] == "legal")

    assert (legal["votes"], legal["value"], legal["why"]) == (0, None, "nobody has chosen it")


@pytest.mark.parametrize("option", ["--export", "--archive"])
def test_a_file_of_another_kind_is_refused_before_anything_is_read(
    sortyard: Sortyard, option: str
) -> None:
    said = sortyard("agree", "nowhere.csv", option, "work.xlsx")

    assert (said.code, "error[invalid-usage]" in said.err) == (2, True)


def test_a_text_column_with_a_name_of_ours_is_refused(sortyard: Sortyard, votes) -> None:
    found = [{**row, "votes": row["text"]} for row in rows(slips=2)]
    said = sortyard("agree", votes(found), "--text", "votes", "--export", "work.csv")

    assert (said.code, "Rename it" in said.err) == (2, True)


def test_no_text_of_a_message_is_on_the_terminal(sortyard: Sortyard, votes) -> None:
    said = sortyard("agree", votes(rows(slips=20)))

    assert "complaint number" not in said.out + said.err


@pytest.mark.parametrize("option", ["--export", "--archive"])
def test_the_votes_are_never_written_over(sortyard: Sortyard, votes, option: str) -> None:
    file = votes(rows(slips=5))
    before = file.read_bytes()

    said = sortyard("agree", file, option, file)

    assert said.code == 2
    assert "is read, and would be written over" in said.err
    assert file.read_bytes() == before


def test_decisions_are_never_written_over(sortyard: Sortyard, votes, tmp_path: Path) -> None:
    work = tmp_path / "work.csv"
    sortyard("agree", votes(rows(slips=5)), "--export", work)
    with work.open(newline="") as stream:
        found = list(csv.DictReader(stream))
    found[0]["decided"] = LABELS[0]
    votes(found, "work.csv")

    said = sortyard("agree", votes(rows(slips=9)), "--export", work)

    assert said.code == 2
    assert "people have filled in 1 row" in said.err
    assert LABELS[0] in work.read_text().splitlines()[1].split(",")


def test_a_list_that_nobody_touched_is_made_anew(sortyard: Sortyard, votes, tmp_path: Path) -> None:
    work = tmp_path / "work.csv"
    sortyard("agree", votes(rows(slips=5)), "--export", work)

    sortyard("agree", votes(rows(slips=9)), "--export", work)

    assert len(work.read_text().splitlines()) == 1 + 9
