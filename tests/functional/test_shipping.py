"""Releases are promoted, taken back, compared and carried elsewhere."""

import json
from pathlib import Path

import pytest

from tests.functional.conftest import Sortyard, objects

pytestmark = pytest.mark.slow


@pytest.fixture
def other(sortyard: Sortyard, workspace: Path, archive: Path) -> str:
    """A second release beside the champion."""
    said = sortyard("train", archive, "-w", workspace, "--recipe", "edge", "--json")
    return json.loads(said.out)["release"]


def _champion(sortyard: Sortyard, workspace: Path) -> str:
    return json.loads(sortyard("releases", "list", "-w", workspace, "--json").out)["champion"]


def test_the_first_release_answers(sortyard: Sortyard, workspace: Path, release: str) -> None:
    assert _champion(sortyard, workspace) == release


def test_the_second_waits(sortyard: Sortyard, workspace: Path, release: str, other: str) -> None:
    assert (_champion(sortyard, workspace), release != other) == (release, True)


def test_a_promoted_release_answers(sortyard: Sortyard, workspace: Path, other: str) -> None:
    sortyard("promote", other, "-w", workspace)
    (found,) = objects(sortyard("classify", "-w", workspace, "refund", "--json").out)

    assert found["release"] == other


def test_a_rollback_takes_it_back(
    sortyard: Sortyard, workspace: Path, release: str, other: str
) -> None:
    sortyard("promote", other, "-w", workspace)
    sortyard("rollback", "-w", workspace)

    assert _champion(sortyard, workspace) == release


def test_both_are_listed(sortyard: Sortyard, workspace: Path, release: str, other: str) -> None:
    said = sortyard("releases", "list", "-w", workspace).out

    assert (release in said, other in said) == (True, True)


def test_a_comparison_on_the_same_messages_says_whether_it_is_chance(
    sortyard: Sortyard, workspace: Path, release: str, other: str, archive: Path
) -> None:
    said = sortyard("releases", "compare", release, other, "-w", workspace, "--data", archive)

    assert (said.code, "chance" in said.out) == (0, True)


def test_a_comparison_of_reports_has_both(
    sortyard: Sortyard, workspace: Path, release: str, other: str
) -> None:
    said = sortyard("releases", "compare", release, other, "-w", workspace, "--json")

    assert set(json.loads(said.out)["reports"]) == {release, other}


def test_a_release_shows_what_is_known(sortyard: Sortyard, workspace: Path, release: str) -> None:
    assert release in sortyard("releases", "show", "-w", workspace).out


def test_a_damaged_release_is_not_opened(sortyard: Sortyard, workspace: Path, release: str) -> None:
    heads = workspace / ".sortyard" / "releases" / release / "heads.safetensors"
    heads.write_bytes(heads.read_bytes()[:-1] + b"x")
    said = sortyard("classify", "-w", workspace, "refund")

    assert (said.code, "error[damaged-bundle]" in said.err) == (2, True)


@pytest.mark.parametrize("ending", ["tar.gz", "zip"])
def test_an_export_answers_elsewhere(
    sortyard: Sortyard, workspace: Path, release: str, ending: str
) -> None:
    file = workspace / f"out.{ending}"
    sortyard("export", "-w", workspace, "--output", file)
    (found,) = objects(sortyard("classify", "--release", file, "refund", "--json").out)

    assert found["release"] == release


def test_an_export_that_no_audit_log_takes_says_so(sortyard: Sortyard, workspace: Path) -> None:
    """On standard error, beside the file that was asked for."""
    (workspace / ".sortyard" / "deeds.lock").unlink(missing_ok=True)
    (workspace / ".sortyard" / "deeds.lock").mkdir()
    said = sortyard("export", "-w", workspace, "--output", workspace / "out.zip", "--json")

    assert (said.code, json.loads(said.out)["recorded"]) == (0, False)
    assert "the audit log does not have this export" in said.err


def test_an_import_can_be_promoted(
    sortyard: Sortyard, workspace: Path, release: str, tmp_path: Path
) -> None:
    sortyard("export", "-w", workspace, "--output", workspace / "out.zip")
    elsewhere = tmp_path / "elsewhere"
    sortyard("releases", "import", workspace / "out.zip", "-w", elsewhere)
    sortyard("promote", release, "-w", elsewhere)

    assert _champion(sortyard, elsewhere) == release


def test_the_labels_of_a_release_can_be_compared(sortyard: Sortyard, workspace: Path) -> None:
    assert sortyard("taxonomy", "diff", "champion", "-w", workspace).code == 0


def test_the_speed_is_measured(sortyard: Sortyard, workspace: Path) -> None:
    said = sortyard("bench", "-w", workspace, "--count", "20", "--json")

    assert json.loads(said.out)["latency"]["p50_ms"] > 0.0


def test_an_encoder_lends_its_sense_of_meaning(sortyard: Sortyard, workspace: Path) -> None:
    assert sortyard("taxonomy", "lint", "--meaning", "-w", workspace).code in {0, 1}
