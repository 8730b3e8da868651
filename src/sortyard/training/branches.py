"""
Every choice on the way down a label tree, each learnt from the rows that come by.

Of a linear head, no two choices share a weight: each of them is a classifier of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from sortyard.domain.taxonomy import Kind
from sortyard.models.descent import Descent
from sortyard.models.heads import Scores
from sortyard.training.truth import Truth

DOUBT = 4.0  # rows' worth: how much speaks against a scale that is e times as large or small
FARTHEST = 2.0  # natural logarithm of the largest scale


@dataclass(frozen=True, slots=True)
class Branch:
    """One choice among siblings: the rows that come by it, and which of the columns each takes."""

    number: int
    rows: NDArray[np.intp]
    columns: slice
    truth: Truth


def branches(descent: Descent, truth: Truth) -> Iterator[Branch]:
    """Go through all choices that have a row and something to choose."""
    paths, starts = descent.paths, descent.starts.tolist()
    for number, (start, end) in enumerate(pairwise(starts)):
        taken = np.full(len(descent.labels), -1, dtype=np.intp)
        for column in range(start, end):
            taken[paths.indices[paths.indptr[column] : paths.indptr[column + 1]]] = column - start
        chosen = taken[truth.single]
        rows = np.flatnonzero(chosen >= 0)
        if end - start > 1 and len(rows):
            known = Truth(Kind.SINGLE, end - start, chosen[rows])
            yield Branch(number, rows, slice(start, end), known)


def fit_scales(scores: Scores, truth: Truth, descent: Descent) -> NDArray[np.float32]:
    """
    Find how far each choice is to be trusted, from held-out scores (rows, columns): (branches,).

    The scale of a branch is the inverse of a temperature of its own; where few rows come by, it
    stays near 1.
    """
    scales = np.ones(len(descent.scales), dtype=np.float32)
    for branch in branches(descent, truth):
        found = minimize_scalar(
            _loss_of_scale,
            args=(scores[branch.rows, branch.columns].astype(np.float64), branch.truth.single),
            bounds=(-FARTHEST, FARTHEST),
            method="bounded",
        )
        scales[branch.number] = np.exp(found.x)
    return scales


def _loss_of_scale(logarithm: float, scores: NDArray[np.float64], held: NDArray[np.intp]) -> float:
    """Sum the cross-entropy over rows, and what speaks against so odd a scale."""
    chosen = np.exp(logarithm) * scores
    chosen -= chosen.max(axis=1, keepdims=True)
    at_truth = chosen[np.arange(len(held)), held]
    lost = np.log(np.exp(chosen).sum(axis=1)) - at_truth
    return float(lost.sum() + DOUBT * logarithm**2)
