"""What every dimension learns from: the training rows as the views see them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.models.neighbours import FAR, Neighbours
from sortyard.training.heads.axes import Axes
from sortyard.training.truth import Truth

FEWEST_FOLDS = 2  # one to fit on, one to judge
ROWS_AT_ONCE = 2_048  # bounds the memory of the similarities to all examples
SHOWN = 240  # characters of an example that a release keeps
GONE = -1
ALWAYS = -1  # in place of a fold: a row that every head learns from, and that none is judged on


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an encoder and its student see of rows: vectors, and the axes in which they differ."""

    static: NDArray[np.float32]  # (rows, width of the student)
    encoded: NDArray[np.float32] | None  # (rows, blocks * width of the encoder)
    sentences: NDArray[np.float32]  # (rows, width): of the encoder, or of the student without one
    static_axes: Axes | None = None
    encoded_axes: Axes | None = None

    def take(self, rows: NDArray[np.intp]) -> "Look":
        """Keep some rows, in the same axes."""
        return Look(
            static=self.static[rows],
            encoded=None if self.encoded is None else self.encoded[rows],
            sentences=self.sentences[rows],
            static_axes=self.static_axes,
            encoded_axes=self.encoded_axes,
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One fold held out: the rows to fit on, those to judge, and what may be seen of both."""

    material: "Material"
    inside: NDArray[np.intp]
    outside: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """
    The prepared training rows as the views see them.

    `folds` (rows,) names the fold that holds each row out, or ALWAYS. `reference` are the rows that
    serve as examples to be near to; GONE stands for one that is not among the rows, so that the
    places of the others are the same for every dimension of a release.

    An encoder that was tuned has seen the rows that it learnt from, so that what it says of them
    proves nothing. `unseen` has for every fold the look of one that was tuned without it; without
    any, the encoder is frozen and its one look serves all folds.

    The last columns of `wording` are features beyond the words: of each kind so many as `features`
    says, in its order.

    `unlabelled` are texts beside these rows that a dimension may learn from by guessing.
    """

    texts: Sequence[str]
    look: Look
    wording: sparse.csr_matrix  # (rows, grams + features)
    folds: NDArray[np.intp]
    reference: NDArray[np.intp]
    unseen: Mapping[int, Look] = field(default_factory=dict)
    unlabelled: "Material | None" = None
    features: Mapping[str, int] = field(default_factory=dict)

    def take(self, rows: NDArray[np.intp]) -> "Material":
        """Keep some rows; examples that are not among them are gone, and leave their place."""
        place = np.full(len(self.texts) + 1, GONE, dtype=np.intp)  # the last one: gone already
        place[rows] = np.arange(len(rows))
        return Material(
            texts=[self.texts[row] for row in rows],
            look=self.look.take(rows),
            wording=self.wording[rows],
            folds=self.folds[rows],
            reference=place[self.reference],
            unseen={fold: look.take(rows) for fold, look in self.unseen.items()},
            unlabelled=self.unlabelled,
            features=self.features,
        )

    def with_features(self, kinds: Collection[str]) -> "Material":
        """See the words and some kinds of features; the columns of others stay, and are empty."""
        kept = np.ones(self.wording.shape[1], dtype=np.bool_)
        start = len(kept) - sum(self.features.values())
        for kind, count in self.features.items():
            kept[start : start + count] = kind in kinds
            start += count
        grams = self.wording.copy()
        grams.data *= kept[grams.indices]
        grams.eliminate_zeros()
        beside = self.unlabelled
        return replace(
            self,
            wording=grams,
            unlabelled=None if beside is None else beside.with_features(kinds),
        )

    def as_seen_in(self, fold: int) -> "Material":
        """See all of it with what was tuned without a fold, where that was done."""
        beside = self.unlabelled
        return replace(
            self,
            look=self.unseen.get(fold, self.look),
            unseen={},
            unlabelled=None if beside is None else beside.as_seen_in(fold),
        )

    def turns(self) -> Iterator[Turn]:
        """Hold out every fold that has rows once, where there are rows in others."""
        if len(names_of(self.folds)) < FEWEST_FOLDS:
            return
        for fold in names_of(self.folds):
            out = self.folds == fold
            yield Turn(self.as_seen_in(fold), np.flatnonzero(~out), np.flatnonzero(out))

    def neighbours(self, truth: Truth) -> Neighbours:
        """Index which examples carry which label; one that is gone carries none."""
        here = np.flatnonzero(self.reference != GONE)
        carried: list[list[int]] = [[] for _ in self.reference]
        for place, labels in zip(here, truth.take(self.reference[here]).as_sets(), strict=True):
            carried[place] = labels
        return Neighbours.of(carried, truth.count)

    def near(self, truth: Truth, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """
        Score every label by the nearest example that lies in another fold, (rows, labels).

        So a row is never near to itself, nor to its own near-duplicates, which share its fold.
        """
        sentences = self.look.sentences
        examples = sentences[self.reference]  # that of one that is gone is never looked at
        example_folds = self.folds[self.reference]
        index = self.neighbours(truth)
        scores = np.empty((len(rows), truth.count), dtype=np.float32)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            similarities = examples @ sentences[part].T
            similarities[example_folds[:, None] == self.folds[None, part]] = FAR
            scores[start : start + ROWS_AT_ONCE] = index.scores(similarities)
        return scores


def names_of(folds: NDArray[np.intp]) -> list[int]:
    """List the folds that rows are held out by, rising."""
    return [fold for fold in np.unique(folds).tolist() if fold != ALWAYS]


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
