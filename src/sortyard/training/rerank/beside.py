"""What a label's card is read with: the example of the label that is nearest to the message."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.models.neighbours import FAR, NONE, Neighbours
from sortyard.models.reranker import with_example
from sortyard.training.material import ROWS_AT_ONCE, SHOWN, Material

EVERY_FOLD = -2  # in place of the fold that is left out: none is


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """
    The labelled examples of one dimension, as seen from the rows that were held out.

    `rows` (held out,) are places in the material. An example of the fold that a row is held out
    with is never beside it, as in `Material.near`.
    """

    material: Material
    rows: NDArray[np.intp]
    neighbours: Neighbours

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
        folds = material.folds[material.reference]
        found = np.empty(candidates.shape, dtype=np.intp)
        for start in range(0, len(places), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            rows = self.rows[places[part]]
            similarities = sentences[material.reference] @ sentences[rows].T
            out = (folds[:, None] == material.folds[None, rows]) | (folds == without)[:, None]
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
