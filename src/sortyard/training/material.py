"""What every dimension learns from: the training rows as the views see them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.models.neighbours import Neighbours
from sortyard.training.truth import Truth

ROWS_AT_ONCE = 2_048  # bounds the memory of the similarities to all examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """
    The prepared training rows as the views see them.

    `folds` (rows,) names the fold that holds each row out. `reference` are the rows that serve as
    examples to be near to.
    """

    texts: Sequence[str]
    static: NDArray[np.float32]  # (rows, width of the student)
    encoded: NDArray[np.float32] | None  # (rows, blocks * width of the encoder)
    sentences: NDArray[np.float32]  # (rows, width): of the encoder, or of the student without one
    wording: sparse.csr_matrix  # (rows, grams)
    folds: NDArray[np.intp]
    reference: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp]) -> "Material":
        """Keep some rows; the reference keeps the ones that are still there."""
        place = np.full(len(self.texts), -1, dtype=np.intp)
        place[rows] = np.arange(len(rows))
        kept = place[self.reference]
        return Material(
            texts=[self.texts[row] for row in rows],
            static=self.static[rows],
            encoded=None if self.encoded is None else self.encoded[rows],
            sentences=self.sentences[rows],
            wording=self.wording[rows],
            folds=self.folds[rows],
            reference=kept[kept >= 0],
        )

    def held_out(self) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """For every fold that has rows: the rows to fit on, and the rows that it holds out."""
        for fold in np.unique(self.folds):
            out = self.folds == fold
            if not out.all():
                yield np.flatnonzero(~out), np.flatnonzero(out)

    def near(self, truth: Truth) -> NDArray[np.float32]:
        """
        Score every label by the nearest example that lies in another fold, (rows, labels).

        So a row is never near to itself, nor to its own near-duplicates, which share its fold.
        """
        examples = self.sentences[self.reference]
        example_folds = self.folds[self.reference]
        carried = truth.take(self.reference).as_sets()
        index = Neighbours.of(carried, truth.count)
        scores = np.empty((len(self.texts), truth.count), dtype=np.float32)
        for start in range(0, len(self.texts), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            similarities = examples @ self.sentences[part].T
            similarities[example_folds[:, None] == self.folds[None, part]] = -1.0
            scores[part] = index.scores(similarities)
        return scores


def choose_reference(
    labels: Sequence[Sequence[str]], most: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """
    Choose at most so many rows as examples, the same number for every label as far as it goes.

    `labels` are those of each row in all dimensions. Rows of rare labels come first, so that a
    frequent label cannot crowd them out.
    """
    rows = len(labels)
    if rows <= most:
        return np.arange(rows)
    order = rng.permutation(rows)
    counts: dict[str, int] = {}
    rank = np.empty(rows)
    for row in order:
        places = [counts.get(label, 0) for label in labels[row]]
        rank[row] = min(places, default=rows)
        for label in labels[row]:
            counts[label] = counts.get(label, 0) + 1
    return np.sort(order[np.argsort(rank[order], kind="stable")[:most]])
