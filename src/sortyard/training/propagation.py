"""
Beliefs that spread along a graph of near texts: what neighbours are, a text is likely to be.

Label spreading (Zhou et al. 2004): every text takes over a share of what its nearest ones believe,
and keeps the rest of what it said at first, until nothing moves. Nearness is the cosine along the
strongest axes of the vectors, each damped a little, so that a few loud ones do not decide.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.training.heads.axes import Axes

# Chosen on BANKING77 and CLINC150 with 5 and 10 rows a label, on rows that neither taught nor
# tested; 8 or 15 nearest, 60 axes or twice the damping cost half a point at most.
AXES = 100
DAMPING = 0.2  # the power of its variance that an axis is divided by; a half makes all alike
NEAREST = 10
CLOSENESS = 3  # the power of a cosine: far neighbours say less
TAKEN = 0.8  # of a belief, from the neighbours
STEPS = 15
ROWS_AT_ONCE = 2_048
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Graph:
    """How much each text listens to each of its nearest, (texts, texts), normalised."""

    edges: sparse.csr_matrix

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> Self:
        """Join every text (texts, width) with its nearest ones."""
        axes = Axes.of(vectors)
        damping = np.maximum(axes.variances[-AXES:], TINY) ** DAMPING
        turn = (axes.directions[:, -AXES:] / damping).astype(np.float32)
        found = (vectors - axes.centre) @ turn
        lengths = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), TINY)
        edges = _nearest(np.asarray(found / lengths, dtype=np.float32))
        edges = edges.maximum(edges.T)
        degrees = np.asarray(edges.sum(axis=1)).ravel()
        scale = sparse.diags_array(1.0 / np.sqrt(np.maximum(degrees, TINY)))
        return cls(sparse.csr_matrix(scale @ edges @ scale, dtype=np.float32))

    def spread(
        self, first: NDArray[np.float32], shares: NDArray[np.floating]
    ) -> NDArray[np.float32]:
        """
        Spread beliefs (texts, labels); each row of the result sums to one.

        `shares` (labels,) is how frequent each label is: else one with dense neighbourhoods would
        take over its rivals' (class mass normalisation, Zhu, Ghahramani & Lafferty 2003). A text
        that nothing reaches believes in all labels alike.
        """
        beliefs = first
        for _ in range(STEPS):
            beliefs = np.float32(TAKEN) * (self.edges @ beliefs) + np.float32(1 - TAKEN) * first
        beliefs = beliefs * (shares / np.maximum(beliefs.sum(axis=0), TINY))
        totals = beliefs.sum(axis=1, keepdims=True)
        reached = totals > 0.0
        own = beliefs / np.where(reached, totals, 1.0)
        return np.asarray(np.where(reached, own, 1.0 / beliefs.shape[1]), dtype=np.float32)


def _nearest(found: NDArray[np.float32]) -> sparse.csr_matrix:
    """Keep the closeness of each text to its nearest others, (texts, texts)."""
    count = len(found)
    kept = min(NEAREST, count - 1)
    columns = np.empty((count, kept), dtype=np.intp)
    values = np.empty((count, kept), dtype=np.float32)
    for start in range(0, count if kept else 0, ROWS_AT_ONCE):
        part = found[start : start + ROWS_AT_ONCE]
        cosines = part @ found.T
        own = np.arange(len(part))
        cosines[own, start + own] = -np.inf
        best = np.argpartition(-cosines, kept - 1, axis=1)[:, :kept]
        columns[start : start + len(part)] = best
        near = np.take_along_axis(cosines, best, axis=1)
        values[start : start + len(part)] = np.maximum(near, 0.0) ** CLOSENESS
    starts = np.arange(0, count * kept + 1, kept) if kept else np.zeros(count + 1, dtype=np.intp)
    return sparse.csr_matrix((values.ravel(), columns.ravel(), starts), shape=(count, count))
