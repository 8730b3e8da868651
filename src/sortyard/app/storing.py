"""The store of a workspace: where it is, whether it is there, and how it is opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sortyard.app.actors import user
from sortyard.app.personal import stored_redactor
from sortyard.app.workspace import Workspace
from sortyard.domain.records import TextForm

if TYPE_CHECKING:  # only those who have a store need the extra `serve`
    from sortyard.storage.database import Database
    from sortyard.storage.texts import TextKeeper

FILE_URL = "sqlite:///"
OWNER_ONLY = 0o600


def store_url(workspace: Workspace) -> str:
    """Give the URL of the store; a file is seen from the workspace."""
    file = store_file(workspace)
    return workspace.settings.store if file is None else FILE_URL + str(file)


def store_file(workspace: Workspace) -> Path | None:
    """Give the file that the store is; None where it is a database elsewhere."""
    url = workspace.settings.store
    if not url.startswith(FILE_URL):
        return None
    return (workspace.folder / url.removeprefix(FILE_URL)).absolute()


def has_store(workspace: Workspace) -> bool:
    """Tell whether anything was ever kept; a database elsewhere is believed to be there."""
    file = store_file(workspace)
    return file is None or file.exists()


@contextmanager
def open_store(workspace: Workspace) -> Iterator["Database"]:
    """
    Lend the store, up to date; it is made where there is none.

    Raises `StoreAway`, `NewerFormat`, and `InvalidSettings` for a URL that cannot be one.
    """
    from sortyard.storage.migrating import migrate  # noqa: PLC0415 -- as above

    database = connect(workspace)
    try:
        migrate(database, by=user(), at=datetime.now(UTC))
        yield database
    finally:
        database.close()


def connect(workspace: Workspace) -> "Database":
    """Give the store as it is; nothing is asked of it yet, so that it may be away."""
    from sortyard.storage.database import Database  # noqa: PLC0415 -- as above

    return Database.open(store_url(workspace))


def text_keeper(workspace: Workspace) -> "TextKeeper":
    """
    Give what brings texts into the form in which this workspace keeps them.

    Raises `InvalidSettings` where a key is missing, or is none, or where what is to become of
    personal data is not said as it should be.
    """
    from sortyard.storage.texts import (  # noqa: PLC0415 -- as above
        VARIABLE,
        TextKeeper,
        read_text_keys,
    )

    keys = read_text_keys(os.environ.get(VARIABLE))
    form = TextForm(workspace.settings.text_form)
    return TextKeeper.of(form, keys, redact=stored_redactor(workspace))
