"""What a label's card is read with: the example of the label that is nearest to the message."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.data.duplicates import near_duplicate_groups
from sortyard.models.neighbours import FAR, NONE, Neighbours
from sortyard.models.reranker import with_example
from sortyard.training.material import FEWEST_FOLDS, ROWS_AT_ONCE, SHOWN, Material, names_of

EVERY_FOLD = -2  # in place of the fold that is left out: none is


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """
    The labelled examples of one dimension, as seen from the rows that were held out.

    `rows` (held out,) are places in the material. `turns` (rows of the material,) says with which
    fold a cross-encoder leaves each example out, and `kin` (the same) has one number for rows that
    are never beside each other: a row is its own kin, and so is what says nearly the same.
    """

    material: Material
    rows: NDArray[np.intp]
    neighbours: Neighbours
    turns: NDArray[np.intp]
    kin: NDArray[np.intp]

    @classmethod
    def of_folds(
        cls, material: Material, rows: NDArray[np.intp], neighbours: Neighbours
    ) -> "Beside":
        """
        Leave examples out by the folds of the material.

        Near-duplicates share a fold, so with three of them whoever shares one is kin, as in
        `Material.near`. With two that would leave no example at all to learn with: each row then
        has one fold that it shares, and one that is left out.
        """
        many = len(names_of(material.folds)) > FEWEST_FOLDS
        kin = material.folds if many else near_duplicate_groups(material.texts)
        return cls(
            material=material, rows=rows, neighbours=neighbours, turns=material.folds, kin=kin
        )

    def cards(
        self,
        plain: Sequence[str],
        places: NDArray[np.intp],
        candidates: NDArray[np.intp],
        *,
        without: int,
    ) -> list[list[str]]:
        """
        Give the cards of the candidates (places, most) of some rows, each with its example.

        None of the examples is of the fold `without`, and the encoder is one that did not see it.
        """
        material = self.material
        sentences = material.unseen.get(without, material.look).sentences
        turns, kin = self.turns[material.reference], self.kin[material.reference]
        found = np.empty(candidates.shape, dtype=np.intp)
        for start in range(0, len(places), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            rows = self.rows[places[part]]
            similarities = sentences[material.reference] @ sentences[rows].T
            out = (kin[:, None] == self.kin[None, rows]) | (turns == without)[:, None]
            similarities[out] = FAR
            found[part] = self.neighbours.nearest(similarities, candidates[part])
        return [
            [with_example(plain[label], self._text(example)) for label, example in row]
            for row in np.stack([candidates, found], axis=2).tolist()
        ]

    def _text(self, example: int) -> str:
        if example == NONE:
            return ""
        row: int = self.material.reference[example].item()
        return self.material.texts[row][:SHOWN]
