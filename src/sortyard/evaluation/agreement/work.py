"""The messages on which people disagree, those that most need a decision first."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from sortyard.data.votes import Answer, Votes
from sortyard.evaluation.agreement.consensus import Consensus
from sortyard.evaluation.agreement.tallies import Tallies


@dataclass(frozen=True, slots=True)
class Divided:
    """
    A message with different answers, how many votes each has, and what they come to.

    `consensus` is None where the votes come to nothing; `support` is that of the consensus.
    """

    message: str
    votes: tuple[tuple[Answer, int], ...]
    consensus: Answer | None
    support: float

    @property
    def lead(self) -> int:
        """How many votes the first answer is ahead of the second."""
        return self.votes[0][1] - self.votes[1][1]


def divided_messages(
    votes: Votes, consensus: Consensus, *, decided: Collection[str] = ()
) -> tuple[Divided, ...]:
    """List the messages that still need a decision: least support first, then the least lead."""
    tallies = Tallies.of_answers(votes)
    starts = np.searchsorted(tallies.message, np.arange(len(votes.messages) + 1))
    found = []
    for at in np.flatnonzero(np.diff(starts) > 1).tolist():
        if votes.messages[at] in decided:
            continue
        part = slice(starts[at], starts[at + 1])
        counts = zip(tallies.what[part].tolist(), tallies.votes[part].tolist(), strict=True)
        found.append(
            Divided(
                votes.messages[at],
                tuple((votes.answers[answer], count) for answer, count in counts),
                consensus.answers[at],
                consensus.support[at],
            )
        )
    return tuple(sorted(found, key=lambda one: (one.support, one.lead)))
