"""`sortyard train` makes a release out of a file, or says why not."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

import sortyard as library
from tests.functional.conftest import Sortyard
from tests.functional.tickets import write_tickets

pytestmark = pytest.mark.slow


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return write_tickets(tmp_path / "few.csv", count=90, random=Random(1))


def _train(sortyard: Sortyard, *arguments: str | Path) -> dict[str, object]:
    said = sortyard("train", *arguments, "--recipe", "edge", "--json")
    return {"code": said.code, **json.loads(said.out)}


def test_the_json_has_what_scripts_rely_on(sortyard: Sortyard, few: Path) -> None:
    found = _train(sortyard, few)
    metrics = found["dimensions"]["team"]["metrics"]
    relied_on = {"accuracy", "macro_f1", "ece", "auto_coverage", "auto_precision", "recall_at_5"}

    assert ({"release", "seconds", "gates"} <= found.keys(), relied_on <= metrics.keys()) == (
        True,
        True,
    )


def test_the_bare_folder_becomes_a_workspace(sortyard: Sortyard, few: Path, tmp_path: Path) -> None:
    sortyard("train", few, "--recipe", "edge")

    assert {"sortyard.toml", "taxonomy.yaml", ".sortyard"} <= {
        one.name for one in tmp_path.iterdir()
    }


def test_the_report_opens_in_plain_words(sortyard: Sortyard, few: Path) -> None:
    assert "Of 100 messages" in sortyard("train", few, "--recipe", "edge").out


def test_no_line_of_the_report_is_wider_than_the_terminal(sortyard: Sortyard, few: Path) -> None:
    said = sortyard("train", few, "--recipe", "edge")
    paths = ("report:", "  text:", "  label:")
    lines = [one for one in said.out.splitlines() if not one.startswith(paths)]

    assert [line for line in lines if len(line) > 80] == []


def test_the_same_seed_makes_the_same_release(
    sortyard: Sortyard, few: Path, tmp_path: Path
) -> None:
    one, two = (
        _train(sortyard, few, "--workspace", tmp_path / name, "--seed", "7") for name in ("a", "b")
    )

    assert one["release"] == two["release"]


def test_a_file_of_its_own_can_be_the_test(sortyard: Sortyard, few: Path, tmp_path: Path) -> None:
    golden = write_tickets(tmp_path / "golden.csv", count=30, random=Random(2))

    assert _train(sortyard, few, "--test", golden)["test_rows"] == 30


def test_a_failed_gate_is_a_no_that_names_it(sortyard: Sortyard, few: Path, tmp_path: Path) -> None:
    sortyard("init")
    (tmp_path / "gates.toml").write_text("min_messages_per_second = 1e12\n")
    found = _train(sortyard, few)
    failed = [one["gate"] for one in found["gates"]["findings"] if one["verdict"] == "failed"]

    assert (found["code"], failed, found["champion"]) == (1, ["min_messages_per_second"], None)


def test_a_release_that_failed_is_kept(sortyard: Sortyard, few: Path, tmp_path: Path) -> None:
    sortyard("init")
    (tmp_path / "gates.toml").write_text("min_messages_per_second = 1e12\n")
    found = _train(sortyard, few)

    assert (tmp_path / ".sortyard" / "releases" / found["release"] / "metrics.json").is_file()


def test_an_unknown_recipe_comes_with_a_guess(sortyard: Sortyard, few: Path) -> None:
    assert "Did you mean 'quick'" in sortyard("train", few, "--recipe", "quik").err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-archive"),
        (b"body,team\n", "empty-archive"),
        (b"\x00\x01\x02\x03" * 100, "unreadable-archive"),
        (b"a,b\n1,2\n3,4\n", "undecided-columns"),
    ],
)
def test_a_file_that_cannot_teach_is_refused(
    sortyard: Sortyard, tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    said = sortyard("train", "bad.csv")

    assert (said.code, f"error[{code}]" in said.err) == (2, True)


def test_a_file_that_cannot_teach_leaves_nothing_behind(sortyard: Sortyard, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").touch()
    sortyard("train", "bad.csv")

    assert [one.name for one in tmp_path.iterdir()] == ["bad.csv"]


def test_a_file_that_is_not_there_is_named(sortyard: Sortyard) -> None:
    assert "nowhere.csv" in sortyard("train", "nowhere.csv").err


def test_odd_rows_are_told_with_their_lines(sortyard: Sortyard, few: Path) -> None:
    with few.open("a") as stream:
        stream.write('t-900,"",billing\n')
    lines = len(few.read_text().splitlines())

    assert f"line {lines}" in sortyard("train", few, "--recipe", "edge").err


def test_a_folder_that_nobody_may_write_to_is_told(sortyard: Sortyard, few: Path) -> None:
    """A file stands where the workspace should be."""
    said = sortyard("train", few, "--workspace", few)

    assert (said.code, "error[cannot-write]" in said.err) == (2, True)


LABELS = """format: 1
version: 1
dimensions:
  team:
    labels:
      billing:
        definition: Money that was paid, refunds, invoices and charges on a card.
      access:
        definition: Passwords, logging in, and accounts that are locked.
