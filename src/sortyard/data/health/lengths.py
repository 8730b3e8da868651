"""How long the messages are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from sortyard.data.health.finding import HealthFinding, percent, rows
from sortyard.data.rows import LONG
from sortyard.data.taxonomy_finding import Severity

SHORT: Final = 2  # words; fewer hardly say what is wanted
READ: Final = 2_500  # characters; of longer texts a window of beginning and end is read
EDGES: Final = (0, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_120, 10_240, 20_480)
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
MUCH: Final = 0.1


@dataclass(frozen=True, slots=True)
class LengthBin:
    """How many messages have from `low` characters up to `high`, not including it."""

    low: int
    high: int | None
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """
    Lengths in characters.

    `quantiles` are those of `QUANTILES`; `short` messages have fewer than `SHORT` words, `cut` ones
    are longer than what is read, and `huge` ones are no messages at all.
    """

    rows: int
    shortest: int
    quantiles: tuple[int, ...]
    longest: int
    short: int
    cut: int
    huge: int
    bins: tuple[LengthBin, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Measure texts; there is at least one."""
        chars = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        at = np.searchsorted(EDGES, chars, side="right") - 1
        counts = np.bincount(at, minlength=len(EDGES)).tolist()
        highs = (*EDGES[1:], None)
        return cls(
            rows=len(texts),
            shortest=int(chars.min()),
            quantiles=tuple(int(one) for one in np.quantile(chars, QUANTILES, method="nearest")),
            longest=int(chars.max()),
            short=sum(len(text) < LONG and len(text.split(None, SHORT)) < SHORT for text in texts),
            cut=int((chars > READ).sum()),
            huge=int((chars > LONG).sum()),
            bins=tuple(LengthBin(*one) for one in zip(EDGES, highs, counts, strict=True)),
        )

    @property
    def median(self) -> int:
        return self.quantiles[len(self.quantiles) // 2]

    def findings(self) -> Iterator[HealthFinding]:
        """Say what is too short, or too long, to be read as a message."""
        if self.huge:
            yield HealthFinding(
                code="huge-texts",
                severity=Severity.WARNING,
                problem=f"{rows(self.huge)} have more than {LONG:,} characters; only the beginning "
                "and the end are read.",
                remedy="Check that each is one message, and not a log or an attachment.",
            )
        if self.short > MUCH * self.rows:
            yield HealthFinding(
                code="short-texts",
                severity=Severity.NOTE,
                problem=f"{rows(self.short)} ({percent(self.short / self.rows)}) have one "
                "word or none.",
                remedy="Look at some: they are often greetings or answers, and not requests.",
            )
        if self.cut > MUCH * self.rows:
            yield HealthFinding(
                code="long-texts",
                severity=Severity.NOTE,
                problem=f"{rows(self.cut)} ({percent(self.cut / self.rows)}) are longer than the "
                f"{READ:,} characters that are read.",
                remedy="Check that quoted threads, logs and attachments are left out of the text.",
            )
