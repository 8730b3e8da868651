"""Votes counted: how many each answer or label has on a message, and who voted beside whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.data.votes import Codes, Votes


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """How many votes something has on a message, by message, and the most votes first."""

    message: Codes  # (cells,)
    what: Codes  # (cells,) place of the answer, or of the label
    votes: NDArray[np.int64]  # (cells,)

    @classmethod
    def of_answers(cls, votes: Votes) -> Self:
        """Count the votes for each answer."""
        return cls._counted(votes.message, votes.answer, len(votes.answers))

    @classmethod
    def of_labels(cls, votes: Votes) -> Self:
        """Count the votes that name each label."""
        vote, label = np.nonzero(votes.holds[votes.answer])
        return cls._counted(votes.message[vote], label, len(votes.labels))

    @classmethod
    def _counted(cls, message: Codes, what: Codes, many: int) -> Self:
        key, count = np.unique(message * max(many, 1) + what, return_counts=True)
        at, which = np.divmod(key, max(many, 1))
        order = np.lexsort((which, -count, at))
        return cls(at[order], which[order], count[order])


@dataclass(frozen=True, slots=True, eq=False)
class VotePairs:
    """Pairs of votes on the same message, by their places; the annotators are in order."""

    left: Codes
    right: Codes


def vote_pairs(votes: Votes) -> Iterator[VotePairs]:
    """Give all pairs: those next to each other, then those with one vote between, and so on."""
    for step in range(1, int(votes.votes_per_message.max(initial=0))):
        left = np.flatnonzero(votes.message[step:] == votes.message[:-step])
        yield VotePairs(left, left + step)
