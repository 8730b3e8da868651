"""How often an epoch draws each row."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.training.tuning.course import Subject
from sortyard.training.tuning.options import Tuning

MOST_REPEATS = 20.0  # of a row in an epoch: beyond that it is learnt by heart


def repeats_of(subjects: Sequence[Subject], texts: int, options: Tuning) -> NDArray[np.float64]:
    """
    Say how often each of `texts` is drawn in an epoch, (texts,); 0 for those that teach nothing.

    With `over` a label that is rarer than the most frequent one by more than `imbalance` is
    repeated until it is not, at most 20 times; with `under` every label gives at most `imbalance`
    times the rows of the rarest. A row counts by its rarest label, and rows that carry none are a
    label of their own.
    """
    repeats = np.zeros(texts)
    for subject in subjects:
        if not len(subject.rows):
            continue
        repeats[subject.rows] = np.maximum(repeats[subject.rows], _repeats(subject, options))
    return repeats


def _repeats(subject: Subject, options: Tuning) -> NDArray[np.float64]:
    support = _rarest_support(subject)
    if options.sampling == "over":
        wanted = support.max() / (options.imbalance * support)
        return np.asarray(np.clip(wanted, 1.0, MOST_REPEATS))
    if options.sampling == "under":
        return np.asarray(np.minimum(options.imbalance * support.min() / support, 1.0))
    return np.ones(len(support))


def _rarest_support(subject: Subject) -> NDArray[np.float64]:
    """Count the rows of the rarest label of every row, (rows,)."""
    supports = subject.truth.supports().astype(np.float64)
    if subject.truth.kind is Kind.SINGLE:
        return supports[subject.truth.single]
    found = np.full(len(subject.rows), np.inf)
    rows, labels = np.nonzero(subject.truth.matrix)
    np.minimum.at(found, rows, supports[labels])
    found[np.isinf(found)] = np.isinf(found).sum()
    return found
