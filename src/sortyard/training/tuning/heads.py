"""One linear head for every dimension, which starts from the labels' prototypes."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.domain.taxonomy import Kind
from sortyard.training.tuning.course import Subject
from sortyard.training.tuning.network import Network
from sortyard.training.tuning.tokens import TokenTable

ROWS_A_LABEL = 32  # a mean of more moves by less than rows differ
TINY = 1e-12
HALF_A_ROW = 0.5  # so that a label of no row, or of all, has a chance between 0 and 1


@dataclass(frozen=True, slots=True)
class TunedHead:
    """Scores are vectors of length one times `weights`, plus `offsets`."""

    weights: Tensor  # (labels, width)
    offsets: Tensor  # (labels,)

    def scores(self, vectors: Tensor) -> Tensor:
        """Score every label of every row, (rows, labels)."""
        return vectors @ self.weights.t() + self.offsets


@dataclass(frozen=True, slots=True)
class Prototypes:
    """A direction of length one for every label, (labels, width), and the middle of the rows."""

    directions: NDArray[np.float32]
    middle: NDArray[np.float32]  # (width,)


def prototypes(
    network: Network,
    tokens: TokenTable,
    cards: TokenTable,
    subject: Subject,
    rng: np.random.Generator,
) -> Prototypes:
    """
    Give every label that the truth knows a direction.

    It is that of the mean vector of at most 32 rows drawn from its own, or its card's where it has
    none (Snell et al., "Prototypical Networks for Few-shot Learning", 2017).
    """
    count = subject.truth.count
    rows, labels = sampled_rows(subject, rng)
    places, inverse = np.unique(rows, return_inverse=True)
    read = network.read(tokens, subject.rows[places])
    sums = np.zeros((count, network.width), dtype=np.float32)
    np.add.at(sums, labels, read[inverse])
    empty = np.flatnonzero(np.bincount(labels, minlength=count) == 0)
    sums[empty] = network.read(cards, empty)
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), TINY)
    middle = read.mean(axis=0) if len(read) else np.zeros(network.width, dtype=np.float32)
    return Prototypes(sums, middle)


def sampled_rows(
    subject: Subject, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Draw at most 32 rows of every label: places in the subject, and the label of each."""
    if subject.truth.kind is Kind.SINGLE:
        rows, labels = np.arange(len(subject.rows)), subject.truth.single
    else:
        rows, labels = np.nonzero(subject.truth.matrix)
    order = rng.permutation(len(rows))
    order = order[np.argsort(labels[order], kind="stable")]
    starts = np.searchsorted(labels[order], np.arange(subject.truth.count))
    rank = np.arange(len(order)) - starts[labels[order]]
    chosen = order[rank < ROWS_A_LABEL]
    return rows[chosen].astype(np.intp), labels[chosen].astype(np.intp)


def head_from(
    found: Prototypes, subject: Subject, *, scale: float, device: torch.device
) -> TunedHead:
    """
    Start a head at the labels' prototypes times `scale`.

    In a `multi` dimension a text in the middle has each label's frequency as its chance, which is
    where a head would first have to go (as in Lin et al., "Focal Loss", 2017).
    """
    weights = found.directions * np.float32(scale)
    offsets = np.zeros(len(weights), dtype=np.float32)
    if subject.truth.kind is Kind.MULTI:
        supports = subject.truth.supports() + HALF_A_ROW
        absent = len(subject.rows) - subject.truth.supports() + HALF_A_ROW
        offsets = (np.log(supports / absent) - weights @ found.middle).astype(np.float32)
    return TunedHead(
        torch.from_numpy(weights).to(device).requires_grad_(),
        torch.from_numpy(offsets).to(device).requires_grad_(),
    )
