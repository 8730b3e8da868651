"""
What is right, and who tends to say it, both from the votes alone [Dawid & Skene 1979].

Expectation maximisation goes back and forth between how probable each answer is, given how
reliable those are who gave it, and how reliable everybody is, given what is probably right. An
annotator has a rate for every pair of a right and a given answer, drawn towards the common rate of
all by a few votes' worth of doubt, as hierarchical models do [Paun et al. 2018]: with few votes
from each this comes close to the majority, with many each one counts for what they are.

Two things differ from the textbook. Only answers that somebody gave are told apart, and all others
are one, so that the cost grows with the votes and not with the number of labels; and an item whose
answer a person has settled counts as known. The model takes errors to be independent. Annotators
who err together, as language models do, make it surer than it should be.
"""

from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.evaluation.agreement.distances import Floats

Places: TypeAlias = NDArray[np.intp]

# How many votes the common rate is worth, for each right answer. Chosen without any truth, as that
# which best tells left-out votes of 14 language models on 1,000 complaints: `benchmarks.agreement`.
COMMON_VOTES: Final = 10.0
ROUNDS: Final = 200
STILL: Final = 1e-5  # the largest change of a belief that is no change


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ballots:
    """
    Votes as numbers: one entry a vote in the first three, which are ordered by item.

    `weight` (items,) says how many items of the same votes one stands for; each for itself where
    it is None.
    """

    item: Places
    annotator: Places
    answer: Places
    items: int
    annotators: int
    answers: int
    weight: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beliefs:
    """
    How probable each answer is that somebody gave, ordered by item and answer.

    `reliability` (annotators,) is the expected share of right votes, NaN without a vote.
    """

    item: Places
    answer: Places
    belief: Floats
    reliability: Floats


def dawid_skene(
    ballots: Ballots,
    *,
    settled: dict[int, int] | None = None,
    common_votes: float = COMMON_VOTES,
) -> Beliefs:
    """Weigh the votes; `settled` has the answers of items that a person has decided."""
    choices = _Choices.of(ballots, settled or {})
    belief = choices.shares
    for _ in range(ROUNDS):
        after = choices.weighed(belief, common_votes)
        change = np.abs(after - belief).max(initial=0.0)
        belief = after
        if change < STILL:
            break
    return Beliefs(
        item=choices.item,
        answer=choices.answer,
        belief=belief,
        reliability=choices.rates(belief).own,
    )


@dataclass(frozen=True, slots=True)
class _Rates:
    """How often votes are expected to be right: of everybody, and of each annotator."""

    common: float
    own: Floats
    votes: Floats  # of each annotator


