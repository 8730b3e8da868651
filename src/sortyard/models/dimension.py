"""Everything that one dimension of a release has learnt."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.policy import DimensionPolicy
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.models.descent import Way
from sortyard.models.hierarchy import LabelTree
from sortyard.models.isotonic import Curve
from sortyard.models.line import Judged, Line
from sortyard.models.reranker import Reranking

# A text this novel to the student is read by the encoder whatever its lead: a little before it
# would be called novel (0.96), so that the better judge decides on which side it lies.
STRANGE = 0.94


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionModel:
    """
    One dimension's two lines, the lead from which the student's answer stands, and the policy.

    `tree` holds the paths that the columns of every probability stand for. `full` is None in a
    release without an encoder. For a `multi` dimension, `cuts` (labels,) are the probabilities from
    which a label is answered, and `whole` reads the chance that a whole set is right off the
    product of its parts. `ways` has the figures of every way that a label tree could be answered,
    on held-out rows, by its name; empty for labels that are no tree. With a `reranking`, the best
    labels are read again where the full line is undecided.
    """

    dimension: Dimension
    tree: LabelTree
    student: Line
    full: Line | None
    lead: float
    cuts: NDArray[np.float32]
    whole: Curve | None
    policy: DimensionPolicy
    ways: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    reranking: Reranking | None = None

    def __post_init__(self) -> None:
        if len(self.cuts) != len(self.labels):
            raise ValueError(f"{len(self.labels)} labels have as many cuts, not {len(self.cuts)}")
        if self.reranking is None:
            return
        if self.full is None or self.dimension.kind is not Kind.SINGLE:
            raise ValueError("only a full line with one label a message is reranked")
        if len(self.reranking.cards) != len(self.labels):
            cards = len(self.reranking.cards)
            raise ValueError(f"{len(self.labels)} labels have as many cards, not {cards}")

    @property
    def labels(self) -> tuple[str, ...]:
        return self.tree.labels

    @property
    def with_rows(self) -> int:
        """How many of the labels were learnt from rows; the others come after them."""
        return self.student.with_rows

    @property
    def way(self) -> Way:
        """The way that its labels are answered by the last stage that there is."""
        descent = (self.full or self.student).descent
        return Way.FLAT if descent is None else descent.way

    def goes_on(self, judged: Judged) -> NDArray[np.bool_]:
        """Tell which texts the student is not sure enough of, (texts,)."""
        leads = lead_of(judged.probabilities, self.cuts, self.dimension.kind)
        return (leads < self.lead) | (judged.novelty > STRANGE)

    def is_close(self, probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Tell which texts the full line leaves to the reranker, (texts,)."""
        if self.reranking is None:
            return np.zeros(len(probabilities), dtype=np.bool_)
        leads = lead_of(probabilities, self.cuts, self.dimension.kind)
        return np.asarray(leads < self.reranking.margin)


def lead_of(
    probabilities: NDArray[np.float32], cuts: NDArray[np.float32], kind: Kind
) -> NDArray[np.float32]:
    """
    Measure how far each answer is from being another one, (texts,).

    For a `single` dimension the distance between the two best labels, for a `multi` one that of
    the nearest label to its cut.
    """
    if kind is Kind.MULTI:
        nearest: NDArray[np.float32] = np.abs(probabilities - cuts).min(axis=1)
        return nearest
    if probabilities.shape[1] < 2:  # noqa: PLR2004 -- it takes two labels to have a lead
        return np.ones(len(probabilities), dtype=np.float32)
    two = np.partition(probabilities, -2, axis=1)[:, -2:]
    lead: NDArray[np.float32] = two[:, 1] - two[:, 0]
    return lead


def set_scores(
    probabilities: NDArray[np.float32], cuts: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Score how likely the answered set of each row is right as a whole: the product of parts."""
    parts = np.where(probabilities >= cuts, probabilities, 1.0 - probabilities)
    scores: NDArray[np.float64] = np.log(np.maximum(parts, 1e-9)).sum(axis=1, dtype=np.float64)
    return scores
