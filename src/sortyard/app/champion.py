"""
Which release answers, and which one did before.

The pointer file `champion` says which release answers; it is replaced in one rename. Every change
adds a line to `history.jsonl`. Both are changed under one lock, so that two processes that promote
at once leave one champion and two lines.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sortyard.app.files import append_line, write_whole
from sortyard.app.lock import locked
from sortyard.domain.errors import InvalidUsage

LONGEST = 200  # characters of the pointer that are read: whatever fills it is no id, and is shown


class Move(StrEnum):
    """How the champion changed."""

    PROMOTE = "promote"
    ROLL_BACK = "rollback"
    RECOVER = "recover"  # the pointer had moved, and a crash kept the line from being written


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One change of the champion."""

    at: str
    move: Move
    release: str
    before: str | None = None
    forced: bool = False
    by: str = ""  # a user, or the id of a key; lines of earlier versions do not say

    @classmethod
    def parse(cls, line: str) -> "Turn":
        """Read one line of the history."""
        facts = json.loads(line)
        return cls(**(facts | {"move": Move(facts["move"])}))


@dataclass(frozen=True, slots=True)
class Champion:
    """The pointer and its history, in the state folder of a workspace."""

    state: Path

    @property
    def pointer(self) -> Path:
        return self.state / "champion"

    @property
    def log(self) -> Path:
        return self.state / "history.jsonl"

    @property
    def release(self) -> str | None:
        """The id of the release that answers; None before the first."""
        try:
            with self.pointer.open(encoding="utf-8", errors="replace") as stream:
                return stream.read(LONGEST).strip() or None
        except FileNotFoundError:
            return None

    @property
    def history(self) -> tuple[Turn, ...]:
        """Every change, oldest first; a line that a crash cut short does not count."""
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return ()
        return tuple(_parsed(lines))

    @property
    def line(self) -> tuple[str, ...]:
        """The releases that one may roll back to, the current one last."""
        return line_of(self.history)

    def promote(self, release: str, *, at: datetime, by: str = "", forced: bool = False) -> Turn:
        """Let a release answer from now on."""
        with self._changing(at):
            return self._move(Move.PROMOTE, release, at=at, by=by, forced=forced)

    def promote_first(self, release: str, *, at: datetime, by: str = "") -> Turn | None:
        """Let a release answer if none does yet; None where one does."""
        with self._changing(at):
            if self.release is not None:
                return None
            return self._move(Move.PROMOTE, release, at=at, by=by)

    def roll_back(self, release: str, *, at: datetime, by: str = "", forced: bool = False) -> Turn:
        """Let an earlier release answer again."""
        with self._changing(at):
            return self._move(Move.ROLL_BACK, release, at=at, by=by, forced=forced)

    def previous(self) -> str:
        """Name the champion before this one; `InvalidUsage` where there was none."""
        match self.line:
            case (*_, before, _now):
                return before
            case _:
                raise InvalidUsage(
                    "No release answered before this one, so there is none to roll back to.",
                    "Name a release: `sortyard releases list` shows what there is.",
                )

    def _move(
        self, move: Move, release: str, *, at: datetime, by: str, forced: bool = False
    ) -> Turn:
        turn = Turn(
            at=at.isoformat(),
            move=move,
            release=release,
            before=self.release,
            forced=forced,
            by=by,
        )
        write_whole(self.pointer, release + "\n")
        append_line(self.log, json.dumps(asdict(turn)))
        return turn

    @contextmanager
    def _changing(self, at: datetime) -> Iterator[None]:
        """Hold the lock, and first write down what a crash left unwritten."""
        with locked(self.state / "lock"):
            answering, history = self.release, self.history
            written = history[-1].release if history else None
            if answering is not None and answering != written:
                lost = Turn(at=at.isoformat(), move=Move.RECOVER, release=answering, before=written)
                append_line(self.log, json.dumps(asdict(lost)))
            yield


def line_of(history: Iterable[Turn]) -> tuple[str, ...]:
    """Follow the turns: a promotion adds a release to the line, a roll-back goes back along it."""
    line: list[str] = []
    for turn in history:
        if turn.move is Move.ROLL_BACK and turn.release in line:
            del line[line.index(turn.release) + 1 :]
        elif line[-1:] != [turn.release]:
            line.append(turn.release)
    return tuple(line)


def _parsed(lines: list[str]) -> Iterator[Turn]:
    for line in lines:
        try:
            yield Turn.parse(line)
        except (ValueError, TypeError, KeyError):
            continue
