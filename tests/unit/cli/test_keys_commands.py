"""Keys are made, listed, rotated and revoked from the shell."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Ended, Sortyard

pytest.importorskip("sqlalchemy")


@pytest.fixture
def keys(sortyard: Sortyard, tmp_path: Path) -> Sortyard:
    """Run a command on the keys of a workspace that has none yet."""
    sortyard("init", "-w", tmp_path / "support")

    def call(*arguments: str | Path, stdin: bytes = b"") -> Ended:
        return sortyard("keys", *arguments, "-w", tmp_path / "support", stdin=stdin)

    return call


def _listed(keys: Sortyard) -> list[dict[str, object]]:
    found = json.loads(keys("list", "--json").out)
    assert isinstance(found, list)
    return found


def test_at_first_there_is_none(keys: Sortyard) -> None:
    assert "no API key yet" in keys("list").out


def test_the_secret_stands_alone_on_standard_output(keys: Sortyard) -> None:
    """So that `sortyard keys create helpdesk > file` keeps it and nothing else."""
    said = keys("create", "helpdesk")

    assert (said.code, said.out.startswith("sy_"), said.out.count("\n")) == (0, True, 1)


def test_a_key_for_scripts_has_everything_but_its_hash(keys: Sortyard) -> None:
    made = json.loads(keys("create", "helpdesk", "--days", "2", "--json").out)

    assert sorted(made) == [
        *("created", "expires", "id", "name", "per_minute", "revoked", "scopes", "secret")
    ]


def test_a_key_classifies_unless_told_otherwise(keys: Sortyard) -> None:
    keys("create", "helpdesk")

    assert [key["scopes"] for key in _listed(keys)] == [["classify"]]


def test_scopes_can_be_given(keys: Sortyard) -> None:
    keys("create", "helpdesk", "--scope", "review", "--scope", "classify")

    assert [key["scopes"] for key in _listed(keys)] == [["classify", "review"]]


def test_a_scope_that_there_is_not_could_not_run(keys: Sortyard) -> None:
    assert keys("create", "helpdesk", "--scope", "everything").code == 2


def test_the_list_shows_no_secret(keys: Sortyard) -> None:
    secret = keys("create", "helpdesk").out.strip()

    assert secret not in keys("list").out + keys("list", "--json").out


def test_a_revoked_key_is_still_listed(keys: Sortyard) -> None:
    keys("create", "helpdesk")
    keys("revoke", "helpdesk")

    assert [(key["name"], key["live"]) for key in _listed(keys)] == [("helpdesk", False)]


def test_the_state_of_a_key_is_said_in_words(keys: Sortyard) -> None:
    keys("create", "old")
    keys("revoke", "old")
    keys("create", "new")
    keys("create", "short", "--days", "1")
    said = {line.split()[1]: line for line in keys("list").out.splitlines()[1:]}

    assert ("revoked" in said["old"], "live" in said["new"], "until" in said["short"]) == (
        True,
        True,
        True,
    )


def test_a_key_that_is_not_there_cannot_be_revoked(keys: Sortyard) -> None:
    assert "error[invalid-usage]" in keys("revoke", "nobody").err


def test_a_rotated_key_leaves_the_old_one_for_a_while(keys: Sortyard) -> None:
    keys("create", "helpdesk")
    keys("rotate", "helpdesk", "--hours", "1")

    assert [key["live"] for key in _listed(keys)] == [True, True]


def test_a_rotated_key_has_another_secret(keys: Sortyard) -> None:
    first, second = keys("create", "helpdesk").out, keys("rotate", "helpdesk").out

    assert (second.startswith("sy_"), first != second) == (True, True)


@pytest.mark.parametrize(
    "beyond",
    [
        ("create", "desk", "--days", "99999999"),
        ("create", "desk", "--per-minute", "9" * 30),
        ("rotate", "desk", "--hours", "1e12"),
        ("rotate", "desk", "--hours", "inf"),
    ],
)
def test_numbers_beyond_any_calendar_are_refused_in_words(
    keys: Sortyard, beyond: tuple[str, ...]
) -> None:
    said = keys(*beyond)

    assert (said.code, "error[usage]" in said.err) == (2, True)
