"""One answer a message, from all its votes, each weighed by how reliable its annotator is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sortyard.data.votes import Answer, Codes, Votes
from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.agreement.dawid_skene import COMMON_VOTES, Ballots, Beliefs, dawid_skene
from sortyard.evaluation.agreement.distances import Floats

TIED: Final = 1e-6  # of belief; less of a difference is none
YES_OR_NO: Final = 2
LEAST: Final = 1e-9  # of weight; nobody's votes count for nothing at all
_NOTHING: Final[Mapping[str, Answer]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """
    What the votes come to, for each message in the votes' own order.

    An answer is None without a vote, and where two are as probable. `support` is the part of the
    votes for it, each counted by its annotator's `reliability`, the expected share of right votes:
    1 where all agree, 0 where there is no answer. It ranks messages, and is no confidence.
    """

    answers: tuple[Answer | None, ...]
    support: tuple[float, ...]
    reliability: Mapping[str, float]


def find_consensus(
    votes: Votes,
    *,
    decided: Mapping[str, Answer] = _NOTHING,
    common_votes: float = COMMON_VOTES,
) -> Consensus:
    """
    Weigh the votes of a dimension; what people have `decided`, by message id, is right.

    Where a dimension is multi, each label that somebody named on a message is a question of its
    own, to be answered with yes or no. `common_votes` is explained in `dawid_skene`.
    """
    place = {id_: at for at, id_ in enumerate(votes.messages)}
    settled = {place[id_]: answer for id_, answer in decided.items() if id_ in place}
    find = _of_one_label if votes.kind is Kind.SINGLE else _of_sets
    return find(votes, settled, common_votes)


def _of_one_label(votes: Votes, settled: Mapping[int, Answer], common_votes: float) -> Consensus:
    answers = (*votes.answers, *sorted(set(settled.values()) - set(votes.answers)))
    code = {answer: at for at, answer in enumerate(answers)}
    ballots = Ballots(
        item=votes.message,
        annotator=votes.annotator,
        answer=votes.answer,
        items=len(votes.messages),
        annotators=len(votes.annotators),
        answers=len(answers),
    )
    beliefs = dawid_skene(
        ballots,
        settled={item: code[answer] for item, answer in settled.items()},
        common_votes=common_votes,
    )
    best = _best(ballots, beliefs)
    return Consensus(
        answers=tuple(None if one < 0 else answers[one] for one in best.tolist()),
        support=tuple(_support(ballots, beliefs, best).tolist()),
        reliability=_by_name(votes, beliefs),
    )


def _of_sets(votes: Votes, settled: Mapping[int, Answer], common_votes: float) -> Consensus:
    questions = _Questions.of(votes)
    labels = votes.labels
    beliefs = dawid_skene(
        questions.ballots,
        settled={
            item: int(labels[label] in settled[message])
            for item, (message, label) in enumerate(
                zip(questions.message.tolist(), questions.label.tolist(), strict=True)
            )
            if message in settled
        },
        common_votes=common_votes,
    )
    best = _best(questions.ballots, beliefs)
    voted = votes.votes_per_message > 0
    support = voted.astype(np.float64)
    np.minimum.at(support, questions.message, _support(questions.ballots, beliefs, best))
    held: list[list[str] | None] = [[] if any_ else None for any_ in voted.tolist()]
    for message, label, yes in zip(
        questions.message.tolist(), questions.label.tolist(), best.tolist(), strict=True
    ):
        known = held[message]
        if yes < 0:
            held[message] = None
        elif known is not None and yes:
            known.append(labels[label])
    answers = [None if one is None else tuple(sorted(one)) for one in held]
    for message, answer in settled.items():
        answers[message] = answer
    return Consensus(
        answers=tuple(answers),
        support=tuple(
            0.0 if answer is None else share
            for answer, share in zip(answers, support.tolist(), strict=True)
        ),
        reliability=_by_name(votes, beliefs),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Questions:
    """Does this label hold on this message? Asked of each that somebody named there."""

    message: Codes  # (questions,)
    label: Codes  # (questions,)
    ballots: Ballots

    @classmethod
    def of(cls, votes: Votes) -> "_Questions":
        holds = votes.holds
        named, label = np.nonzero(holds[votes.answer])
        asked = np.unique(votes.message[named] * max(holds.shape[1], 1) + label)
        message, label = np.divmod(asked, max(holds.shape[1], 1))
        starts = np.searchsorted(message, np.arange(len(votes.messages) + 1))
        many = np.diff(starts)[votes.message]
        vote = np.repeat(np.arange(len(votes)), many)
        item = starts[votes.message][vote] + np.arange(len(vote)) - (np.cumsum(many) - many)[vote]
        return cls(
            message=message,
            label=label,
            ballots=Ballots(
                item=item,
                annotator=votes.annotator[vote],
                answer=holds[votes.answer[vote], label[item]].astype(np.intp),
                items=len(asked),
                annotators=len(votes.annotators),
                answers=YES_OR_NO,
            ),
        )


def _best(ballots: Ballots, beliefs: Beliefs) -> Codes:
    """Choose the most probable answer of each item, (items,); -1 where there is not one."""
    order = np.lexsort((-beliefs.belief, beliefs.item))
    item, belief = beliefs.item[order], beliefs.belief[order]
    is_first = np.r_[True, np.diff(item) != 0][: len(item)]
    is_second = np.r_[False, is_first[:-1]][: len(item)] & ~is_first
    best = np.full(ballots.items, -1, dtype=np.intp)
    best[item[is_first]] = beliefs.answer[order][is_first]
    second = np.flatnonzero(is_second)
    best[item[second[belief[second - 1] - belief[second] <= TIED]]] = -1
    return best


def _support(ballots: Ballots, beliefs: Beliefs, best: Codes) -> Floats:
    """Count the votes for the best answer, by reliability, over all votes of the item, (items,)."""
    weight = np.maximum(np.nan_to_num(beliefs.reliability), LEAST)[ballots.annotator]
    agrees: NDArray[np.bool_] = ballots.answer == best[ballots.item]
    with_it = np.bincount(ballots.item, weights=weight * agrees, minlength=ballots.items)
    every = np.bincount(ballots.item, weights=weight, minlength=ballots.items)
    return np.divide(with_it, every, out=np.zeros(ballots.items), where=every > 0.0)


def _by_name(votes: Votes, beliefs: Beliefs) -> Mapping[str, float]:
    return dict(zip(votes.annotators, beliefs.reliability.tolist(), strict=True))
