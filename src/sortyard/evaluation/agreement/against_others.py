"""Each annotator against the majority of the others, with the number of rows that it rests on."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.data.votes import Votes
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.agreement.tallies import Tallies
from sortyard.evaluation.intervals import Interval, exact_interval

Marks: TypeAlias = NDArray[np.bool_]  # (votes,)

WANTED: Final = 0.85  # of the votes say what most others say


class Verdict(StrEnum):
    """What the votes of one annotator tell about them."""

    FINE = "fine"  # the interval lies above the limit
    UNSURE = "unsure"  # it holds the limit: more votes are needed to say
    LOW = "low"  # it lies below: flagged
    UNKNOWN = "unknown"  # there is nothing to compare with


@dataclass(frozen=True, slots=True)
class AgainstOthers:
    """
    How often an annotator said what most of the others said.

    `compared` counts their votes on messages where one answer of the others is ahead of all more;
    `same` are those for just this answer: in a multi dimension, for exactly the labels that more
    than half of the others gave.
    """

    annotator: str
    votes: int
    compared: int
    same: int

    @property
    def share(self) -> float | None:
        return self.same / self.compared if self.compared else None

    @property
    def interval(self) -> Interval | None:
        """The exact 95 % interval of the share."""
        return exact_interval(self.same, self.compared) if self.compared else None

    @property
    def verdict(self) -> Verdict:
        interval = self.interval
        if interval is None:
            return Verdict.UNKNOWN
        if interval.low >= WANTED:
            return Verdict.FINE
        return Verdict.LOW if interval.high < WANTED else Verdict.UNSURE


def measure_against_others(votes: Votes) -> tuple[AgainstOthers, ...]:
    """Compare every annotator, the least agreement first."""
    compare = _one_label if votes.kind is Kind.SINGLE else _sets
    compared, same = compare(votes)
    counts = (
        np.bincount(votes.annotator, weights=marks, minlength=len(votes.annotators)).astype(int)
        for marks in (np.ones(len(votes)), compared, compared & same)
    )
    found = (
        AgainstOthers(name, *row)
        for name, row in zip(votes.annotators, zip(*map(list, counts), strict=True), strict=True)
    )
    return tuple(sorted(found, key=lambda one: 2.0 if one.share is None else one.share))


def _one_label(votes: Votes) -> tuple[Marks, Marks]:
    """Tell of each vote whether the others have one answer ahead, and whether it is this one."""
    tallies = Tallies.of_answers(votes)
    starts = np.searchsorted(tallies.message, np.arange(len(votes.messages)))
    place = np.arange(len(tallies.message)) - starts[tallies.message]
    top = np.zeros((len(votes.messages), 3), dtype=np.int64)  # the three most votes of a message
    which = np.full((len(votes.messages), 2), -1, dtype=np.int64)  # and the first two answers
    for column in range(3):
        here = place == column
        top[tallies.message[here], column] = tallies.votes[here]
        if column < which.shape[1]:
            which[tallies.message[here], column] = tallies.what[here]
    first, second, third = top[votes.message].T
    is_first = votes.answer == which[votes.message, 0]
    is_second = votes.answer == which[votes.message, 1]
    next_best = np.where(is_second, np.maximum(second - 1, third), second)
    stays = is_first & (first - 1 > second)
    moves = is_first & (second > first - 1) & (second > third)
    leads = ~is_first & (first > next_best)
    return stays | moves | leads, stays


def _sets(votes: Votes) -> tuple[Marks, Marks]:
    """Do the same for sets of labels: every label that is named is compared by itself."""
    holds = votes.holds
    tallies = Tallies.of_labels(votes)
    starts = np.searchsorted(tallies.message, np.arange(len(votes.messages) + 1))
    many = np.diff(starts)[votes.message]
    vote = np.repeat(np.arange(len(votes)), many)
    cell = starts[votes.message][vote] + np.arange(len(vote)) - (np.cumsum(many) - many)[vote]
    own = holds[votes.answer[vote], tallies.what[cell]]
    with_it = 2 * (tallies.votes[cell] - own)
    others = votes.votes_per_message[votes.message] - 1
    ties = np.bincount(vote, weights=with_it == others[vote], minlength=len(votes))
    slips = np.bincount(vote, weights=own != (with_it > others[vote]), minlength=len(votes))
    return (ties == 0) & (others > 0), slips == 0
