"""Everything that one dimension of a release has learnt."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.models.line import Judged, Line

STRANGE = 0.98  # a text this novel to the student is read by the encoder whatever its lead


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionModel:
    """
    One dimension's two lines, and the lead from which the student's answer stands.

    `labels` are the paths that the columns of every probability stand for. `full` is None in a
    release without an encoder. `cuts` (labels,) are the probabilities from which a label of a
    `multi` dimension is answered.
    """

    dimension: Dimension
    labels: tuple[str, ...]
    student: Line
    full: Line | None
    lead: float
    cuts: NDArray[np.float32]

    def goes_on(self, judged: Judged) -> NDArray[np.bool_]:
        """Tell which texts the student is not sure enough of, (texts,)."""
        return (self.leads(judged.probabilities) < self.lead) | (judged.novelty > STRANGE)

    def leads(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """
        Give how far the answer is from being another one, (texts,).

        For a `single` dimension the distance between the two best labels, for a `multi` one the
        distance of the nearest label to its cut.
        """
        if self.dimension.kind is Kind.MULTI:
            nearest: NDArray[np.float32] = np.abs(probabilities - self.cuts).min(axis=1)
            return nearest
        if probabilities.shape[1] < 2:  # noqa: PLR2004 -- two labels make a lead
            return np.ones(len(probabilities), dtype=np.float32)
        two = np.partition(probabilities, -2, axis=1)[:, -2:]
        lead: NDArray[np.float32] = two[:, 1] - two[:, 0]
        return lead
