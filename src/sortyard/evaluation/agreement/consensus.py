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
    shares = _support(questions.ballots, beliefs, best)[: len(questions.message)]
    voted = votes.votes_per_message > 0
    support = voted.astype(np.float64)
    np.minimum.at(support, questions.message, shares)
    held: list[list[str] | None] = [[] if any_ else None for any_ in voted.tolist()]
    for message, label, yes in zip(
        questions.message.tolist(), questions.label.tolist(), best.tolist(), strict=False
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
    """
    Does this label hold on this message? Asked of each that somebody named there.

    The `ballots` have more items than there are questions: labels that nobody named were denied by
    all who saw the message, and stand together where the same people did. Without them a label
    would seem likely just because somebody named it.
    """

    message: Codes  # (questions,)
    label: Codes  # (questions,)
    ballots: Ballots

    @classmethod
    def of(cls, votes: Votes) -> "_Questions":
        holds = votes.holds
        labels = holds.shape[1]
        named, label = np.nonzero(holds[votes.answer])
        asked = np.unique(votes.message[named] * max(labels, 1) + label)
        message, label = np.divmod(asked, max(labels, 1))
        starts = np.searchsorted(message, np.arange(len(votes.messages) + 1))
        many = np.diff(starts)[votes.message]
        vote = np.repeat(np.arange(len(votes)), many)
        item = starts[votes.message][vote] + np.arange(len(vote)) - (np.cumsum(many) - many)[vote]
        denials = _denials(votes, labels - np.diff(starts))
        order = np.argsort(item, kind="stable")
        yes = holds[votes.answer[vote], label[item]].astype(np.intp)
        return cls(
            message=message,
            label=label,
            ballots=Ballots(
                item=np.r_[item[order], len(asked) + denials.item],
                annotator=np.r_[votes.annotator[vote][order], denials.annotator],
                answer=np.r_[yes[order], np.zeros(len(denials.item), dtype=np.intp)],
                items=len(asked) + len(denials.weight),
                annotators=len(votes.annotators),
                answers=YES_OR_NO,
                weight=np.r_[np.ones(len(asked)), denials.weight],
            ),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Denials:
    """The labels that nobody named, by who saw the messages: one item for the same people."""

    item: Codes
    annotator: Codes
    weight: Floats  # (items,)


def _denials(votes: Votes, unnamed: Codes) -> _Denials:
    """Count what was denied; `unnamed` (messages,) has the number of labels that nobody named."""
    ends = np.cumsum(votes.votes_per_message)
    weight: dict[bytes, float] = {}
    for start, end, labels in zip(
        np.r_[0, ends[:-1]].tolist(), ends.tolist(), unnamed.tolist(), strict=True
    ):
        if end > start and labels:
            people = votes.annotator[start:end].tobytes()
            weight[people] = weight.get(people, 0.0) + labels
    who = [np.frombuffer(people, dtype=votes.annotator.dtype) for people in weight]
    return _Denials(
        item=np.repeat(np.arange(len(who)), [len(one) for one in who]).astype(np.intp),
        annotator=np.concatenate([*who, np.empty(0, dtype=votes.annotator.dtype)]),
        weight=np.fromiter(weight.values(), dtype=np.float64, count=len(weight)),
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
