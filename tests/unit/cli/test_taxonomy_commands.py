"""`sortyard taxonomy` shows, compares and criticises labels."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Sortyard

BILLING = "        definition: Anything about money that was paid or will be paid to us.\n"
GOOD = f"""\
format: 1
dimensions:
  team:
    question: Which team has to act on this message?
    labels:
      billing:
{BILLING}
      access:
        definition: The customer cannot get into an account that is theirs.
"""
CONTRADICTION = "        includes: [fees]\n        excludes: [fees]\n"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    (tmp_path / "labels.yaml").write_text(GOOD)
    return tmp_path / "labels.yaml"


def test_show_names_every_label(sortyard: Sortyard, labels: Path) -> None:
    said = sortyard("taxonomy", "show", labels).out

    assert ("billing" in said, "access" in said) == (True, True)


def test_show_gives_the_content_as_json(sortyard: Sortyard, labels: Path) -> None:
    found = json.loads(sortyard("taxonomy", "show", labels, "--json").out)

    assert [one["name"] for one in found["dimensions"][0]["labels"]] == ["billing", "access"]


def test_notes_alone_are_a_yes(sortyard: Sortyard, labels: Path) -> None:
    assert sortyard("taxonomy", "lint", labels).code == 0


def test_an_error_is_a_no(sortyard: Sortyard, labels: Path) -> None:
    labels.write_text(GOOD.replace(BILLING, BILLING + CONTRADICTION))

    assert sortyard("taxonomy", "lint", labels).code == 1


def test_every_finding_has_a_remedy(sortyard: Sortyard, labels: Path) -> None:
    labels.write_text(GOOD.replace(BILLING, ""))
    findings = json.loads(sortyard("taxonomy", "lint", labels, "--json").out)["findings"]

    assert all(one["remedy"] for one in findings)


def test_what_is_no_taxonomy_could_not_be_looked_at(sortyard: Sortyard, labels: Path) -> None:
    labels.write_text("dimensions: 3\n")

    assert "error[invalid-taxonomy]" in sortyard("taxonomy", "lint", labels).err


def test_the_same_labels_do_not_differ(sortyard: Sortyard, labels: Path) -> None:
    assert sortyard("taxonomy", "diff", labels, labels).code == 0


def test_a_new_label_is_a_difference(sortyard: Sortyard, labels: Path, tmp_path: Path) -> None:
    (tmp_path / "new.yaml").write_text(GOOD + "      sales:\n")
    said = sortyard("taxonomy", "diff", labels, tmp_path / "new.yaml")

    assert (said.code, "'sales' is new" in said.out) == (1, True)


def test_without_a_taxonomy_the_next_step_is_told(sortyard: Sortyard) -> None:
    sortyard("init")

    assert "sortyard init ARCHIVE" in sortyard("taxonomy", "show").err
