"""A workspace is found like a git project, and making one overwrites nothing."""

from pathlib import Path

import pytest

from sortyard.app.workspace import (
    Workspace,
    cache_folder,
    found_or_here,
    make,
    nearest,
    open_workspace,
)
from sortyard.domain.errors import InvalidSettings, MissingWorkspace


def _made(folder: Path | None, **given: object) -> Workspace:
    workspace = found_or_here(folder, given=given)
    make(workspace)
    return workspace


def test_a_bare_folder_becomes_a_workspace(tmp_path: Path) -> None:
    _made(tmp_path / "support")

    assert open_workspace(tmp_path / "support").folder == tmp_path / "support"


def test_a_bare_folder_is_not_one_yet(tmp_path: Path) -> None:
    with pytest.raises(MissingWorkspace):
        open_workspace(tmp_path)


def test_the_nearest_workspace_upwards_is_taken(tmp_path: Path) -> None:
    _made(tmp_path)
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)

    assert nearest(below) == tmp_path


def test_without_a_name_the_workspace_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _made(None)

    assert open_workspace(None).folder == tmp_path


def test_the_environment_can_name_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _made(tmp_path / "support")
    monkeypatch.setenv("SORTYARD_WORKSPACE", str(tmp_path / "support"))

    assert open_workspace(None).folder == tmp_path / "support"


def test_a_folder_that_is_given_beats_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made(tmp_path / "support")
    monkeypatch.setenv("SORTYARD_WORKSPACE", str(tmp_path / "other"))

    assert open_workspace(tmp_path / "support").folder == tmp_path / "support"


def test_settings_of_people_are_never_changed(tmp_path: Path) -> None:
    (tmp_path / "sortyard.toml").write_text("seed = 3  # ours\n")
    make(found_or_here(tmp_path), keep={"seed": 9})

    assert (tmp_path / "sortyard.toml").read_text() == "seed = 3  # ours\n"


def test_wrong_settings_make_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings):
        found_or_here(tmp_path, given={"promote": "maybe"})

    assert list(tmp_path.iterdir()) == []


def test_releases_are_not_offered_to_git(tmp_path: Path) -> None:
    state = _made(tmp_path).state

    assert "*" in (state / ".gitignore").read_text().splitlines()


def test_a_cache_can_be_chosen(tmp_path: Path) -> None:
    workspace = found_or_here(tmp_path, given={"cache": "kept"})

    assert workspace.cache == tmp_path / "kept"


def test_the_cache_of_the_user_is_respected(tmp_path: Path) -> None:
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "sortyard"
