"""A linear head: what one view of a text says for every label."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Scores: TypeAlias = NDArray[np.float32]  # (texts, labels), any real numbers
Features: TypeAlias = NDArray[np.float32] | sparse.csr_matrix  # (texts, width)


@dataclass(frozen=True, slots=True)
class Head:
    """Weights (width, labels) and biases (labels,): a linear score can be taken apart."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    def scores(self, features: Features) -> Scores:
        scores: Scores = np.asarray(features @ self.weights, dtype=np.float32)
        scores += self.biases
        return scores

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Name the numbers for storage; half precision is far finer than their own uncertainty."""
        return {
            f"{prefix}.weights": self.weights.astype(np.float16),
            f"{prefix}.biases": self.biases,
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]], prefix: str) -> "Head":
        """Rebuild from what `arrays` named."""
        return cls(
            np.ascontiguousarray(arrays[f"{prefix}.weights"], dtype=np.float32),
            arrays[f"{prefix}.biases"],
        )

    def as_stored(self) -> "Head":
        """Round to the precision of storage, so that a release answers as it was measured."""
        return Head(self.weights.astype(np.float16).astype(np.float32), self.biases)
