"""`sortyard annotate plan`: which messages to label next."""

import csv
import json
from pathlib import Path

import pytest

from sortyard.models.manifest import Manifest
from tests.functional.conftest import Sortyard

pytestmark = pytest.mark.slow


@pytest.fixture
def pool(tmp_path: Path, archive: Path) -> Path:
    """The archive's messages with a new word each, without their labels."""
    path = tmp_path / "pool.csv"
    with archive.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))[:60]
    text = "body" if "body" in rows[0] else "text"
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow([text])
        table.writerows([[f"{row[text]} once more {at}"] for at, row in enumerate(rows)])
    return path


def test_a_plan_is_a_table_to_fill_in(
    sortyard: Sortyard, workspace: Path, pool: Path, tmp_path: Path
) -> None:
    target = tmp_path / "plan.csv"

    said = sortyard("annotate", "plan", "10", pool, "-o", target, "-w", workspace)

    assert (said.code, said.err) == (0, "")
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 10
    assert "sortyard train" in said.out
    assert {row["why"] for row in rows} >= {"margin", "random"}
    assert all(bool(row["suggestion"]) == (row["why"] != "random") for row in rows)
    assert all(bool(row["chance"]) == (row["why"] == "random") for row in rows)


@pytest.mark.parametrize("named", ["option", "setting"])
def test_the_column_with_the_ids_can_be_named(
    sortyard: Sortyard, tmp_path: Path, named: str
) -> None:
    """Whoever fills the plan in looks messages up by these ids."""
    pool, home = tmp_path / "pool.csv", tmp_path / "home"
    home.mkdir()
    pool.write_text("\n".join(["nr,text", *(f"{7_000 + at % 50},parcel {at}" for at in range(9))]))
    if named == "setting":
        (home / "sortyard.toml").write_text('id = "nr"')
    options = ("--id", "nr") if named == "option" else ()

    said = sortyard("annotate", "plan", "4", pool, *options, "-w", home, "--json")

    assert {one["id"][:2] for one in json.loads(said.out)["messages"]} == {"70"}


def test_a_column_of_ids_that_is_named_and_not_there_is_an_error(
    sortyard: Sortyard, pool: Path, tmp_path: Path
) -> None:
    said = sortyard("annotate", "plan", "4", pool, "--id", "nr", "-w", tmp_path / "home")

    assert (said.code, "unknown-column" in said.err, "'nr'" in said.err) == (2, True, True)


def test_what_was_filled_in_can_be_trained_on(
    sortyard: Sortyard, workspace: Path, pool: Path, tmp_path: Path
) -> None:
    target = _filled_in(sortyard, workspace, pool, tmp_path / "plan.csv")

    options = ("--text", "text", "--label", "team", "--workspace", tmp_path / "new", "--json")
    made = sortyard("train", target, *options)

    assert json.loads(made.out)["training_rows"] == 32


def test_a_plan_that_was_filled_in_is_not_written_over(
    sortyard: Sortyard, workspace: Path, pool: Path, tmp_path: Path
) -> None:
    target = _filled_in(sortyard, workspace, pool, tmp_path / "plan.csv")
    before = target.read_bytes()

    said = sortyard("annotate", "plan", "10", pool, "-o", target, "-w", workspace)

    assert said.code == 2
    assert "people have filled in" in said.err
    assert target.read_bytes() == before


def test_the_pool_is_not_written_over(sortyard: Sortyard, workspace: Path, pool: Path) -> None:
    before = pool.read_bytes()

    said = sortyard("annotate", "plan", "10", pool, "-o", pool, "-w", workspace)

    assert said.code == 2
    assert "is read, and would be written over" in said.err
    assert pool.read_bytes() == before


def test_a_plan_is_trained_on_behind_the_archive(
    sortyard: Sortyard, workspace: Path, pool: Path, archive: Path, tmp_path: Path
) -> None:
    target = _filled_in(sortyard, workspace, pool, tmp_path / "plan.csv")

    said = sortyard("train", archive, target, "-w", workspace, "--recipe", "edge", "--json")

    made = json.loads(said.out)
    manifest = Manifest.read(Path(made["folder"]))
    alone = Manifest.read(Path(made["folder"]).with_name(manifest.parents[0]))
    told = "280 labelled messages were read from tickets.csv (240 rows), plan.csv (40 rows)."
    assert told in made["notes"]
    assert [one["name"] for one in manifest.sources] == ["tickets.csv", "plan.csv"]
    assert manifest.data_hash != alone.data_hash
    assert 'text = ["body"]' in (workspace / "sortyard.toml").read_text()


def test_the_next_plan_knows_what_the_last_one_asked(
    sortyard: Sortyard, workspace: Path, pool: Path, tmp_path: Path
) -> None:
    target = _filled_in(sortyard, workspace, pool, tmp_path / "plan.csv")

    said = sortyard("annotate", "plan", "40", pool, "--labelled", target, "-w", workspace, "--json")

    found = json.loads(said.out)
    with target.open(encoding="utf-8", newline="") as stream:
        asked = {row["id"] for row in csv.DictReader(stream)}
    assert found["labelled"] == 40
    assert not asked & {one["id"] for one in found["messages"]}


def _filled_in(sortyard: Sortyard, workspace: Path, pool: Path, target: Path) -> Path:
    """Ask for a plan, and label every message of it."""
    sortyard("annotate", "plan", "40", pool, "-o", target, "-w", workspace)
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for at, row in enumerate(rows):
        row["team"] = ("billing", "delivery")[at % 2]
    with target.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return target


def test_a_plan_brings_along_what_a_release_learns_from(sortyard: Sortyard, tmp_path: Path) -> None:
    """Its rows teach beside the archive's; without their metadata they would have no features."""
    home, pool, target = tmp_path / "home", tmp_path / "pool.csv", tmp_path / "plan.csv"
    home.mkdir()
    (home / "features.yaml").write_text("metadata: {channel: category, files: number}")
    lines = [f"where is parcel {at} of the order,{('app', 'web')[at % 2]},{at}" for at in range(9)]
    pool.write_text("\n".join(["text,channel,files", *lines]))

    said = sortyard("annotate", "plan", "3", pool, "-o", target, "-w", home)

    assert said.code == 0, said.err
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["channel"] for row in rows} <= {"app", "web"}
    assert all(f"parcel {row['files']} of" in row["text"] for row in rows)


def test_without_a_release_what_is_typical_comes_first(
    sortyard: Sortyard, pool: Path, tmp_path: Path
) -> None:
    said = sortyard("annotate", "plan", "10", pool, "-w", tmp_path / "empty", "--json")

    found = json.loads(said.out)
    assert (found["release"], found["strategies"]) == (None, {"typical": 9, "random": 1})
    assert not (tmp_path / "empty").exists()


def test_only_tables_can_be_filled_in(
    sortyard: Sortyard, workspace: Path, pool: Path, tmp_path: Path
) -> None:
    said = sortyard("annotate", "plan", "5", pool, "-o", tmp_path / "plan.parquet", "-w", workspace)

    assert (said.code, ".csv" in said.err) == (2, True)
    assert not (tmp_path / "plan.parquet").exists()


def test_a_file_of_which_all_is_labelled_says_so(
    sortyard: Sortyard, workspace: Path, archive: Path
) -> None:
    said = sortyard("annotate", "plan", "5", archive, "-w", workspace)

    assert (said.code, "waits for a label" in said.err) == (2, True)
