"""The directions in which vectors differ, and by how much: what makes a descent short."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Axes:
    """
    The principal axes of some vectors (rows, width).

    `directions` (width, width) holds one axis a column, `variances` (width,) how much the vectors
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
        variances, directions = np.linalg.eigh(squares)
        return cls(centre, directions, np.maximum(variances, 0.0))
