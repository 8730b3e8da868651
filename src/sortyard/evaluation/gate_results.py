"""What the gates found: passed, failed, or too few rows to say."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sortyard.evaluation.intervals import Interval

TELLS_APART: Final = 0.20  # an interval wider than this cannot tell 0.70 from 0.90


class Verdict(StrEnum):
    """What a gate says."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"  # too few rows to say


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """
    One gate, held against one figure.

    `interval` is where the true figure lies with 95 % confidence, where that is known, and
    `best_case` the best value that it could still have, given its number of rows. A
    figure on the wrong side of its limit fails when it rests on enough rows, or when even its best
    case is on the wrong side; otherwise there are too few rows to say.
    """

    gate: str
    measure: str
    limit: float
    measured: float
    verdict: Verdict
    dimension: str | None = None
    label: str | None = None
    rows: int | None = None
    best_case: float | None = None
    interval: Interval | None = None
    detail: str = ""

    @property
    def short_by(self) -> float:
        """How far the figure lies on the wrong side of its limit; 0 on the right side."""
        gap = (
            self.measured - self.limit
            if self.gate.startswith("max")
            else self.limit - self.measured
        )
        return max(gap, 0.0)

    @property
    def subject(self) -> str:
        """What was judged: `team`, or `team: billing/refunds`."""
        parts = [one for one in (self.dimension, self.label) if one]
        return ": ".join(parts) or "speed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinTest:
    """
    A dimension that was tested on too few messages for its gates to mean anything.

    The interval of its accuracy is wider than `TELLS_APART`, so no gate can tell 0.70 from 0.90.
    """

    dimension: str
    rows: int
    accuracy: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """
    All findings; a release passes when none of them failed.

    `thin` warns of dimensions whose findings rest on very little. They fail nothing: an archive of
    a few dozen rows can make a release, which must not be taken for a proven one.
    """

    findings: tuple[GateResult, ...]
    thin: tuple[ThinTest, ...] = ()
    passed: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "passed", not self.failures)

    @property
    def failures(self) -> tuple[GateResult, ...]:
        return self._with(Verdict.FAILED)

    @property
    def undecided(self) -> tuple[GateResult, ...]:
        return self._with(Verdict.UNDECIDED)

    @property
    def passes(self) -> tuple[GateResult, ...]:
        return self._with(Verdict.PASSED)

    def _with(self, verdict: Verdict) -> tuple[GateResult, ...]:
        return tuple(one for one in self.findings if one.verdict is verdict)
