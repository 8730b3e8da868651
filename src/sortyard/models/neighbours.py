"""
The neighbours view: how near a text comes to the nearest labelled example of every label.

The same examples tell what is familiar, and are shown as an explanation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sortyard.models.heads import Scores

Similarities: TypeAlias = NDArray[np.float32]  # (examples, texts): cosines

FAR = np.float32(-1.0)  # the cosine to a label that has no example
NONE = -1  # in the place of an example: there is none


@dataclass(frozen=True, slots=True)
class Reference:
    """
    Labelled examples with their sentence vectors (examples, width), each of length one.

    `texts` are the examples as prepared, shortened; empty where a release must not hold any text.
    """

    vectors: NDArray[np.float32]
    ids: tuple[str, ...]
    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        if not len(self.vectors) == len(self.ids) == len(self.texts):
            raise ValueError("every example has a vector, an id and a text")

    def similarities(self, sentences: NDArray[np.float32]) -> Similarities:
        """Give the cosine of every example with every text; `sentences` is (texts, width)."""
        similarities: Similarities = self.vectors @ sentences.T
        return similarities

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Which examples of a reference carry which label of one dimension."""

    members: NDArray[np.int32]  # rows of the reference, label after label
    starts: NDArray[np.int32]  # (labels + 1,) where each label's rows begin

    @classmethod
    def of(cls, labels: Sequence[Sequence[int]], count: int) -> Self:
        """Index the labels (numbers below `count`) of every example of the reference."""
        pairs = np.array(
            [(label, row) for row, held in enumerate(labels) for label in held], dtype=np.int32
        ).reshape(-1, 2)
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        starts = np.searchsorted(pairs[:, 0], np.arange(count + 1)).astype(np.int32)
        return cls(np.ascontiguousarray(pairs[:, 1]), starts)

    def scores(self, similarities: Similarities) -> Scores:
        """Give the cosine of the nearest example of every label, (texts, labels)."""
        count = len(self.starts) - 1
        scores = np.full((count, similarities.shape[1]), FAR, dtype=np.float32)
        filled = np.flatnonzero(self.starts[1:] > self.starts[:-1])
        if len(filled):
            scores[filled] = np.maximum.reduceat(
                similarities[self.members], self.starts[filled], axis=0
            )
        return np.ascontiguousarray(scores.T)

    def nearest(self, similarities: Similarities, labels: NDArray[np.intp]) -> NDArray[np.intp]:
        """Find the nearest example of some labels of each text, (texts, labels asked), or NONE."""
        found = np.full(labels.shape, NONE, dtype=np.intp)
        for place, label in np.ndenumerate(labels):
            if label < len(self.starts) - 1:
                members = self.members[self.starts[label] : self.starts[label + 1]]
                near = similarities[members, place[0]]
                if len(near) and near.max() > FAR:
                    found[place] = members[near.argmax()]
        return found

    def labels_of(self, example: int) -> tuple[int, ...]:
        """Find the labels of one example of the reference."""
        places = np.flatnonzero(self.members == example)
        found = np.searchsorted(self.starts, places, side="right") - 1
        return tuple(int(label) for label in found)
