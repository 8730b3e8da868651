"""The releases of a workspace, in memory, and what was done to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sortyard.domain.errors import GatesFailed, InvalidUsage, UnknownRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedRelease:
    id: str
    created: str = "2026-01-02T03:04:05+00:00"
    recipe: str = "quick"
    parents: tuple[str, ...] = ()
    passed: bool = True
    failures: tuple[str, ...] = ()
    figures: Mapping[str, Mapping[str, float | None]] = field(
        default_factory=lambda: {"team": {"accuracy": 0.94, "ece": None}}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedTurn:
    at: str
    release: str
    before: str | None
    forced: bool = False


@dataclass(slots=True)
class MemoryReleases:
    """Notes every change with its actor."""

    releases: list[ShelvedRelease] = field(
        default_factory=lambda: [
            ShelvedRelease(id="r2", passed=False, failures=("min_accuracy for team",)),
            ShelvedRelease(id="r1", parents=("r0",)),
        ]
    )
    champion: str = "r1"
    deeds: list[tuple[str, str, str]] = field(default_factory=list)

    def all(self) -> list[ShelvedRelease]:
        return self.releases

    def find(self, name: str | None = None) -> ShelvedRelease:
        found = [one for one in self.releases if one.id == (name or self.champion)]
        if not found:
            raise UnknownRelease(name or "", [one.id for one in self.releases])
        return found[0]

    def promote(self, name: str, *, at: datetime, force: bool, actor: str) -> ShelvedTurn:
        release = self.find(name)
        if not (release.passed or force):
            raise GatesFailed(release.id, release.failures)
        return self._turn("promote", release.id, at, actor, forced=not release.passed)

    def roll_back(self, name: str | None, *, at: datetime, force: bool, actor: str) -> ShelvedTurn:
        if name in {None, self.champion}:
            raise InvalidUsage("None answered before.", "Name a release.")
        return self._turn("rollback", self.find(name).id, at, actor, forced=force)

    def _turn(
        self, act: str, release: str, at: datetime, actor: str, *, forced: bool
    ) -> ShelvedTurn:
        self.deeds.append((act, release, actor))
        before, self.champion = self.champion, release
        return ShelvedTurn(at=at.isoformat(), release=release, before=before, forced=forced)
