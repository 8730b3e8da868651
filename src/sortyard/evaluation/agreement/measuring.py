"""Everything about the agreement of the annotators of one dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sortyard.data.votes import Answer, Votes
from sortyard.domain.errors import TooFewVotes
from sortyard.evaluation.agreement.against_others import AgainstOthers, measure_against_others
from sortyard.evaluation.agreement.annotator_pairs import AnnotatorPairs, measure_annotator_pairs
from sortyard.evaluation.agreement.consensus import Consensus, find_consensus
from sortyard.evaluation.agreement.figures import Coefficient
from sortyard.evaluation.agreement.label_pairs import LabelPair, measure_label_pairs
from sortyard.evaluation.agreement.lots import Lots
from sortyard.evaluation.agreement.overall import (
    LabelAgreement,
    measure_labels,
    measure_overall,
)
from sortyard.evaluation.agreement.work import Divided, divided_messages
from sortyard.evaluation.resampling import REPLICATES

GATE: Final = 0.8  # Krippendorff's alpha below which labels are not to be relied on
_NOTHING: Final[Mapping[str, Answer]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """
    How far the annotators of a dimension agree, on what not, and what their votes come to.

    `messages` counts all of the file, `alone` those with one vote and `silent` those without any;
    the rest is what every figure rests on. `decided` counts messages that a person has settled.
    """

    votes: Votes
    alone: int
    silent: int
    decided: int
    alpha: Coefficient
    fleiss: Coefficient
    cohen: AnnotatorPairs
    labels: tuple[LabelAgreement, ...]
    label_pairs: tuple[LabelPair, ...]
    annotators: tuple[AgainstOthers, ...]
    consensus: Consensus
    work: tuple[Divided, ...]

    @property
    def messages(self) -> int:
        return len(self.votes.messages)

    def passes(self, gate: float) -> bool:
        """Tell whether alpha reaches the gate; one that is not defined does not."""
        return self.alpha.value is not None and self.alpha.value >= gate


def measure_agreement(
    votes: Votes,
    *,
    rng: np.random.Generator,
    replicates: int = REPLICATES,
    known: Sequence[str] = (),
    decided: Mapping[str, Answer] = _NOTHING,
) -> Agreement:
    """
    Measure one dimension; `known` are labels that may have no vote, `decided` what people settled.

    Decisions change what the votes come to, and not how far they agree. Raises TooFewVotes where
    nobody can be compared with anybody.
    """
    _check(votes)
    lots = Lots.deal(votes, rng=rng, replicates=replicates)
    overall = measure_overall(votes, lots)
    consensus = find_consensus(votes, decided=decided)
    many = votes.votes_per_message
    return Agreement(
        votes=votes,
        alone=int((many == 1).sum()),
        silent=int((many == 0).sum()),
        decided=sum(id_ in decided for id_ in votes.messages),
        alpha=overall.alpha,
        fleiss=overall.fleiss,
        cohen=measure_annotator_pairs(votes, lots),
        labels=measure_labels(votes, lots, known=known),
        label_pairs=measure_label_pairs(votes, lots),
        annotators=measure_against_others(votes),
        consensus=consensus,
        work=divided_messages(votes, consensus, decided=decided),
    )


def _check(votes: Votes) -> None:
    if len(votes.annotators) == 1:
        raise TooFewVotes(
            votes.dimension, f"all votes are by one annotator, {votes.annotators[0]!r}"
        )
    if votes.votes_per_message.max(initial=0) < 2:  # noqa: PLR2004 -- one cannot agree
        raise TooFewVotes(votes.dimension, "no message has votes of two annotators")
