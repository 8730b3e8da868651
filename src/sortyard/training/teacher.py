"""What the line believes of its own rows, for an encoder to learn from beside the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.models.encoders import Encoder, Vectors, sentence_block
from sortyard.training.heads.axes import Axes
from sortyard.training.material import ALWAYS, Look, Material
from sortyard.training.opinions import Opinion
from sortyard.training.recipe import Recipe
from sortyard.training.rereading import Rereading
from sortyard.training.sets import Sets
from sortyard.training.tuning.course import Subject

PARTS = 6  # a row is judged by heads that learnt from five of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """
    A line on the encoder as published, which tells what it believes of rows of the archive.

    With a `rereading` it tells what a cross-encoder makes of that.
    """

    material: Material  # all training rows; those in the fold ALWAYS are not judged
    recipe: Recipe
    seed: int
    rereading: Rereading | None = None

    @classmethod
    def of(  # noqa: PLR0913 -- what it looks at, and with what
        cls,
        sets: Sets,
        wording: sparse.csr_matrix,
        encoder: Encoder,
        encoded: Vectors,
        recipe: Recipe,
        *,
        seed: int,
        rereading: Rereading | None = None,
    ) -> "Teacher":
        """Look at training texts with their n-grams and vectors; the student is not asked."""
        sentences = np.ascontiguousarray(sentence_block(encoded, encoder))
        rng = np.random.default_rng(seed)
        most = min(len(sets.texts), recipe.most_examples)
        material = Material(
            texts=sets.texts,
            look=Look(
                static=sentences,
                encoded=encoded,
                sentences=sentences,
                static_axes=Axes.of(sentences),
                encoded_axes=Axes.of(encoded),
            ),
            wording=wording,
            folds=sets.folds,
            reference=np.sort(rng.permutation(len(sets.texts))[:most]),
        )
        return cls(material=material, recipe=recipe, seed=seed, rereading=rereading)

    def teach(
        self, subjects: Sequence[Subject], *, without: int | None = None
    ) -> tuple[Subject, ...]:
        """
        Tell of the rows of some subjects, from these alone, what their labels may be.

        Each row is judged by heads that did not see it, on what the encoder sees of it as
        published; all rows are dealt into parts anew, since nothing is measured here. A row that
        nothing is known of believes its truth. Labels that annotators confuse are so taught as what
        they are: near. Distillation of a line into its own encoder (Furlanello et al., "Born-Again
        Neural Networks", 2018), here with a teacher that never saw the row, so that it cannot
        repeat a wrong label. `without` names the fold that is not among the rows, for the report.
        """
        material = replace(self.material, folds=self._parts(subjects), unseen={})
        opinions: Mapping[str, Opinion] = {
            one.name: Opinion.of(material.take(one.rows), one.truth, self.recipe, seed=self.seed)
            for one in subjects
        }
        if self.rereading is not None:
            opinions = self.rereading.read_again(subjects, opinions, without=without)
        return tuple(replace(one, beliefs=opinions[one.name].beliefs()) for one in subjects)

    def _parts(self, subjects: Sequence[Subject]) -> NDArray[np.intp]:
        """Deal out the rows that some subject has, the same part for all subjects, (texts,)."""
        parts = np.full(len(self.material.texts), ALWAYS, dtype=np.intp)
        rows = np.unique(np.concatenate([one.rows for one in subjects]))
        rows = rows[self.material.folds[rows] != ALWAYS]
        parts[rows] = np.random.default_rng(self.seed).permutation(len(rows)) % PARTS
        return parts
