"""A folder that holds settings, a taxonomy, and the releases made from them."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sortyard.app.declaring import Value
from sortyard.app.files import write_whole
from sortyard.app.settings import FILE, Settings, first_file, resolve
from sortyard.data.usual_columns import NO_USUAL, UsualColumns
from sortyard.domain.errors import MissingWorkspace

STATE = ".sortyard"
VARIABLE = "SORTYARD_WORKSPACE"
Given = Mapping[str, Value | None]
NOTHING: Given = {}


@dataclass(frozen=True, slots=True)
class Workspace:
    """
    Where a team's settings, taxonomy and releases live, like the folder of a git project.

    `sortyard.toml` and `taxonomy.yaml` belong to people; everything in `.sortyard/` is ours.
    """

    folder: Path
    settings: Settings

    @property
    def state(self) -> Path:
        """The folder of everything that people do not edit."""
        return self.folder / STATE

    @property
    def taxonomy_file(self) -> Path:
        return self.folder / self.settings.taxonomy

    @property
    def gates_file(self) -> Path:
        return self.folder / self.settings.gates

    @property
    def cache(self) -> Path:
        """Where exported encoders are kept; shared by every workspace unless a setting says so."""
        chosen = self.settings.cache
        return self.folder / Path(chosen).expanduser() if chosen else cache_folder(os.environ)


def open_workspace(folder: Path | None, *, given: Given = NOTHING) -> Workspace:
    """
    Open the workspace in a folder; without one, the nearest from here upwards.

    Raises `MissingWorkspace`, and `InvalidSettings` where its settings are wrong.
    """
    found = _named(folder) or nearest(Path.cwd())
    if found is None or not (found / FILE).is_file():
        raise MissingWorkspace(str(found or Path.cwd()))
    return Workspace(found, resolve(found, given=given, environment=os.environ))


def found_or_here(folder: Path | None, *, given: Given = NOTHING) -> Workspace:
    """
    Open a workspace, or one that is still to be made in that folder (here, when none is named).

    Nothing is written yet. Raises `InvalidSettings`.
    """
    found = _named(folder) or nearest(Path.cwd()) or Path.cwd()
    return Workspace(found, resolve(found, given=given, environment=os.environ))


def make(workspace: Workspace, *, keep: Given = NOTHING) -> None:
    """
    Write what a workspace needs where it is absent; what is there is never changed.

    A new `sortyard.toml` remembers the settings in `keep`.
    """
    if not (workspace.folder / FILE).exists():
        write_whole(workspace.folder / FILE, first_file(keep))
    ignored = workspace.state / ".gitignore"
    if not ignored.exists():
        write_whole(ignored, "# Releases and caches can be made again.\n*\n")


def usual_columns(folder: Path | None) -> UsualColumns:
    """Name the columns of messages in the workspace here; none where there is no workspace."""
    try:
        settings = open_workspace(folder).settings
    except MissingWorkspace:
        return NO_USUAL
    return UsualColumns(settings.text, settings.id)


def nearest(start: Path) -> Path | None:
    """Find the nearest folder that is a workspace, from here upwards."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    return None


def _named(folder: Path | None) -> Path | None:
    """Take the folder that was named, here or in the environment."""
    named = folder or os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else None


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Tell where this user's caches live on this system."""
    fallback = Path.home() / (".cache" if sys.platform != "darwin" else "Library/Caches")
    named = environment.get("XDG_CACHE_HOME") or environment.get("LOCALAPPDATA")
    return Path(named or fallback) / "sortyard"
