"""The reasons for which a message is worth a label, and how many labels each of them gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import Final, Self

from sortyard.domain.errors import InvalidUsage, did_you_mean, listing


class Strategy(StrEnum):
    """Why a message is to be labelled."""

    MARGIN = "margin"  # two labels are almost as likely
    ENTROPY = "entropy"  # many labels are possible
    THRESHOLD = "threshold"  # the confidence is close to where the machine would answer alone
    RARE = "rare"  # it may carry a label of which there are few messages
    SIBLINGS = "siblings"  # two labels of one parent are almost as likely
    NOVELTY = "novelty"  # nothing like it was ever labelled
    DOUBTFUL = "doubtful"  # it has a label that the model does not believe
    TYPICAL = "typical"  # it stands for many messages like it
    RANDOM = "random"  # for an honest measurement


# Margins that lie apart were the best of what was tried on a fifth of BANKING77's training rows,
# which then taught nothing; the small shares are for what no margin shows, and were not tried.
USUAL: Final[Mapping[Strategy, float]] = {
    Strategy.MARGIN: 0.75,
    Strategy.THRESHOLD: 0.05,
    Strategy.RARE: 0.05,
    Strategy.SIBLINGS: 0.05,
    Strategy.RANDOM: 0.10,
}
COLD: Final[Mapping[Strategy, float]] = {Strategy.TYPICAL: 0.90, Strategy.RANDOM: 0.10}


@dataclass(frozen=True, slots=True)
class Mix:
    """How labels are shared out among strategies; shares are relative to their sum."""

    shares: Mapping[Strategy, float]

    def __post_init__(self) -> None:
        wrong = [
            name for name, share in self.shares.items() if not share >= 0 or not isfinite(share)
        ]
        if wrong or not sum(self.shares.values()) > 0:
            raise InvalidUsage(
                "The shares of a plan are numbers from 0 on, and not all of them are 0.",
                "For example `--mix margin=0.8,random=0.2`.",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `margin=0.8,random=0.2`; raises InvalidUsage."""
        shares: dict[Strategy, float] = {}
        for part in filter(None, (one.strip() for one in text.split(","))):
            name, _, share = (one.strip() for one in part.partition("="))
            known = [one.value for one in Strategy]
            if name not in known:
                guess = did_you_mean([name], known)
                raise InvalidUsage(
                    f"There is no strategy {name!r}. {guess}".strip(),
                    f"There are {listing(known, limit=len(known))}.",
                )
            try:
                shares[Strategy(name)] = float(share or "1")
            except ValueError:
                raise InvalidUsage(
                    f"The share of {name!r} is no number: {share!r}.",
                    "For example `--mix margin=0.8,random=0.2`.",
                ) from None
        return cls(shares)

    def without(self, *left_out: Strategy) -> "Mix | None":
        """Leave strategies out; None where nothing stays."""
        kept = {one: share for one, share in self.shares.items() if one not in left_out}
        return Mix(kept) if sum(kept.values()) > 0 else None

    def counts(self, total: int) -> Mapping[Strategy, int]:
        """Share out `total` labels, by largest remainder; those that get none are left out."""
        whole = sum(self.shares.values())
        exact = {one: total * share / whole for one, share in self.shares.items()}
        counts = {one: int(value) for one, value in exact.items()}
        rest = total - sum(counts.values())
        order = sorted(exact, key=lambda one: (counts[one] - exact[one], list(Strategy).index(one)))
        for one in order[:rest]:
            counts[one] += 1
        return {one: count for one, count in counts.items() if count}
