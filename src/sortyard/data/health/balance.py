"""
How evenly rows are spread over labels, as Shannon's entropy.

Raw it is in nats: a message's label is as uncertain as one drawn from `exp(nats)` labels that are
equally frequent. Normalised it is a share of the highest that this number of labels can have, so
that dimensions of different sizes can be compared: 1 is even, 0 is a single label.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, exp, fsum, log
from typing import Final, Self

from sortyard.data.health.finding import HealthFinding, percent
from sortyard.data.taxonomy_finding import Severity

FEWEST_LABELS: Final = 2
RAREST: Final = 0.1  # the share of labels that are called rare
STEEP: Final = 10.0  # times that the most frequent label comes as often as the rare ones


class Band(StrEnum):
    """What an evenness asks for, from best to worst."""

    EVEN = "even"
    UNEVEN = "uneven"
    SKEWED = "skewed"
    LOPSIDED = "lopsided"

    @property
    def asks(self) -> str:
        """What to do about it."""
        return _ASKS[self]


BOUNDS: Final = ((0.85, Band.EVEN), (0.70, Band.UNEVEN), (0.50, Band.SKEWED))
# Measured: `python -m benchmarks.imbalance`.
_WEIGHTS: Final = (
    "Class weights (`class_weights` in a recipe of your own) pay where the messages to come are "
    "less skewed than these, and not otherwise."
)
_ASKS: Final = {
    Band.EVEN: "Nothing: train on it as it is.",
    Band.UNEVEN: "Read F1 label by label beside the accuracy, and set a floor with "
    f"`min_per_class_f1` in the gates. {_WEIGHTS}",
    Band.SKEWED: "Collect messages of the rare labels before more of the frequent ones "
    "(`sortyard annotate plan --mix rare=1`), or unite rare siblings; judge by macro "
    f"F1. {_WEIGHTS}",
    Band.LOPSIDED: "Split the label that holds nearly everything, unite rare ones or leave them "
    "to a person; accuracy says little, for always answering the same would score high. "
    f"{_WEIGHTS}",
}


_STEEP_ASKS: Final = f"Read F1 of the rare labels beside the accuracy. {_WEIGHTS}"


def band_of(normalised: float) -> Band:
    """Put a normalised entropy into its band; a bound belongs to the better one."""
    return next((band for least, band in BOUNDS if normalised >= least), Band.LOPSIDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """
    The entropy of the labels of a dimension; with fewer than two there is nothing to spread.

    Entropy hardly hears a few rare labels among many. So there is `steepness` beside it: how many
    times as often as any of the rarest tenth the most frequent label comes at least.
    """

    labels: int
    nats: float
    normalised: float | None
    largest_share: float
    steepness: float

    @classmethod
    def of(cls, counts: Sequence[int]) -> Self:
        """Measure how rows are spread; labels without rows do not count."""
        held = [count for count in counts if count > 0]
        total = sum(held)
        if len(held) < FEWEST_LABELS:
            share = float(bool(held))
            return cls(
                labels=len(held), nats=0.0, normalised=None, largest_share=share, steepness=1.0
            )
        nats = fsum(-count / total * log(count / total) for count in sorted(held))
        return cls(
            labels=len(held),
            nats=nats,
            normalised=min(1.0, max(0.0, nats / log(len(held)))),
            largest_share=max(held) / total,
            steepness=max(held) / sorted(held)[ceil(RAREST * len(held)) - 1],
        )

    @property
    def band(self) -> Band | None:
        return None if self.normalised is None else band_of(self.normalised)

    @property
    def effective_labels(self) -> float:
        """How many equally frequent labels would be as uncertain."""
        return exp(self.nats)

    @property
    def has_rare_labels(self) -> bool:
        """Whether labels are rare that no entropy tells of."""
        return self.band is Band.EVEN and self.steepness >= STEEP

    @property
    def asks(self) -> str | None:
        """What the spread asks for; None where there is nothing to spread."""
        if self.band is None:
            return None
        return _STEEP_ASKS if self.has_rare_labels else self.band.asks

    def findings(self, dimension: str) -> Iterator[HealthFinding]:
        """Say what the spread asks for, where it asks for anything."""
        if self.band is None or self.asks is None:
            return
        if self.band is Band.EVEN and not self.has_rare_labels:
            return
        severe = self.band in {Band.SKEWED, Band.LOPSIDED}
        yield HealthFinding(
            code="imbalance",
            severity=Severity.WARNING if severe else Severity.NOTE,
            dimension=dimension,
            problem=self._uneven,
            remedy=self.asks,
        )

    @property
    def _uneven(self) -> str:
        if self.has_rare_labels:
            return (
                f"The labels are even on the whole, but the most frequent one comes "
                f"{self.steepness:.0f} times as often as any of the rarest tenth, or more."
            )
        return (
            f"The labels are {self.band}: normalised entropy {self.normalised:.2f}, and the "
            f"largest label holds {percent(self.largest_share)} of the rows."
        )
