"""The releases of a workspace: which there are, which one answers, and how to change that."""

import json
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from sortyard.app.actors import UNKNOWN, user
from sortyard.app.champion import Champion, Move, Turn
from sortyard.app.deeds import record
from sortyard.app.exporting import is_archive, unpack
from sortyard.app.files import refusals
from sortyard.app.workspace import Workspace, open_workspace
from sortyard.domain.errors import (
    CHAMPION,
    DamagedBundle,
    GatesFailed,
    InvalidUsage,
    NewerFormat,
    UnknownRelease,
)
from sortyard.models.manifest import MANIFEST, Manifest

METRICS = "metrics.json"
FEWEST_LETTERS = 4  # of an id that is cut short

Figures: TypeAlias = Mapping[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What is known about a release without opening it."""

    id: str
    folder: Path
    created: str
    recipe: str
    parents: tuple[str, ...] = ()
    passed: bool = False
    failures: tuple[str, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def figures(self) -> Mapping[str, Figures]:
        """The measures of every dimension."""
        dimensions = self.report.get("dimensions", {})
        return {name: one.get("metrics", {}) for name, one in dimensions.items()}


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases that lie in a workspace, and the pointer to the one that answers."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        return self.workspace.state / "releases"

    @property
    def champion(self) -> Champion:
        return Champion(self.workspace.state)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all releases, in order."""
        found = (path.parent for path in self.folder.glob(f"*/{MANIFEST}"))
        return tuple(sorted(one.name for one in found if not one.name.startswith(".")))

    def all(self) -> tuple[Release, ...]:
        """Describe every release that can be read, the newest first."""
        return tuple(sorted(self._readable(), key=lambda one: (one.created, one.id), reverse=True))

    def find(self, name: str | None = None) -> Release:
        """
        Find a release by its id, the first letters of it, or the champion where none is named.

        Raises `UnknownRelease`.
        """
        if name in {None, CHAMPION}:
            name = self.champion.release
            if name is None:
                raise UnknownRelease(CHAMPION, self.ids)
        return describe(self.folder / self._whole(str(name)))

    def promote(
        self, name: str, *, at: datetime, force: bool = False, actor: str | None = None
    ) -> Turn:
        """
        Let a release answer from now on, once its files have been checked.

        Raises `GatesFailed` for one that failed its gates, unless forced, and `DamagedBundle`.
        """
        release = self._fit_to_answer(name, force=force)
        by, forced = actor or user(), force and not release.passed
        return self._recorded(self.champion.promote(release.id, at=at, by=by, forced=forced), at)

    def roll_back(
        self, name: str | None, *, at: datetime, force: bool = False, actor: str | None = None
    ) -> Turn:
        """Let the champion before this one answer again, or an earlier one that is named."""
        release = self._fit_to_answer(name or self.champion.previous(), force=force)
        if release.id == self.champion.release:
            raise InvalidUsage(
                f"Release {release.id} already answers.",
                "Name an earlier one: `sortyard releases list` shows what there is.",
            )
        by, forced = actor or user(), force and not release.passed
        return self._recorded(self.champion.roll_back(release.id, at=at, by=by, forced=forced), at)

    def ship(self, name: str, *, at: datetime) -> Turn | None:
        """Promote a new release as the settings say; None where it has to wait for a person."""
        release = self.find(name)
        policy = self.workspace.settings.promote
        if not release.passed or policy == "never":
            return None
        if policy == "first":
            first = self.champion.promote_first(release.id, at=at, by=user())
            return first and self._recorded(first, at)
        return self._recorded(self.champion.promote(release.id, at=at, by=user()), at)

    def take_in(self, file: Path, *, at: datetime) -> Release:
        """
        Unpack an exported release into this workspace, checked.

        One that is here already stays as it is, and nothing was done then. Raises `DamagedBundle`,
        and `InvalidUsage` for a file that is no export.
        """
        if not (file.is_file() and is_archive(file)):
            raise InvalidUsage(
                f"{file} is not an exported release.",
                "Give a file that `sortyard export` wrote.",
            )
        draft = self.folder / f".{secrets.token_hex(8)}"
        unpack(file, draft)
        try:
            found = describe(draft)
            verify(found)
            target = self.folder / _folder_name(found)
            if not target.exists():
                with refusals(target):
                    draft.rename(target)
                facts = {"file": file.name, "passed": found.passed}
                record(self.workspace, "import", found.id, at=at, facts=facts)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return describe(target)

    def _recorded(self, turn: Turn, at: datetime) -> Turn:
        """
        Leave a change of the champion in the audit log.

        So does one before it that nobody had written down: the program crashed, or a person moved
        the pointer.
        """
        for one in self.champion.history[-2:]:
            if one.move is Move.RECOVER and one.at == turn.at:
                facts = {"before": one.before, "forced": False}
                record(
                    self.workspace, one.move.value, one.release, at=at, actor=UNKNOWN, facts=facts
                )
        facts = {"before": turn.before, "forced": turn.forced}
        record(self.workspace, turn.move.value, turn.release, at=at, actor=turn.by, facts=facts)
        return turn

    def _fit_to_answer(self, name: str, *, force: bool) -> Release:
        release = self.find(name)
        verify(release)
        if not (release.passed or force or release.id in self.champion.line):
            raise GatesFailed(release.id, release.failures or ("it was never measured",))
        return release

    def _whole(self, name: str) -> str:
        ids = self.ids
        matches = [one for one in ids if len(name) >= FEWEST_LETTERS and one.startswith(name)]
        if name in ids:
            return name
        if len(matches) != 1:
            raise UnknownRelease(name, ids)
        return matches[0]

    def _readable(self) -> Iterator[Release]:
        for name in self.ids:
            try:
                yield describe(self.folder / name)
            except (DamagedBundle, NewerFormat):
                continue  # `sortyard releases show` says what is wrong with it


def find_release(name: str | None, folder: Path | None) -> Release:
    """Find a release by its folder, or by its id in a workspace; by default its champion."""
    if name is not None and (Path(name) / MANIFEST).is_file():
        return describe(Path(name))
    return Releases(open_workspace(folder)).find(name)


def verify(release: Release) -> None:
    """Compare every file of a release with its checksum. Raises `DamagedBundle`."""
    Manifest.read(release.folder).verify(release.folder)


def describe(folder: Path) -> Release:
    """Read what a release says about itself. Raises `DamagedBundle`, `NewerFormat`."""
    manifest = Manifest.read(folder)
    report = _report(folder)
    gates = report.get("gates", {})
    failures = [_failure(one) for one in gates.get("findings", ()) if one["verdict"] == "failed"]
    return Release(
        id=manifest.release,
        folder=folder,
        created=manifest.created,
        recipe=str(manifest.recipe.get("name", "")),
        parents=tuple(manifest.parents),
        passed=bool(report.get("passed", False)),
        failures=tuple(failures),
        report=report,
    )


def _folder_name(release: Release) -> str:
    """Name the folder of a release after it; a foreign file does not get to choose another."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", release.id):
        raise DamagedBundle(str(release.folder), MANIFEST, "names a release that cannot be")
    return release.id


def _report(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise DamagedBundle(str(folder), METRICS, "is not JSON") from error
    return found if isinstance(found, dict) else {}


def _failure(finding: Mapping[str, Any]) -> str:
    subject = ": ".join(one for one in (finding["dimension"], finding["label"]) if one)
    return f"{finding['gate']} for {subject or 'speed'}"
