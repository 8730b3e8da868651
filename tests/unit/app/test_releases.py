"""Releases are found by a short name, checked before they answer, and never lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sortyard.app.releases import Release, Releases, describe, find_release
from sortyard.app.workspace import Workspace
from sortyard.domain.errors import (
    DamagedBundle,
    GatesFailed,
    InvalidUsage,
    MissingBundle,
    UnknownRelease,
)
from tests.unit.app.conftest import MakeRelease

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _policy(releases: Releases, promote: str) -> Releases:
    settings = type(releases.workspace.settings)(promote=promote)
    return Releases(Workspace(releases.workspace.folder, settings))


def test_a_bare_workspace_has_none(releases: Releases) -> None:
    assert releases.all() == ()


def test_the_newest_comes_first(releases: Releases, make_release: MakeRelease) -> None:
    for day, name in enumerate(("r1", "r2"), start=1):
        make_release(name, day=day)

    assert [one.id for one in releases.all()] == ["r2", "r1"]


def test_half_a_release_is_not_listed(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1")
    (releases.folder / ".making-1").mkdir()

    assert releases.ids == ("r1",)


def test_the_first_letters_are_enough(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r12345678")

    assert releases.find("r123").id == "r12345678"


def test_letters_that_two_share_are_not(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r12345678")
    make_release("r12349999")

    with pytest.raises(UnknownRelease):
        releases.find("r1234")


def test_without_a_champion_there_is_nothing_to_find(releases: Releases) -> None:
    with pytest.raises(UnknownRelease):
        releases.find()


def test_a_mistyped_id_comes_with_a_guess(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r12345678")

    with pytest.raises(UnknownRelease, match="r12345678"):
        releases.find("r12345687")


def test_a_path_is_no_id(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1")

    with pytest.raises(UnknownRelease):
        releases.find("../releases/r1")


def test_a_promoted_release_is_the_champion(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1")
    releases.promote("r1", at=NOON)

    assert releases.find().id == "r1"


def test_a_release_that_failed_is_refused(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1", passed=False)

    with pytest.raises(GatesFailed, match="min_accuracy for team"):
        releases.promote("r1", at=NOON)


def test_one_may_insist_and_the_history_keeps_it(
    releases: Releases, make_release: MakeRelease
) -> None:
    make_release("r1", passed=False)

    assert releases.promote("r1", at=NOON, force=True).forced


def test_a_changed_file_keeps_a_release_from_answering(
    releases: Releases, make_release: MakeRelease
) -> None:
    (make_release("r1") / "policy.json").write_text("{}")

    with pytest.raises(DamagedBundle, match=r"policy\.json"):
        releases.promote("r1", at=NOON)


def test_one_rolls_back_to_the_champion_before(
    releases: Releases, make_release: MakeRelease
) -> None:
    for name in ("r1", "r2"):
        make_release(name)
        releases.promote(name, at=NOON)
    releases.roll_back(None, at=NOON)

    assert releases.find().id == "r1"


def test_one_rolls_back_to_any_release(releases: Releases, make_release: MakeRelease) -> None:
    """The best model is never overwritten."""
    for name in ("r1", "r2", "r3"):
        make_release(name)
        releases.promote(name, at=NOON)
    releases.roll_back("r1", at=NOON)

    assert releases.find().id == "r1"


def test_one_cannot_roll_back_to_where_one_is(
    releases: Releases, make_release: MakeRelease
) -> None:
    make_release("r1")
    releases.promote("r1", at=NOON)

    with pytest.raises(InvalidUsage, match="already answers"):
        releases.roll_back("r1", at=NOON)


def test_one_may_roll_back_to_a_champion_that_was_forced(
    releases: Releases, make_release: MakeRelease
) -> None:
    make_release("r1", passed=False)
    make_release("r2")
    releases.promote("r1", at=NOON, force=True)
    releases.promote("r2", at=NOON)

    assert releases.roll_back(None, at=NOON).release == "r1"


def test_the_first_release_that_passes_ships(releases: Releases, make_release: MakeRelease) -> None:
    make_release("r1")
    releases.ship("r1", at=NOON)

    assert releases.find().id == "r1"


def test_the_second_one_waits(releases: Releases, make_release: MakeRelease) -> None:
    for name in ("r1", "r2"):
        make_release(name)
        releases.ship(name, at=NOON)

    assert releases.find().id == "r1"


def test_the_second_one_ships_where_the_settings_say_so(
    releases: Releases, make_release: MakeRelease
) -> None:
    for name in ("r1", "r2"):
        make_release(name)
        _policy(releases, "always").ship(name, at=NOON)

    assert releases.find().id == "r2"


def test_none_ships_where_the_settings_say_so(
    releases: Releases, make_release: MakeRelease
) -> None:
    make_release("r1")

    assert _policy(releases, "never").ship("r1", at=NOON) is None


@pytest.mark.parametrize("promote", ["first", "always", "never"])
def test_a_release_that_failed_never_ships_by_itself(
    releases: Releases, make_release: MakeRelease, promote: str
) -> None:
    make_release("r1", passed=False)

    assert _policy(releases, promote).ship("r1", at=NOON) is None


def test_a_release_is_found_by_its_folder(make_release: MakeRelease, tmp_path: Path) -> None:
    assert find_release(str(make_release("r1")), tmp_path).id == "r1"


def test_a_release_tells_its_figures(make_release: MakeRelease) -> None:
    assert describe(make_release("r1", accuracy=0.93)).figures == {"team": {"accuracy": 0.93}}


def test_a_folder_without_a_manifest_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(MissingBundle):
        describe(tmp_path)


def test_a_report_that_is_not_json_is_damage(make_release: MakeRelease) -> None:
    folder = make_release("r1")
    (folder / "metrics.json").write_text("{")

    with pytest.raises(DamagedBundle):
        describe(folder)


def test_a_release_without_a_report_has_not_passed(make_release: MakeRelease) -> None:
    folder = make_release("r1")
    (folder / "metrics.json").unlink()

    assert isinstance(found := describe(folder), Release)
    assert not found.passed


def test_where_nothing_answers_yet_nobody_is_told_of_a_release_called_champion(
    releases: Releases, make_release: MakeRelease
) -> None:
    make_release("r1")

    with pytest.raises(UnknownRelease, match="No release answers here yet"):
        releases.find()
