"""Files as people have them: what can be learnt is learnt, and the rest is said."""

import json
from pathlib import Path
from random import Random

import pytest

from tests.functional.conftest import Sortyard
from tests.functional.tickets import write_tickets

pytestmark = pytest.mark.slow


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return write_tickets(tmp_path / "few.csv", count=90, random=Random(1))


def _add(path: Path, *lines: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def _train(sortyard: Sortyard, path: Path) -> dict[str, object]:
    said = sortyard("train", path, "--recipe", "edge", "--json")
    assert said.out, said.err
    return {"err": said.err, **json.loads(said.out)}


def test_a_label_with_one_row_stops_nothing(sortyard: Sortyard, few: Path) -> None:
    _add(few, "t-901,do you deliver to Norway,sales")

    assert _train(sortyard, few)["release"]


def test_an_archive_of_one_label_still_makes_a_release(
    sortyard: Sortyard, few: Path, tmp_path: Path
) -> None:
    lines = few.read_text().splitlines()
    kept = [lines[0], *(line for line in lines if line.endswith(",billing"))]
    (tmp_path / "one.csv").write_text("\n".join(kept) + "\n")

    assert _train(sortyard, tmp_path / "one.csv")["release"]


def test_labels_that_are_missing_are_counted(sortyard: Sortyard, few: Path) -> None:
    _add(few, "t-901,where is my parcel,", "t-902,where is my refund,NaN")

    assert "2 rows: the label is empty" in _train(sortyard, few)["err"]


def test_an_id_that_occurs_twice_is_told(sortyard: Sortyard, few: Path) -> None:
    _add(few, "t-1,where is my parcel of last week,delivery")

    assert "the id was used by a row above" in _train(sortyard, few)["err"].replace("\n    ", " ")


def test_two_encodings_in_one_file_are_read(sortyard: Sortyard, few: Path) -> None:
    with few.open("ab") as stream:
        stream.write("t-901,mein Päckchen ist nicht da,delivery\n".encode())
        stream.write("t-902,où est mon colis déjà payé,delivery\n".encode("cp1252"))

    assert "Windows-1252" in _train(sortyard, few)["err"]


def test_a_text_of_ten_megabytes_is_one_message(sortyard: Sortyard, few: Path) -> None:
    _add(few, f"t-901,{'where is my parcel ' * 550_000},delivery")

    assert _train(sortyard, few)["release"]


def test_a_huge_line_of_a_stream_is_answered(sortyard: Sortyard, workspace: Path) -> None:
    said = sortyard("classify", "-w", workspace, "--json", stdin=b"refund " * 1_500_000)

    assert json.loads(said.out)["dimensions"]["team"]["route"]


def test_a_newer_release_says_so(sortyard: Sortyard, workspace: Path, release: str) -> None:
    manifest = workspace / ".sortyard" / "releases" / release / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 99', 1))

    assert "error[newer-format]" in sortyard("classify", "-w", workspace, "refund").err


def test_a_missing_file_of_a_release_is_named(
    sortyard: Sortyard, workspace: Path, release: str
) -> None:
    (workspace / ".sortyard" / "releases" / release / "policy.json").unlink()

    assert "policy.json" in sortyard("classify", "-w", workspace, "refund").err


def test_an_encoder_that_is_nowhere_says_where_it_was_looked_for(
    sortyard: Sortyard, few: Path, tmp_path: Path
) -> None:
    said = sortyard("train", few, "--encoder", tmp_path / "no-weights")

    assert (said.code, "error[missing-encoder]" in said.err) == (2, True)


def test_the_newest_messages_can_be_the_test(sortyard: Sortyard, few: Path, tmp_path: Path) -> None:
    header, *rows = few.read_text().splitlines()
    dated = [
        f"{row},2026-{1 + number // 28:02}-{1 + number % 28:02}" for number, row in enumerate(rows)
    ]
    (tmp_path / "dated.csv").write_text("\n".join([f"{header},received", *dated]) + "\n")
    said = sortyard(
        "train", tmp_path / "dated.csv", "--time", "received", "--recipe", "edge", "--json"
    )

    report = json.loads(said.out)

    assert any("newest part" in note for note in report["notes"])
    assert len(report["split_hash"]) == 64
