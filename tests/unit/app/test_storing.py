"""The store lies where the settings say, seen from the workspace."""

from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
from sortyard.app.storing import has_store, open_store, store_url, text_keeper
from sortyard.app.workspace import Workspace, found_or_here
from sortyard.domain.errors import InvalidSettings, StoreAway
from sortyard.domain.messages import Message
from sortyard.domain.records import TextForm
from sortyard.storage.texts import VARIABLE

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def _workspace(folder: Path, **given: str) -> Workspace:
    return found_or_here(folder, given=given)


def test_a_file_is_seen_from_the_workspace(tmp_path: Path) -> None:
    here = _workspace(tmp_path, store="sqlite:///kept/store.db")

    assert store_url(here) == f"sqlite:///{tmp_path}/kept/store.db"


def test_a_file_may_lie_elsewhere(tmp_path: Path) -> None:
    assert store_url(_workspace(tmp_path, store="sqlite:////srv/store.db")) == (
        "sqlite:////srv/store.db"
    )


def test_a_database_is_taken_as_it_is_named(tmp_path: Path) -> None:
    assert store_url(_workspace(tmp_path, store=NOWHERE)) == NOWHERE


def test_a_workspace_has_no_store_at_first(tmp_path: Path) -> None:
    assert not has_store(_workspace(tmp_path))


def test_a_store_is_made_when_it_is_opened(tmp_path: Path) -> None:
    here = _workspace(tmp_path)
    with open_store(here) as database:
        database.ping()

    assert has_store(here)


def test_a_database_elsewhere_is_believed_to_be_there(tmp_path: Path) -> None:
    assert has_store(_workspace(tmp_path, store=NOWHERE))


def test_one_that_is_away_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreAway), open_store(_workspace(tmp_path, store=NOWHERE)):
        pass


def test_texts_are_kept_as_the_settings_say(tmp_path: Path) -> None:
    keeper = text_keeper(_workspace(tmp_path, text_form="none"))

    assert keeper.keep(Message("1", "a secret wish")).form is TextForm.NONE


def test_texts_cannot_be_sealed_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)

    with pytest.raises(InvalidSettings, match=VARIABLE):
        text_keeper(_workspace(tmp_path, text_form="encrypted"))
