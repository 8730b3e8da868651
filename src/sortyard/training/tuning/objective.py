"""What a batch is worth: the losses of all dimensions together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sortyard.domain.taxonomy import Kind
from sortyard.training.truth import Truth
from sortyard.training.tuning.course import ABSENT, Subject, places_in
from sortyard.training.tuning.heads import TunedHead
from sortyard.training.tuning.losses import (
    binary_loss,
    binary_weights,
    class_weights,
    distillation_loss,
    ranking_loss,
    softmax_loss,
)
from sortyard.training.tuning.network import Network
from sortyard.training.tuning.options import Tuning
from sortyard.training.tuning.rivals import families_of
from sortyard.training.tuning.tokens import TokenTable


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension of the objective."""

    subject: Subject
    head: TunedHead
    cards: TokenTable
    places: NDArray[np.intp]  # of every text in the subject, or ABSENT
    families: NDArray[np.intp]  # (labels,)
    weights: Tensor | None

    @classmethod
    def of(
        cls, subject: Subject, head: TunedHead, cards: TokenTable, *, texts: int, options: Tuning
    ) -> Self:
        """Put together what the losses of a dimension need."""
        weights = None
        if options.class_weights:
            supports = torch.from_numpy(subject.truth.supports()).to(head.weights)
            single = subject.truth.kind is Kind.SINGLE
            rows = len(subject.rows)
            weights = class_weights(supports) if single else binary_weights(supports, rows)
        families = families_of(subject.labels[: subject.truth.count])
        return cls(subject, head, cards, places_in(subject, texts), families, weights)


@dataclass(frozen=True, slots=True)
class Company:
    """Who is what to whom in a batch: every row against every key."""

    positive: NDArray[np.bool_]  # (rows, keys): they share a label
    siblings: NDArray[np.bool_]  # (rows, keys): labels of one parent, and none in common


@dataclass(frozen=True, slots=True)
class Objective:
    """Sums the losses of the dimensions, each over the rows of a batch that teach it."""

    parts: Sequence[Part]
    options: Tuning

    def heads(self) -> Iterator[tuple[str, Tensor]]:
        """Name what learns beside the encoder: the heads of all dimensions."""
        for part in self.parts:
            yield f"heads/{part.subject.name}/weights", part.head.weights
            yield f"heads/{part.subject.name}/offsets", part.head.offsets

    def loss(
        self,
        network: Network,
        tokens: TokenTable,
        batch: NDArray[np.intp],
        rng: np.random.Generator,
    ) -> Tensor:
        """Read a batch of texts and say how wrong it is, ()."""
        vectors = network.vectors(tokens, batch)
        total = vectors.new_zeros(())
        for part in self.parts:
            at = part.places[batch]
            here = np.flatnonzero(at != ABSENT)
            if not len(here):
                continue
            known = vectors[torch.from_numpy(here).to(vectors.device)]
            truth = part.subject.truth.take(at[here])
            if self.options.classification:
                told = self._classify(part, known, at[here])
                total = total + self.options.classification * told
            if self.options.ranking:
                ranked = self._rank(part, network, known, truth, rng)
                total = total + self.options.ranking * ranked
        return total

    def _classify(self, part: Part, vectors: Tensor, at: NDArray[np.intp]) -> Tensor:
        truth, beliefs = part.subject.truth.take(at), part.subject.beliefs
        exclusive = truth.kind is Kind.SINGLE
        held = torch.from_numpy(truth.single if exclusive else truth.matrix)
        scores = part.head.scores(vectors)
        loss = (softmax_loss if exclusive else binary_loss)(
            scores,
            held.to(vectors.device),
            smoothing=self.options.smoothing,
            focus=self.options.focus,
            weights=part.weights,
        )
        share = self.options.distillation
        if beliefs is None or not share:
            return loss
        believed = torch.from_numpy(beliefs[at].toarray()).to(scores)
        return (1.0 - share) * loss + share * distillation_loss(
            scores, believed, exclusive=exclusive
        )

    def _rank(
        self,
        part: Part,
        network: Network,
        vectors: Tensor,
        truth: Truth,
        rng: np.random.Generator,
    ) -> Tensor:
        present, held = held_in(truth)
        cards = _some(present, self.options.cards, rng)
        keys, held_by_keys = vectors, held
        if len(cards):
            keys = torch.cat([vectors, network.vectors(part.cards, present[cards])])
            held_by_keys = np.concatenate([held, np.eye(len(present), dtype=np.bool_)[cards]])
        company = company_of(held, held_by_keys, part.families[present])
        weights = np.where(company.siblings, self.options.sibling_weight, 1.0)
        device = vectors.device
        return ranking_loss(
            vectors,
            keys,
            torch.from_numpy(company.positive).to(device),
            torch.eye(len(vectors), len(keys), dtype=torch.bool, device=device),
            temperature=self.options.temperature,
            weights=torch.from_numpy(weights).to(vectors),
        )


def held_in(truth: Truth) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """List the labels that some row carries, and which row carries which, (rows, those)."""
    if truth.kind is Kind.SINGLE:
        present = np.unique(truth.single)
        return present, truth.single[:, None] == present
    present = np.flatnonzero(truth.matrix.any(axis=0))
    return present, truth.matrix[:, present]


def company_of(
    held: NDArray[np.bool_], held_by_keys: NDArray[np.bool_], families: NDArray[np.intp]
) -> Company:
    """
    Compare rows (rows, labels) with keys (keys, labels).

    `families` (labels,) are one number for siblings. Rows that share a label are never each other's
    negatives, whatever else they carry.
    """
    rows, keys = held.astype(np.float32), held_by_keys.astype(np.float32)
    positive = rows @ keys.T > 0.0
    related = (families[:, None] == families).astype(np.float32)
    return Company(positive, (rows @ related @ keys.T > 0.0) & ~positive)


def _some(present: NDArray[np.intp], most: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Choose at most so many of the labels that are present: places among them."""
    if len(present) <= most:
        return np.arange(len(present))
    return np.sort(rng.choice(len(present), size=most, replace=False))