"""


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "taxonomy.yaml"
    path.write_text(LABELS)
    return path


@pytest.mark.usefixtures("labels")
def test_labels_alone_make_a_release_that_leaves_everything_to_people(sortyard: Sortyard) -> None:
    sortyard("train")
    answer = json.loads(sortyard("classify", "I forgot my password", "--json").out)
    choice = answer["dimensions"]["team"]

    assert (choice["label"], choice["confidence"], choice["route"]) == ("access", None, "review")


@pytest.mark.usefixtures("labels")
def test_labels_alone_are_measured_on_a_test_of_ones_own(
    sortyard: Sortyard, tmp_path: Path
) -> None:
    golden = tmp_path / "golden.csv"
    golden.write_text("body,team\nmy card was charged,billing\nlocked out of my account,access\n")
    found = _train(sortyard, "--test", golden)

    assert (found["training_rows"], found["test_rows"]) == (0, 2)


def test_neither_messages_nor_labels_are_too_little(sortyard: Sortyard, tmp_path: Path) -> None:
    said = sortyard("train")

    assert (said.code, "error[invalid-taxonomy]" in said.err) == (2, True)
    assert [*tmp_path.iterdir()] == []


def test_messages_without_a_label_are_counted_and_never_tested_on(
    sortyard: Sortyard, tmp_path: Path
) -> None:
    rows = write_tickets(tmp_path / "few.csv", count=45, random=Random(1))
    more = write_tickets(tmp_path / "more.csv", count=60, random=Random(2)).read_text()
    bare = [f"u-{line.rpartition(',')[0]}," for line in more.splitlines()[1:]]
    both = tmp_path / "both.csv"
    both.write_text(rows.read_text() + "\n".join(bare) + "\n", encoding="utf-8")

    named = "--label", "team", "--workspace"
    alone = _train(sortyard, rows, *named, tmp_path / "alone")
    beside = _train(sortyard, both, *named, tmp_path / "beside")
    judged_on = "training_rows", "test_rows", "split_hash"

    assert [beside[one] for one in judged_on] == [alone[one] for one in judged_on]
    assert any("60 rows: the label is empty" in note for note in beside["notes"])


def test_two_files_make_the_release_of_one(sortyard: Sortyard, few: Path, tmp_path: Path) -> None:
    header, *rows = few.read_text().splitlines()
    halves = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for half, part in zip(halves, (rows[:50], rows[50:]), strict=True):
        half.write_text("\n".join([header, *part]) + "\n", encoding="utf-8")

    whole = _train(sortyard, few, "--workspace", tmp_path / "whole")
    made = library.train(halves, workspace=tmp_path / "halves", recipe="edge")

    assert made.release == whole["release"]


def test_a_file_without_the_label_is_named_with_the_remedy(
    sortyard: Sortyard, few: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("id,body,queue\nx-1,where is my parcel,delivery\n", encoding="utf-8")

    said = sortyard("train", few, other)

    assert said.code == 2
    assert "other.csv has no column 'team', which is the label of" in " ".join(said.err.split())
    assert "'queue'" in said.err
    assert not (tmp_path / "sortyard.toml").exists()


def test_what_is_wrong_is_told_with_the_name_of_the_file(
    sortyard: Sortyard, few: Path, tmp_path: Path
) -> None:
    more = tmp_path / "more.csv"
    more.write_text("id,body,team\nt-0,something else entirely,access\n", encoding="utf-8")

    said = sortyard("train", few, more, "--recipe", "edge")

    assert "more.csv: 1 row: the id was used by a row above" in " ".join(said.err.split())


def test_a_full_temporary_folder_is_named_with_what_to_do(few: Path, tmp_path: Path) -> None:
    """The languages' library unpacks its model there; the disk of the workspace is another."""
    pytest.importorskip("py3langid", reason="without it nothing is unpacked")
    words = [sys.executable, "-m", "sortyard", "train", str(few), "-w", str(tmp_path / "home")]
    limited = ["sh", "-c", 'ulimit -f 300; exec "$@"', "sh", *words, "--recipe", "edge"]

    said = subprocess.run(limited, capture_output=True, text=True, timeout=120, check=False)

    assert (said.returncode, "error[cannot-write]" in said.stderr) == (2, True)
    assert "TMPDIR" in said.stderr
