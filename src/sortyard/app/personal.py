"""What a workspace wants done with personal data: in what models read, in the store, in the log."""

import os
from pathlib import Path
from typing import Final

from sortyard.app.settings import Settings
from sortyard.app.workspace import Workspace
from sortyard.domain.errors import InvalidSettings
from sortyard.domain.records import TextForm
from sortyard.text.personal.link import PersonalData
from sortyard.text.personal.names import NameFinder
from sortyard.text.personal.policy import Policy
from sortyard.text.personal.redaction import Redactor
from sortyard.text.personal.spacy_names import SpacyNames
from sortyard.text.personal.tokens import Tokens, read_key

VARIABLE: Final = "SORTYARD_HASH_KEY"
MODEL, STORED, LOGGED = "model_personal", "stored_personal", "logged_personal"


def model_link(settings: Settings) -> PersonalData:
    """Give the link of the chain for what the models read. Raises `InvalidSettings`."""
    return PersonalData.of(Policy.of(settings.model_personal, MODEL), MODEL)


def stored_redactor(workspace: Workspace) -> Redactor | None:
    """
    Give what treats the texts that are stored; None where their form leaves them as they are.

    Raises `InvalidSettings` where the policy is wrong, contradicts the form, or lacks something.
    """
    settings = workspace.settings
    form, chosen = TextForm(settings.text_form), settings.stored_personal
    if form is TextForm.PLAIN and chosen:
        raise InvalidSettings(
            STORED,
            ["it means nothing while `text_form` is `plain`; make that `redacted` or `encrypted`"],
        )
    if form in {TextForm.PLAIN, TextForm.NONE} or (form is TextForm.ENCRYPTED and not chosen):
        return None
    return redactor_of(workspace, Policy.of(chosen, STORED), STORED)


def log_redactor(workspace: Workspace) -> Redactor:
    """Give what treats the words of callers in the log. Raises `InvalidSettings`."""
    policy = Policy.of(workspace.settings.logged_personal, LOGGED)
    if policy.needs_a_model:
        raise InvalidSettings(LOGGED, ["no line of the log waits for a model that finds names"])
    return redactor_of(workspace, policy, LOGGED)


def redactor_of(workspace: Workspace, policy: Policy, source: str) -> Redactor:
    """
    Put together what a policy takes: the key, and what finds names.

    Raises `InvalidSettings` where one is missing or is none, and `MissingExtra`.
    """
    tokens = _tokens(workspace) if policy.hashes else None
    names = _names(workspace.settings) if policy.needs_a_model else None
    return Redactor.of(policy, tokens, names, source=source)


def _tokens(workspace: Workspace) -> Tokens:
    """Take the key from the environment, else from its file."""
    if words := os.environ.get(VARIABLE):
        return Tokens(read_key(words, VARIABLE))
    file = workspace.settings.hash_key_file
    if not file:
        problem = "`hash` takes a key: set it (`openssl rand -base64 32`), or `hash_key_file`"
        raise InvalidSettings(VARIABLE, [problem])
    path = workspace.folder / Path(file).expanduser()
    try:
        return Tokens(read_key(path.read_text(encoding="utf-8"), str(path)))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InvalidSettings("hash_key_file", [f"{path}: {why}"]) from None


def _names(settings: Settings) -> NameFinder:
    if not settings.names_model:
        raise InvalidSettings(
            "names_model", ["names and places take a spaCy model; say which, or keep them"]
        )
    return SpacyNames.load(settings.names_model)
