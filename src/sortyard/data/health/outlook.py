"""What a training on an archive is likely to reach, and what saying so rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sortyard.data.health.finding import HealthFinding, percent
from sortyard.data.taxonomy_finding import Severity

NO_BETTER: Final = 0.9  # of the error of guessing: the words hardly tell the labels
EASY: Final = 0.1  # an error of guessing so small that nobody can be much better


class Verdict(StrEnum):
    """What a forecast means for whoever is about to train."""

    READY = "ready"
    USABLE = "usable"
    HARD = "hard"
    NOT_YET = "not yet"

    @property
    def meaning(self) -> str:
        """What to expect, in words."""
        return _MEANINGS[self]


_LEVELS: Final = ((0.9, Verdict.READY), (0.75, Verdict.USABLE), (0.5, Verdict.HARD))
_MEANINGS: Final = {
    Verdict.READY: "most messages can go without a person",
    Verdict.USABLE: "the sure ones can go without a person, the others need one",
    Verdict.HARD: "a person decides most; clean or unite labels first",
    Verdict.NOT_YET: "the words do not tell the labels; look at labels and texts first",
}


@dataclass(frozen=True, slots=True)
class Probed:
    """How many rows were learnt from, and the share of answers that were right on others."""

    rows: int
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """
    Micro F1 that the recipe `quick` is likely to reach on new messages, between `low` and `high`.

    Where one label holds, that is the share of right answers. `doubled` is the same with as many
    rows again. It rests on the `probed` points of a sample, and on `trials` of the kind, of which
    `kept` had an interval that held what was reached; `guess` is what always giving the most
    frequent label would reach.
    """

    value: float
    low: float
    high: float
    doubled: float
    trained_on: int
    sampled: int
    probed: tuple[Probed, ...]
    guess: float
    trials: int
    kept: int
    sets: int
    typical_miss: float

    @property
    def verdict(self) -> Verdict:
        """What to expect; where guessing does about as well, the labels cannot be told yet."""
        no_better = 1.0 - self.probed[-1].right >= NO_BETTER * (1.0 - self.guess)
        if no_better and self.guess < 1.0 - EASY:
            return Verdict.NOT_YET
        return next((one for least, one in _LEVELS if self.value >= least), Verdict.NOT_YET)

    def findings(self, dimension: str) -> Iterator[HealthFinding]:
        """Say when little is to be expected."""
        if self.verdict in {Verdict.HARD, Verdict.NOT_YET}:
            yield HealthFinding(
                code="hard-to-learn",
                severity=Severity.WARNING,
                dimension=dimension,
                problem=f"A training would reach about {percent(self.value)} ({percent(self.low)} "
                f"to {percent(self.high)}): {self.verdict.meaning}.",
                remedy="Look at texts under two labels and at labels that mean the same before you "
                "collect more rows.",
            )
