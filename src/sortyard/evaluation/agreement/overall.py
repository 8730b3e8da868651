"""Agreement of all annotators together: on the dimension as a whole, and on each label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sortyard.data.votes import Votes
from sortyard.evaluation.agreement.coefficients import alpha, binary_alpha, fleiss_kappa
from sortyard.evaluation.agreement.distances import Distance, Floats
from sortyard.evaluation.agreement.figures import NOBODY, NOBODY_TWICE, ONE_ANSWER, Coefficient
from sortyard.evaluation.agreement.lots import Lots
from sortyard.evaluation.agreement.tallies import Tallies, vote_pairs


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """How far people agree on whether a label holds, and how many votes name it."""

    label: str
    votes: int
    alpha: Coefficient


@dataclass(frozen=True, slots=True)
class Overall:
    """Krippendorff's alpha and Fleiss' kappa of a dimension."""

    alpha: Coefficient
    fleiss: Coefficient


def measure_overall(votes: Votes, lots: Lots) -> Overall:
    """Measure a dimension as a whole, over the messages that two or more people saw."""
    distance = Distance.of(votes)
    message = np.flatnonzero(lots.lot >= 0)
    many = votes.votes_per_message[message]
    split = _splits(votes, distance)[message]
    seen = lots.lot[votes.message] >= 0
    given = lots.table(votes.message[seen], votes.answer[seen], None, len(votes.answers))
    answers = lots.draws @ given
    for_alpha = lots.draws @ lots.sums(message, split / (many - 1))
    for_fleiss = lots.draws @ lots.sums(message, split / (many * (many - 1)))
    messages = lots.draws @ lots.sums(message)
    return Overall(
        alpha=Coefficient.of(alpha(for_alpha, answers, distance), messages=len(message)),
        fleiss=Coefficient.of(
            fleiss_kappa(for_fleiss / messages, answers, distance), messages=len(message)
        ),
    )


def measure_labels(
    votes: Votes, lots: Lots, *, known: Sequence[str] = ()
) -> tuple[LabelAgreement, ...]:
    """Measure whether each label holds, a yes or no of every vote; `known` ones may lack votes."""
    tallies = Tallies.of_labels(votes)
    seen = lots.lot[tallies.message] >= 0
    message, label = tallies.message[seen], tallies.what[seen]
    many = votes.votes_per_message[message]
    yes = tallies.votes[seen].astype(np.float64)
    split = 2.0 * yes * (many - yes) / (many - 1)
    labels = votes.labels
    values = binary_alpha(
        lots.draws @ lots.table(message, label, split, len(labels)),
        lots.draws @ lots.table(message, label, yes, len(labels)),
        (lots.draws @ lots.sums(votes.message[lots.lot[votes.message] >= 0]))[:, None],
    )
    messages = np.bincount(label, minlength=len(labels))
    named = np.bincount(tallies.what, weights=tallies.votes, minlength=len(labels))
    found = {
        name: LabelAgreement(
            name,
            int(named[at]),
            Coefficient.of(
                values[:, at],
                messages=int(messages[at]),
                why=ONE_ANSWER if messages[at] else NOBODY_TWICE,
            ),
        )
        for at, name in enumerate(labels)
    }
    for name in known:
        found.setdefault(name, LabelAgreement(name, 0, Coefficient(None, None, NOBODY)))
    return tuple(found[name] for name in sorted(found))


def _splits(votes: Votes, distance: Distance) -> Floats:
    """Sum the disagreement of any two votes of a message, in both orders, (messages,)."""
    found = np.zeros(len(votes.messages))
    for pairs in vote_pairs(votes):
        apart = distance.between(votes.answer[pairs.left], votes.answer[pairs.right])
        found += np.bincount(
            votes.message[pairs.left], weights=2.0 * apart, minlength=len(votes.messages)
        )
    return found
