"""What there is to learn: the rows of every dimension, its labels, and what they say themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.errors import NotEnoughData, UnknownLabels
from sortyard.domain.taxonomy import Dimension, Taxonomy
from sortyard.models.cascade import Eyes
from sortyard.models.encoders import Encoder, sentence_block, with_blocks_of_length_one
from sortyard.training.lines import CardVectors, Task
from sortyard.training.sets import Sets, labels_of, usable_rows
from sortyard.training.truth import Truth

FEWEST_ROWS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The rows that teach one dimension, and its labels: those with rows, then those without."""

    dimension: Dimension
    rows: NDArray[np.intp]
    labels: tuple[str, ...]
    truth: Truth

    def task(self, eyes: Eyes) -> Task:
        return Task(
            dimension=self.dimension,
            labels=self.labels,
            truth=self.truth,
            cards=card_vectors(self.dimension, self.labels, eyes),
        )


def lessons_of(sets: Sets, taxonomy: Taxonomy) -> tuple[Lesson, ...]:
    """Find what there is to learn."""
    if not set(taxonomy.names) & set(sets.train.dimensions):
        raise NotEnoughData("learn any dimension of the taxonomy", found=0, needed=FEWEST_ROWS)
    asked = taxonomy.only(sets.train.dimensions).dimensions
    return tuple(_lesson(sets, dimension) for dimension in asked)


def _lesson(sets: Sets, dimension: Dimension) -> Lesson:
    rows = usable_rows(sets.train, dimension)
    every = sets.train.labels(dimension.name)
    carried = [every[row] for row in rows]
    with_rows, without = labels_of(dimension, carried)
    unknown = {path for paths in carried for path in paths}.difference(with_rows)
    if unknown:
        raise UnknownLabels(sorted(unknown), dimension.paths, "The training data")
    labelled = len(rows) if with_rows else 0
    if labelled < FEWEST_ROWS:
        raise NotEnoughData(
            f"learn dimension {dimension.name!r}", found=labelled, needed=FEWEST_ROWS
        )
    return Lesson(
        dimension=dimension,
        rows=rows,
        labels=with_rows + without,
        truth=Truth.of(carried, with_rows, dimension.kind),
    )


def card_vectors(dimension: Dimension, labels: Sequence[str], eyes: Eyes) -> CardVectors:
    """Embed what each label says of itself: its card, and the examples in its definition."""
    nodes = {node.path: node for node in dimension.nodes}
    texts = [(nodes[path].card, *nodes[path].label.examples) for path in labels]
    return CardVectors(
        static=_mean_vectors(texts, eyes.static),
        encoded=None if eyes.encoder is None else _mean_vectors(texts, eyes.encoder),
    )


def _mean_vectors(groups: Sequence[Sequence[str]], encoder: Encoder) -> NDArray[np.float32]:
    """Give the direction of the mean sentence of each group, (groups, width)."""
    flat = [text for group in groups for text in group]
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    sums = np.zeros((len(groups), encoder.width), dtype=np.float32)
    np.add.at(sums, owner, sentence_block(encoder.encode(flat), encoder))
    return with_blocks_of_length_one(sums, encoder.width)
