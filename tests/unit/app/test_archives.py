"""An archive makes its workspace, and never writes over what people wrote."""

from pathlib import Path

import pytest

from sortyard.app.archives import edited_taxonomy, gates_of, open_with, read_for, write_gates
from sortyard.app.workspace import found_or_here, make
from sortyard.domain.errors import (
    EmptyArchive,
    InvalidSettings,
    UnknownColumn,
    UnknownDimension,
)
from sortyard.evaluation.gates import Gates

ROWS = [
    ("I want my money back for the order of last week", "billing"),
    ("The password link does not work in my browser", "access"),
    ("You charged my card twice, please send one back", "billing"),
    ("I cannot log in since the update of yesterday", "access"),
] * 5


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    rows = [f'"{text} ({number})",{label}' for number, (text, label) in enumerate(ROWS)]
    path.write_text("\n".join(["body,team", *rows]) + "\n")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "support"


def test_a_bare_folder_gets_settings_and_labels(archive: Path, folder: Path) -> None:
    open_with(archive, folder, given={})

    assert {"sortyard.toml", "taxonomy.yaml"} <= {one.name for one in folder.iterdir()}


def test_the_settings_remember_the_columns(archive: Path, folder: Path) -> None:
    open_with(archive, folder, given={})
    settings = found_or_here(folder).settings

    assert (settings.text, settings.label) == (("body",), ("team",))


def test_the_guesses_are_told(archive: Path, folder: Path) -> None:
    remarks = list(open_with(archive, folder, given={}).remarks)

    assert any("body" in one and "sure" in one for one in remarks)


def test_an_empty_archive_writes_nothing(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "empty.csv").touch()

    with pytest.raises(EmptyArchive):
        open_with(tmp_path / "empty.csv", folder, given={})
    assert not folder.exists()


def test_labels_that_nobody_touched_follow_the_data(archive: Path, folder: Path) -> None:
    open_with(archive, folder, given={})
    more = archive.read_text() + '"Do you deliver to Norway as well?",sales\n' * 3
    archive.write_text(more)

    assert "sales" in open_with(archive, folder, given={}).archive.taxonomy["team"].paths


def test_labels_that_people_edited_are_obeyed(archive: Path, folder: Path) -> None:
    workspace = open_with(archive, folder, given={}).workspace
    edited = workspace.taxonomy_file.read_text() + "# looked at by Ada\n"
    workspace.taxonomy_file.write_text(edited)
    open_with(archive, folder, given={})

    assert workspace.taxonomy_file.read_text() == edited


def test_a_first_wrong_guess_can_be_corrected(archive: Path, folder: Path) -> None:
    """A taxonomy that nobody has touched does not stand in the way of other columns."""
    open_with(archive, folder, given={"label": ("queue=team",)})

    assert open_with(archive, folder, given={"label": ("team",)}).archive.taxonomy.names == (
        "team",
    )


def test_names_that_the_taxonomy_lacks_are_said_to_be_in_the_settings(
    archive: Path, folder: Path
) -> None:
    taxonomy = open_with(archive, folder, given={"label": ("team",)}).archive.taxonomy
    workspace = found_or_here(folder, given={"label": ("queue=team",)})

    with pytest.raises(UnknownDimension) as refused:
        read_for(workspace, archive, taxonomy=taxonomy)

    assert "sortyard.toml" in refused.value.remedy


def test_a_taxonomy_of_people_is_one(archive: Path, folder: Path) -> None:
    workspace = open_with(archive, folder, given={}).workspace
    (workspace.state / "inferred-taxonomy").unlink()

    assert edited_taxonomy(workspace) is not None


def test_without_a_file_the_default_gates_hold(folder: Path) -> None:
    assert gates_of(found_or_here(folder)) == Gates()


def test_the_gates_to_start_from_are_the_default_ones(folder: Path) -> None:
    workspace = found_or_here(folder)
    make(workspace)
    write_gates(workspace)

    assert gates_of(workspace) == Gates()


def test_wrong_gates_are_named(folder: Path) -> None:
    workspace = found_or_here(folder)
    make(workspace)
    workspace.gates_file.write_text("min_acuracy = 0.9\n")

    with pytest.raises(InvalidSettings, match="min_acuracy"):
        gates_of(workspace)


def test_a_column_that_the_settings_ask_for_is_said_to_come_from_there(
    archive: Path, folder: Path, tmp_path: Path
) -> None:
    open_with(archive, folder, given={})
    other = tmp_path / "other.csv"
    other.write_text(archive.read_text().replace("body,team", "words,team"))

    with pytest.raises(UnknownColumn, match=r"sortyard\.toml asks for 'body'"):
        open_with(other, folder, given={})


def test_a_column_that_a_person_asks_for_is_not(archive: Path, folder: Path) -> None:
    with pytest.raises(UnknownColumn) as caught:
        open_with(archive, folder, given={"text": ("words",)})

    assert "sortyard.toml" not in caught.value.remedy


def test_labels_with_one_row_are_told(archive: Path, folder: Path) -> None:
    with archive.open("a") as stream:
        stream.write("A message that nobody else would write,oddities\n")

    assert any("'oddities'" in one for one in open_with(archive, folder, given={}).remarks)


def test_a_recipe_that_there_is_not_is_not_remembered(archive: Path, folder: Path) -> None:
    with pytest.raises(InvalidSettings):
        open_with(archive, folder, given={"recipe": "qick"})

    assert not folder.exists()
