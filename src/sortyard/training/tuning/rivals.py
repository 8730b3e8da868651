"""Which labels are easily taken for which."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.taxonomy import parent_of

MOST = 8  # rivals of a label that are kept: memory is labels times this
SIBLING = 0.2  # how much nearer than its cosine says a sibling counts
SHARPNESS = 10.0  # how strongly a nearer rival is preferred
LABELS_AT_ONCE = 512  # bounds the memory of the cosines
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Rivals:
    """
    For every label the few that it is most easily confused with.

    `others` (labels, at most 8) are label numbers, or NOBODY; `chances` of the same shape say how
    often each is drawn, and sum to one in a row that has any.
    """

    others: NDArray[np.intp]
    chances: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        directions: NDArray[np.float32],
        families: NDArray[np.intp],
        confusions: sparse.csr_array | None = None,
    ) -> "Rivals":
        """
        Choose by nearness of the labels' directions (labels, width), siblings first.

        `confusions` (labels, labels) count how often one label was taken for another; a single one
        outweighs any nearness.
        """
        count = len(directions)
        most = min(MOST, max(count - 1, 0))
        others = np.full((count, most), NOBODY, dtype=np.intp)
        chances = np.zeros((count, most))
        for start in range(0, count if most else 0, LABELS_AT_ONCE):
            part = slice(start, min(start + LABELS_AT_ONCE, count))
            nearness = directions[part] @ directions.T
            nearness += SIBLING * (families[part, None] == families)
            weights = np.exp(SHARPNESS * (nearness.astype(np.float64) - nearness.max()))
            if confusions is not None:
                weights += confusions[part].toarray()
            weights[np.arange(len(weights)), np.arange(part.start, part.stop)] = 0.0
            chosen = np.argpartition(-weights, most - 1, axis=1)[:, :most]
            kept = np.take_along_axis(weights, chosen, axis=1)
            total = kept.sum(axis=1, keepdims=True)
            others[part] = np.where(kept > 0.0, chosen, NOBODY)
            chances[part] = kept / np.where(total > 0.0, total, 1.0)
        return cls(others, chances)

    def draw(self, labels: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.intp]:
        """Draw one rival for each of some labels (rows,), or NOBODY."""
        if not self.others.shape[1]:
            return np.full(len(labels), NOBODY, dtype=np.intp)
        ends = np.cumsum(self.chances[labels], axis=1)
        at = (rng.random(len(labels)) * ends[:, -1])[:, None]
        place = np.minimum((ends <= at).sum(axis=1), ends.shape[1] - 1)
        return np.asarray(self.others[labels, place], dtype=np.intp)


def families_of(labels: Sequence[str]) -> NDArray[np.intp]:
    """
    Number the families of labels, (labels,): siblings have one number.

    A label at the top has no siblings: in a flat dimension all would be.
    """
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(parent_of(path) or f"/{path}", len(numbers)) for path in labels],
        dtype=np.intp,
    )
