"""Long runs of what a machine wrote become one line that keeps what matters about it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from sortyard.text.machine_lines import (
    ERROR,
    LEVEL,
    LOOKED_AT,
    PANIC,
    TRACE_HEAD,
    Kind,
    kind_of,
    without_time,
)

CODE: Final = ("keep", "fold")
MOST_KEPT: Final = 200  # characters of what a fold keeps

_SHORT: Final = 3  # lines of a marked block that are no longer than what would stand for them
_LONGEST_TRACE: Final = 400  # lines from its head to its error
_FENCE: Final = re.compile(r"[ \t]{0,3}(?:```|~~~)[\w+#.-]{0,30}[ \t]*")
FENCES: Final = ("```", "~~~")
_SEVERE: Final = ("ERR", "FAT", "CRI", "SEV")


@dataclass(frozen=True, slots=True)
class FoldedCode:
    """
    Folds stack traces, logs, code and encoded files into one line each, in square brackets.

    Of a trace the error stays with its first line (`[trace: ValueError: no such card]`), of a log
    its first error, of code its first line. Shorter ones, and what people wrote, are left alone.
    """

    name: ClassVar[str] = "code"
    version: ClassVar[int] = 1

    def problems(self) -> tuple[str, ...]:
        return ()

    def __call__(self, text: str) -> str:
        if "\n" not in text:
            return text
        return "\n".join(_Page.of(text).folded())


@dataclass(frozen=True, slots=True)
class _Page:
    """Lines, which machine would write each of them, and the places that could end a block."""

    lines: Sequence[str]
    kinds: Sequence[Kind | None]
    fences: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Self:
        lines = text.split("\n")
        kinds = [kind_of(line) if line and not line.isspace() else None for line in lines]
        fences = [place for place, line in enumerate(lines) if line.strip() in FENCES]
        return cls(lines, kinds, fences)

    def folded(self) -> Iterator[str]:
        place, size = 0, len(self.lines)
        while place < size:
            found = self._block(place) if self.lines[place].strip() else None
            yield found.words if found else self.lines[place]
            place = found.end if found else place + 1

    def _block(self, place: int) -> "_Fold | None":
        return self._fenced(place) or self._trace_with_head(place) or self._run(place)

    def _fenced(self, place: int) -> "_Fold | None":
        """Fold a block of code that is marked as one; one that never closes is none."""
        fence = _FENCE.fullmatch(self.lines[place][:LOOKED_AT])
        after = bisect_right(self.fences, place)
        if fence is None or after == len(self.fences):
            return None
        end = self.fences[after]
        inside = [line for line in self.lines[place + 1 : end] if line.strip()]
        if len(inside) <= _SHORT:
            return None
        kinds = self.kinds[place + 1 : end]
        kind = next((one for one in (Kind.TRACE, Kind.LOG) if one in kinds), Kind.CODE)
        return _Fold(_placeholder(kind, inside), end + 1)

    def _trace_with_head(self, place: int) -> "_Fold | None":
        """Fold a trace that names its error at its end, as Python's do."""
        if not TRACE_HEAD.match(self.lines[place][:LOOKED_AT]):
            return None
        frames = False
        for end in range(place + 1, min(len(self.lines), place + _LONGEST_TRACE)):
            line = self.lines[end].strip()[:LOOKED_AT]
            if self.kinds[end] is Kind.TRACE:
                frames = True
            elif frames and ERROR.match(line):
                return _Fold(_placeholder(Kind.TRACE, [line]), end + 1)
            elif TRACE_HEAD.match(line):
                return None
        return None

    def _run(self, place: int) -> "_Fold | None":
        """Fold lines of one kind that follow each other, with what announces a trace above them."""
        start, kind = place, self.kinds[place]
        if kind is not Kind.TRACE and _error_in(self.lines[place]):
            start = self._next(place + 1)
            kind = self.kinds[start] if start < len(self.lines) else None
            kind = kind if kind is Kind.TRACE else None
        if kind is None:
            return None
        count, at, end = 0, start, start
        while at < len(self.lines) and at - end <= 1:
            if self._belongs(at, kind):
                count, end = count + 1, at + 1
            elif self.lines[at].strip():
                break
            at += 1
        if count < kind.fewest:
            return None
        inside = [line for line in self.lines[place:end] if line.strip()]
        return _Fold(_placeholder(kind, inside), end)

    def _belongs(self, place: int, kind: Kind) -> bool:
        if self.kinds[place] is kind:
            return True
        return kind is Kind.TRACE and self.lines[place].lstrip().startswith("Caused by: ")

    def _next(self, place: int) -> int:
        """Find the next line with words; at most one empty one lies between."""
        is_empty = place < len(self.lines) and not self.lines[place].strip()
        return place + is_empty


@dataclass(frozen=True, slots=True)
class _Fold:
    """What stands for some lines, and where the first line after them is."""

    words: str
    end: int


def _placeholder(kind: Kind, lines: Sequence[str]) -> str:
    words = " ".join(_gist(kind, lines).split())[:MOST_KEPT]
    return f"[{kind.word}: {words}]" if words else f"[{kind.word}]"


def _gist(kind: Kind, lines: Sequence[str]) -> str:
    """Say the most important part of some lines in one."""
    match kind:
        case Kind.TRACE:
            errors = [found[0] for line in lines if (found := _error_in(line))]
            return "; ".join(dict.fromkeys((*errors[:1], *errors[1:][-1:])))
        case Kind.LOG:
            bad = (line for line in lines if _is_severe(line))
            return without_time(next(bad, lines[0])[:LOOKED_AT])
        case Kind.CODE:
            return lines[0][:LOOKED_AT]
        case Kind.FILE:
            return ""


def _error_in(line: str) -> re.Match[str] | None:
    start = line.strip()[:LOOKED_AT]
    return ERROR.match(start) or PANIC.match(start)


def _is_severe(line: str) -> bool:
    level = LEVEL.search(line[:LOOKED_AT])
    return bool(level and level["level"].startswith(_SEVERE))
