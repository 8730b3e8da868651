"""Pairs of labels that people take for each other, the costliest first."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from sortyard.data.votes import Codes, Votes
from sortyard.domain.taxonomy import parent_of
from sortyard.evaluation.agreement.coefficients import binary_alpha
from sortyard.evaluation.agreement.distances import Floats
from sortyard.evaluation.agreement.figures import Coefficient
from sortyard.evaluation.agreement.lots import Lots
from sortyard.evaluation.agreement.tallies import vote_pairs

MOST: Final = 1_000  # pairs that are measured


@dataclass(frozen=True, slots=True)
class LabelPair:
    """
    Two labels between which votes on the same message were split.

    `messages` counts those, and `share` is the part of all splits between two labels that is one
    between these. `alpha` is Krippendorff's on the votes for just one of the two: whether people
    can tell them apart where it is either. Siblings have the same parent, or both have none.
    """

    one: str
    other: str
    messages: int
    share: float
    alpha: Coefficient

    @property
    def are_siblings(self) -> bool:
        return parent_of(self.one) == parent_of(self.other)

    def needs_decision(self, gate: float) -> bool:
        """Tell whether people take the two for each other more often than the gate allows."""
        return self.alpha.value is not None and self.alpha.value < gate


@dataclass(frozen=True, slots=True)
class _Split:
    one: int
    other: int
    messages: int
    weight: float


def measure_label_pairs(votes: Votes, lots: Lots) -> tuple[LabelPair, ...]:
    """
    Measure every pair of labels between which some message is split.

    Two labels that are not among them were told apart on every message.
    """
    splits = _splits(votes)
    total = sum(one.weight for one in splits)
    formula = _PairAlpha(votes, lots)
    return tuple(
        LabelPair(
            votes.labels[one.one],
            votes.labels[one.other],
            one.messages,
            one.weight / total,
            formula(one.one, one.other),
        )
        for one in splits[:MOST]
    )


def _splits(votes: Votes) -> list[_Split]:
    """Weigh the splits between two labels: pairs of votes, over a message's votes less one."""
    answers = len(votes.answers)
    message, between, weight = [], [], []
    for pairs in vote_pairs(votes):
        one, other = votes.answer[pairs.left], votes.answer[pairs.right]
        apart = np.flatnonzero(one != other)
        here = votes.message[pairs.left][apart]
        message.append(here)
        low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
        between.append(low * answers + high)
        weight.append(1.0 / (votes.votes_per_message[here] - 1))
    pair, place = np.unique(np.concatenate(between), return_inverse=True)
    weighed = np.bincount(place, weights=np.concatenate(weight), minlength=len(pair))
    weights = np.asarray(weighed, dtype=np.float64)
    where = np.unique(np.concatenate(message) * max(len(pair), 1) + place)
    return _between_labels(votes, pair, weights, where)


def _between_labels(votes: Votes, pair: Codes, weights: Floats, where: Codes) -> list[_Split]:
    """Go from pairs of answers to pairs of labels; `where` numbers messages and pairs."""
    at = {label: place for place, label in enumerate(votes.labels)}
    sets = [frozenset(at[label] for label in answer) for answer in votes.answers]
    weighed: defaultdict[tuple[int, int], float] = defaultdict(float)
    seen: defaultdict[tuple[int, int], list[Codes]] = defaultdict(list)
    messages, which = np.divmod(where, max(len(pair), 1))
    order = np.argsort(which, kind="stable")
    parts = np.split(messages[order], np.cumsum(np.bincount(which, minlength=len(pair)))[:-1])
    for code, weight, part in zip(pair.tolist(), weights.tolist(), parts, strict=False):
        one, other = (sets[place] for place in divmod(code, len(votes.answers)))
        for left in one - other:
            for right in other - one:
                key = (min(left, right), max(left, right))
                weighed[key] += weight
                seen[key].append(part)
    found = [
        _Split(one, other, len(np.unique(np.concatenate(seen[one, other]))), weight)
        for (one, other), weight in weighed.items()
    ]
    return sorted(found, key=lambda split: (-split.weight, split.one, split.other))


class _PairAlpha:
    """Krippendorff's alpha on the votes that name just one of two labels."""

    def __init__(self, votes: Votes, lots: Lots) -> None:
        self._message = votes.message
        self._lots = lots
        vote, label = np.nonzero(votes.holds[votes.answer])
        order = np.argsort(label, kind="stable")
        ends = np.cumsum(np.bincount(label, minlength=len(votes.labels)))[:-1]
        self._votes = np.split(vote[order], ends)  # that name each label

    def __call__(self, one: int, other: int) -> Coefficient:
        ours, theirs = self._votes[one], self._votes[other]
        here = self._message[np.setdiff1d(ours, theirs, assume_unique=True)]
        there = self._message[np.setdiff1d(theirs, ours, assume_unique=True)]
        message, place = np.unique(np.r_[here, there], return_inverse=True)
        left = np.bincount(place[: len(here)], minlength=len(message))
        right = np.bincount(place[len(here) :], minlength=len(message))
        several = left + right > 1
        message, left, right = message[several], left[several], right[several]
        many = left + right
        table = np.stack(
            [
                self._lots.sums(message, 2.0 * left * right / (many - 1)),
                self._lots.sums(message, left),
                self._lots.sums(message, many),
            ],
            axis=1,
        )
        drawn = self._lots.draws @ table
        values = binary_alpha(drawn[:, 0], drawn[:, 1], drawn[:, 2])
        return Coefficient.of(values, messages=min(int((left > 0).sum()), int((right > 0).sum())))
