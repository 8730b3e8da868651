"""What a workspace wants done with personal data reaches the model, the store and the log."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from sortyard.app.declaring import Value
from sortyard.app.personal import VARIABLE, log_redactor, model_link, stored_redactor
from sortyard.app.preparing import preparation_of
from sortyard.app.settings import BY_NAME, Settings, resolve
from sortyard.app.workspace import Workspace
from sortyard.domain.errors import InvalidSettings
from sortyard.text.personal.link import PersonalData

TEXT = "anna@example.org, 0170 1234567"


def workspace(folder: Path, given: Mapping[str, Value]) -> Workspace:
    return Workspace(folder, resolve(folder, given=given, environment={}))


def test_the_models_read_placeholders_unless_the_workspace_says_otherwise() -> None:
    assert preparation_of(Settings())(TEXT) == "<EMAIL>, <PHONE>"
    assert preparation_of(Settings(model_personal=("redact", "phone=keep")))(TEXT) == (
        "<EMAIL>, 0170 1234567"
    )


def test_a_chain_that_keeps_everything_has_no_link_for_it() -> None:
    links = preparation_of(Settings(model_personal=("keep",))).links

    assert not [link for link in links if isinstance(link, PersonalData)]


def test_a_hash_is_refused_for_what_the_models_read() -> None:
    with pytest.raises(InvalidSettings, match="model_personal cannot be used: email: `hash`"):
        model_link(Settings(model_personal=("redact", "email=hash")))


@pytest.mark.parametrize("form", ["plain", "encrypted", "none"])
def test_without_a_choice_only_redacted_texts_are_treated(tmp_path: Path, form: str) -> None:
    assert stored_redactor(workspace(tmp_path, {"text_form": form})) is None

    redact = stored_redactor(workspace(tmp_path, {"text_form": "redacted"}))
    assert redact is not None
    assert redact(TEXT) == "<EMAIL>, <PHONE>"


@pytest.mark.parametrize("form", ["redacted", "encrypted"])
def test_a_choice_counts_for_what_is_stored(tmp_path: Path, form: str) -> None:
    chosen = {"text_form": form, "stored_personal": ("redact", "email=keep")}

    redact = stored_redactor(workspace(tmp_path, chosen))

    assert redact is not None
    assert redact(TEXT) == "anna@example.org, <PHONE>"


def test_a_choice_that_would_do_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="make that `redacted`"):
        stored_redactor(workspace(tmp_path, {"stored_personal": ("redact",)}))


def test_the_log_has_its_own_choice(tmp_path: Path) -> None:
    assert log_redactor(workspace(tmp_path, {}))("4111111111111111") == "<CARD>"
    kept = log_redactor(workspace(tmp_path, {"logged_personal": ("keep",)}))
    assert kept("4111111111111111") == "4111111111111111"


def test_no_line_of_the_log_waits_for_a_model(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="logged_personal"):
        log_redactor(workspace(tmp_path, {"logged_personal": ("name=redact",)}))


def test_the_key_is_no_setting(tmp_path: Path) -> None:
    """Nor is it taken for a misspelt one."""
    environment = dict(os.environ) | {VARIABLE: "secret"}

    assert VARIABLE.removeprefix("SORTYARD_").lower() not in BY_NAME
    assert resolve(tmp_path, given={}, environment=environment) == Settings()
