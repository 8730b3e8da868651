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


@dataclass(frozen=True, slots=True)
class TunedHead:
    """Scores are vectors of length one times `weights`, plus `offsets`."""

    weights: Tensor  # (labels, width)
    offsets: Tensor  # (labels,)

    def scores(self, vectors: Tensor) -> Tensor:
        """Score every label of every row, (rows, labels)."""
        return vectors @ self.weights.t() + self.offsets

    def parameters(self) -> tuple[Tensor, Tensor]:
        return self.weights, self.offsets


def prototypes(
    network: Network,
    tokens: TokenTable,
    cards: TokenTable,
    subject: Subject,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """
    Give every label that the truth knows a direction, (labels, width).

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
    return sums


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


def head_from(directions: NDArray[np.float32], *, scale: float, device: torch.device) -> TunedHead:
    """Start a head at the labels' prototypes (labels, width)."""
    weights = torch.from_numpy(directions * np.float32(scale)).to(device)
    offsets = torch.zeros(len(directions), device=device)
    return TunedHead(weights.requires_grad_(), offsets.requires_grad_())
