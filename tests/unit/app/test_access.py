"""A key is made once, shown once, and opens what it says until it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
from sortyard.app.access import (
    Issued,
    Terms,
    create_key,
    facts_of,
    keys_of,
    revoke_keys,
    rotate_key,
)
from sortyard.app.storing import open_store
from sortyard.app.workspace import Workspace, found_or_here, make
from sortyard.domain.access import Scope
from sortyard.domain.errors import InvalidUsage, Unauthorised
from sortyard.serving.access import Caller, Gate
from sortyard.storage.audit import AuditLog
from sortyard.storage.keys import Keys

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    here = found_or_here(tmp_path / "support")
    make(here)
    return here


@contextmanager
def _gate(workspace: Workspace, at: datetime) -> Iterator[Gate]:
    with open_store(workspace) as database:
        gate = Gate(Keys(database), now=lambda: at)
        gate.refresh()
        yield gate


def _admitted(workspace: Workspace, issued: Issued, at: datetime) -> Caller:
    """Come to the gate of a server with a key that was issued."""
    with _gate(workspace, at) as gate:
        return gate.admit(f"Bearer {issued.secret}", local=False)


def _acts(workspace: Workspace) -> list[str]:
    with open_store(workspace) as database:
        return [entry.deed.act for entry in AuditLog(database).entries()]


def test_looking_for_keys_makes_no_store(workspace: Workspace) -> None:
    assert (keys_of(workspace), (workspace.state / "store.db").exists()) == ((), False)


def test_a_new_key_opens_the_gate(workspace: Workspace) -> None:
    issued = create_key(workspace, "helpdesk", Terms(), at=NOON)

    assert _admitted(workspace, issued, LATER) == Caller(issued.key.id, frozenset({Scope.CLASSIFY}))


def test_its_secret_is_nowhere_in_the_workspace(workspace: Workspace) -> None:
    issued = create_key(workspace, "helpdesk", Terms(), at=NOON)
    secret = issued.secret.split("_", 2)[2].encode()  # which may hold a `_` itself
    files = [path for path in workspace.folder.rglob("*") if path.is_file()]

    assert [path for path in files if secret in path.read_bytes()] == []


def test_only_its_owner_may_read_the_store(workspace: Workspace) -> None:
    create_key(workspace, "helpdesk", Terms(), at=NOON)

    assert (workspace.state / "store.db").stat().st_mode & 0o077 == 0


def test_two_keys_are_never_alike(workspace: Workspace) -> None:
    issued = [create_key(workspace, name, Terms(), at=NOON) for name in ("one", "two")]

    assert len({one.key.id for one in issued} | {one.secret for one in issued}) == 4


def test_a_live_name_is_taken(workspace: Workspace) -> None:
    create_key(workspace, "helpdesk", Terms(), at=NOON)

    with pytest.raises(InvalidUsage, match="named 'helpdesk' already"):
        create_key(workspace, "helpdesk", Terms(), at=LATER)


def test_the_name_of_a_revoked_key_is_free_again(workspace: Workspace) -> None:
    create_key(workspace, "helpdesk", Terms(), at=NOON)
    revoke_keys(workspace, "helpdesk", at=LATER)
    create_key(workspace, "helpdesk", Terms(), at=LATER)

    assert len(keys_of(workspace)) == 2


def test_a_key_for_some_days_ends_with_them(workspace: Workspace) -> None:
    issued = create_key(workspace, "helpdesk", Terms(days=2), at=NOON)

    assert issued.key.expires == NOON + timedelta(days=2)


def test_a_revoked_key_opens_nothing(workspace: Workspace) -> None:
    issued = create_key(workspace, "helpdesk", Terms(), at=NOON)
    revoke_keys(workspace, issued.key.id, at=NOON)

    with pytest.raises(Unauthorised):
        _admitted(workspace, issued, LATER)


def test_a_name_revokes_every_key_that_has_it(workspace: Workspace) -> None:
    create_key(workspace, "helpdesk", Terms(), at=NOON)
    rotate_key(workspace, "helpdesk", grace=timedelta(days=1), at=NOON)

    assert len(revoke_keys(workspace, "helpdesk", at=LATER)) == 2


def test_a_key_that_is_not_there_cannot_be_revoked(workspace: Workspace) -> None:
    with pytest.raises(InvalidUsage, match="'nobody'"):
        revoke_keys(workspace, "nobody", at=NOON)


def test_both_keys_work_while_one_takes_the_place_of_the_other(workspace: Workspace) -> None:
    old = create_key(workspace, "helpdesk", Terms(), at=NOON)
    new = rotate_key(workspace, "helpdesk", grace=timedelta(hours=2), at=NOON)

    assert {_admitted(workspace, one, LATER).name for one in (old, new)} == {
        old.key.id,
        new.key.id,
    }


def test_the_old_one_ends_after_that(workspace: Workspace) -> None:
    old = create_key(workspace, "helpdesk", Terms(), at=NOON)
    rotate_key(workspace, "helpdesk", grace=timedelta(minutes=5), at=NOON)

    with pytest.raises(Unauthorised):
        _admitted(workspace, old, LATER)


def test_the_new_one_opens_what_the_old_one_did(workspace: Workspace) -> None:
    terms = Terms(scopes=frozenset({Scope.REVIEW, Scope.ADMIN}), days=30, per_minute=7)
    create_key(workspace, "helpdesk", terms, at=NOON)
    new = rotate_key(workspace, "helpdesk", grace=timedelta(), at=LATER).key

    assert (new.scopes, new.per_minute) == (terms.scopes, terms.per_minute)
    assert new.expires == LATER + timedelta(days=30)


def test_a_key_that_would_end_sooner_is_not_prolonged(workspace: Workspace) -> None:
    old = create_key(workspace, "helpdesk", Terms(days=1), at=NOON)
    rotate_key(workspace, "helpdesk", grace=timedelta(days=9), at=NOON)

    with pytest.raises(Unauthorised):
        _admitted(workspace, old, NOON + timedelta(days=2))


def test_every_act_is_in_the_audit_log(workspace: Workspace) -> None:
    create_key(workspace, "helpdesk", Terms(), at=NOON)
    rotate_key(workspace, "helpdesk", grace=timedelta(), at=NOON)
    revoke_keys(workspace, "helpdesk", at=LATER)

    assert _acts(workspace) == ["migrate", "create-key", "rotate-key", "revoke-key"]


def test_neither_hash_nor_secret_is_among_its_facts(workspace: Workspace) -> None:
    issued = create_key(workspace, "helpdesk", Terms(), at=NOON)
    facts = str(facts_of(issued.key))

    assert (issued.key.hash in facts, issued.secret in facts) == (False, False)


@pytest.mark.parametrize("name", ["", " ", " helpdesk", "help\ndesk", "help\x1b[2Jdesk", "h" * 101])
def test_a_key_has_a_name_that_people_can_read_and_give_again(
    workspace: Workspace, name: str
) -> None:
    with pytest.raises(InvalidUsage):
        create_key(workspace, name, Terms(), at=NOON)

    assert keys_of(workspace) == ()
