"""How far a measure could have come out otherwise: the bootstrap over counted patterns."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.evaluation.metrics import Counts

Rows: TypeAlias = NDArray[np.integer]  # (patterns,), how many messages look like each
Draws: TypeAlias = NDArray[np.int64]  # (replicates, patterns)

REPLICATES = 1_000
CELLS_AT_ONCE = 10_000_000  # bounds the memory of one batch of replicates to 80 MB


class Patterns(Protocol):
    """Messages counted by what was true and what was answered."""

    @property
    def rows(self) -> Rows: ...

    def counts(self, rows: Rows | None = None) -> Counts: ...


def resample(patterns: Patterns, *, rng: np.random.Generator, replicates: int) -> Counts:
    """Count each label in many data sets drawn from this one, along a new leading axis."""
    batches = [patterns.counts(draw) for draw in _draws(patterns.rows, rng, replicates)]
    return Counts(
        hits=np.concatenate([batch.hits for batch in batches]),
        answers=np.concatenate([batch.answers for batch in batches]),
        truths=np.concatenate([batch.truths for batch in batches]),
    )


def redraw(rows: Rows, *, rng: np.random.Generator, replicates: int) -> Draws:
    """
    Draw data sets of the same size, with replacement, from messages counted by pattern.

    Messages that look alike to a measure are counted together, so that a replicate costs as much
    as there are patterns, not messages. The distribution is that of drawing the messages one by
    one [Efron & Tibshirani 1993].
    """
    shares = np.asarray(rows, dtype=np.float64)
    total = shares.sum()
    return rng.multinomial(int(total), shares / max(total, 1.0), size=replicates)


def _draws(rows: Rows, rng: np.random.Generator, replicates: int) -> Iterator[Draws]:
    at_once = max(1, CELLS_AT_ONCE // max(len(rows), 1))
    for start in range(0, replicates, at_once):
        yield redraw(rows, rng=rng, replicates=min(at_once, replicates - start))
