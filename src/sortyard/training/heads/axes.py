"""The directions in which vectors differ, and by how much: what makes a descent short."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

MOST = 512  # further axes of an encoder's 1,152 cost half of a fit and move no held-out loss


@dataclass(frozen=True, slots=True)
class Axes:
    """
    The principal axes of some vectors (rows, width), at most `MOST` of them.

    Few vectors differ in fewer directions than there are vectors; along any other a penalised head
    learns nothing.

    `directions` (width, axes) holds one axis a column, `variances` (axes,) how much the vectors
    vary along each, and `centre` (width,) where they vary around.
    """

    centre: NDArray[np.float32]
    directions: NDArray[np.float64]
    variances: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> Self:
        centre = vectors.mean(axis=0)
        centred = vectors - centre
        squares = np.asarray(centred.T @ centred, dtype=np.float64) / max(len(vectors), 1)
        variances, directions = np.linalg.eigh(squares)  # rising
        most = min(MOST, max(len(vectors) - 1, 1))
        return cls(centre, directions[:, -most:], np.maximum(variances[-most:], 0.0))
