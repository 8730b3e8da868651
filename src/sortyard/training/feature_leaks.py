"""
Features that give the answer away.

What was filled in after somebody had decided tells the label all too well, and is not there when a
message arrives. Nobody but its owner can know of a column when it is filled in; that one of them
alone tells a label nearly without fault can be seen.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.errors import listing
from sortyard.domain.taxonomy import Kind
from sortyard.models.features import Features
from sortyard.training.material import ALWAYS, Material
from sortyard.training.truth import Truth

SUSPICIOUS = 0.95  # F1 of a label, by one feature alone
FEWEST_ROWS = 20  # that carry the label; with fewer it may be chance
HALF = 0.5  # a label that more rows carry is told well by anything


def leaks(
    dimension: str, labels: Sequence[str], features: Features, material: Material, truth: Truth
) -> Iterator[str]:
    """Say for the report which feature of the metadata alone tells labels nearly without fault."""
    if not features:
        return
    sent = material.folds != ALWAYS  # cards have labels, and no metadata
    columns = (material.wording[sent][:, -len(features) :] > 0).astype(np.float32)
    known = truth.take(sent)
    together = np.asarray((columns.T @ _carried(known)).todense())
    held, supports = np.asarray(columns.sum(axis=0)).ravel(), known.supports()
    usual = (supports >= FEWEST_ROWS) & (supports <= HALF * len(known))
    for heading, own in features.spans():
        found = usual & (_f1(together[own], held[own], supports) >= SUSPICIOUS)
        if heading.column is not None and found.any():
            told = listing([labels[one] for one in np.flatnonzero(found).tolist()])
            yield (
                f"{dimension}: {heading.name!r} alone tells {told} nearly without fault. Is "
                "it known when a message arrives? If it is filled in later, leave it out: it "
                "makes the figures look better than the answers will be."
            )


def _carried(truth: Truth) -> sparse.csr_matrix:
    """Mark which labels rows carry, (rows, labels)."""
    if truth.kind is Kind.MULTI:
        return sparse.csr_matrix(truth.matrix.astype(np.float32))
    ones = np.ones(len(truth), dtype=np.float32)
    places = (np.arange(len(truth)), truth.single)
    return sparse.csr_matrix((ones, places), shape=(len(truth), truth.count))


def _f1(
    together: NDArray[np.float32], held: NDArray[np.float32], supports: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Tell how well every label is told by saying it where most rows with a column carry it."""
    said = together > HALF * held[:, None]
    right = np.where(said, together, 0.0).sum(axis=0)
    told = (said * held[:, None]).sum(axis=0)
    return np.asarray(2.0 * right / np.maximum(told + supports, 1), dtype=np.float32)
