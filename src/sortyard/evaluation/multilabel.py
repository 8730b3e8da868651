"""Measures for messages that carry several labels, or none."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.evaluation.metrics import Counts
from sortyard.evaluation.resampling import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPatterns:
    """Pairs of a true and an answered set of labels, and how many messages have each pair."""

    truth: NDArray[np.bool_]  # (patterns, labels)
    answer: NDArray[np.bool_]  # (patterns, labels)
    rows: NDArray[np.int64]  # (patterns,)

    @classmethod
    def of(cls, truth: NDArray[np.bool_], answer: NDArray[np.bool_]) -> Self:
        """Count the pairs that occur."""
        packed = np.packbits(np.hstack([truth, answer]), axis=1)
        _, first, rows = np.unique(packed, axis=0, return_index=True, return_counts=True)
        return cls(truth=truth[first], answer=answer[first], rows=rows.astype(np.int64))

    def counts(self, rows: Rows | None = None) -> Counts:
        """Sum the patterns into counts per label; `rows` replaces the numbers of messages."""
        number = np.asarray(self.rows if rows is None else rows, dtype=np.float64)
        return Counts(
            hits=number @ (self.truth & self.answer),
            answers=number @ self.answer,
            truths=number @ self.truth,
        )


def hamming_loss(truth: NDArray[np.bool_], answer: NDArray[np.bool_]) -> float:
    """Share of all yes-or-no decisions, one per message and label, that are wrong."""
    return float((truth != answer).mean()) if truth.size else np.nan


def samples_f1(truth: NDArray[np.bool_], answer: NDArray[np.bool_]) -> float:
    """
    Mean over messages of the F1 between the true and the answered set.

    Two empty sets agree fully. (scikit-learn counts them as 0 unless told otherwise; a message that
    needs no label and gets none is answered rightly.)
    """
    if not len(truth):
        return np.nan
    total = truth.sum(axis=1) + answer.sum(axis=1)
    shared = (truth & answer).sum(axis=1)
    return float(np.where(total == 0, 1.0, 2.0 * shared / np.maximum(total, 1)).mean())