@dataclass(frozen=True, slots=True, eq=False)
class _Choices:
    """
    The answers to choose among for each item, and every vote beside each of those.

    `weight` is that of the item. `vote_choice`, `vote_annotator` and `is_right` have an entry for
    each vote and choice of its item; `cell` numbers its annotator, chosen and given answer, and
    `row` the first two of them.
    """

    ballots: Ballots
    item: Places
    answer: Places
    is_settled: NDArray[np.bool_]
    shares: Floats
    weight: Floats
    vote_choice: Places
    vote_annotator: Places
    is_right: NDArray[np.bool_]
    cell: Places
    row: Places

    @classmethod
    def of(cls, ballots: Ballots, settled: dict[int, int]) -> Self:
        answers = max(ballots.answers, 1)
        given = np.unique(ballots.item * answers + ballots.answer)
        known = np.array(sorted(settled), dtype=np.intp)
        decided = known * answers + np.array([settled[one] for one in known.tolist()], np.intp)
        open_ = given[~np.isin(given // answers, known)]
        item, answer = np.divmod(np.sort(np.r_[open_, decided]), answers)
        starts = np.searchsorted(item, np.arange(ballots.items + 1))
        many = np.diff(starts)[ballots.item]
        vote = np.repeat(np.arange(len(ballots.item)), many)
        first = np.cumsum(many) - many
        choice = starts[ballots.item][vote] + np.arange(len(vote)) - first[vote]
        row = ballots.annotator[vote] * answers + answer[choice]
        cell = row * answers + ballots.answer[vote]
        is_right = answer[choice] == ballots.answer[vote]
        here = np.bincount(choice, weights=is_right, minlength=len(item))
        votes = np.bincount(ballots.item, minlength=ballots.items)[item]
        is_settled = np.isin(item, known)
        weight = np.ones(ballots.items) if ballots.weight is None else ballots.weight
        return cls(
            ballots=ballots,
            item=item,
            answer=answer,
            is_settled=is_settled,
            shares=np.where(is_settled, 1.0, here / np.maximum(votes, 1)),
            weight=weight[item],
            vote_choice=choice,
            vote_annotator=ballots.annotator[vote],
            is_right=is_right,
            cell=np.unique(cell, return_inverse=True)[1],
            row=np.unique(row, return_inverse=True)[1],
        )

    def rates(self, belief: Floats) -> _Rates:
        weight = (belief * self.weight)[self.vote_choice]
        people = self.ballots.annotators
        counted = np.bincount(self.vote_annotator, weights=weight, minlength=people)
        votes = np.asarray(counted, dtype=np.float64)
        right = np.bincount(self.vote_annotator, weights=weight * self.is_right, minlength=people)
        own = np.divide(right, votes, out=np.full(people, np.nan), where=votes > 0.0)
        return _Rates((right.sum() + 1.0) / (votes.sum() + 2.0), own, votes)

    def weighed(self, belief: Floats, common_votes: float) -> Floats:
        """Do one round: rates from beliefs, and beliefs from rates."""
        rates = self.rates(belief)
        answers = self.ballots.answers
        wrong = (1.0 - rates.common) / max(answers - 1, 1)
        weight = (belief * self.weight)[self.vote_choice]
        of_cell = np.bincount(self.cell, weights=weight)[self.cell]
        of_row = np.bincount(self.row, weights=weight)[self.row]
        usual = np.where(self.is_right, rates.common, wrong)
        rate = (of_cell + common_votes * usual) / (of_row + common_votes)
        expected = np.bincount(self.answer, weights=belief * self.weight, minlength=answers) + 1.0
        frequency: Floats = np.asarray(expected / expected.sum(), dtype=np.float64)
        votes = np.bincount(self.vote_choice, weights=np.log(rate), minlength=len(self.item))
        likely: Floats = np.log(frequency)[self.answer] + np.asarray(votes, dtype=np.float64)
        after = self._shared(likely, self._unnamed(rates, frequency, common_votes))
        return np.where(self.is_settled, 1.0, after)

    def _unnamed(self, rates: _Rates, frequency: Floats, common_votes: float) -> Floats:
        """Tell for every item how probable it is that nobody named what is right (a logarithm)."""
        named = np.bincount(self.item, weights=frequency[self.answer], minlength=self.ballots.items)
        own = np.where(rates.votes > 0.0, rates.own, 0.0) * rates.votes
        right = (own + common_votes * rates.common) / (rates.votes + common_votes)
        slip = np.log((1.0 - right) / max(self.ballots.answers - 1, 1))
        slips = np.bincount(
            self.ballots.item,
            weights=slip[self.ballots.annotator],
            minlength=self.ballots.items,
        )
        with np.errstate(divide="ignore"):  # where every answer was named
            return np.asarray(np.log(np.maximum(1.0 - named, 0.0)) + slips)

    def _shared(self, likely: Floats, unnamed: Floats) -> Floats:
        """Share one among the choices of each item and that none of them is right."""
        top = unnamed.copy()
        np.maximum.at(top, self.item, likely)
        odds = np.exp(likely - top[self.item])
        total = np.exp(unnamed - top) + np.bincount(
            self.item, weights=odds, minlength=self.ballots.items
        )
        shared: Floats = odds / total[self.item]
        return shared
