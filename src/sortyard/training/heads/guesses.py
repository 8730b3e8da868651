"""What rows without a label are thought to carry, for a head to learn from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Guesses:
    """
    Rows (rows, width) of one view, and how much each counts as a row of each label.

    A row of `shares` (rows, labels) sums to how much the guess counts beside a labelled row, which
    counts 1: nobody has checked it. No share is negative.
    """

    vectors: NDArray[np.float32]
    shares: NDArray[np.float32]

    def loss(self, scores: NDArray[np.float32], part: slice) -> tuple[float, NDArray[np.float32]]:
        """Cross-entropy of some rows, and its slope; overwrites `scores`."""
        shares = self.shares[part]
        mass = shares.sum(axis=1)
        scores -= scores.max(axis=1, keepdims=True)
        agreed = float((scores * shares).sum(dtype=np.float64))
        np.exp(scores, out=scores)
        totals = scores.sum(axis=1)
        loss = float((np.log(totals) * mass).sum(dtype=np.float64)) - agreed
        scores *= (mass / totals)[:, None]
        scores -= shares
        return loss, scores

    def __len__(self) -> int:
        return len(self.shares)
