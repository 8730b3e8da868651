"""What the line believes of its own rows, for an encoder to learn from beside the truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.taxonomy import Kind
from sortyard.models.calibration_choice import choose_calibrator, choose_independent
from sortyard.models.encoders import Encoder, Vectors, sentence_block
from sortyard.models.heads import Scores
from sortyard.training.fuse import fit_fusion
from sortyard.training.heads.axes import Axes
from sortyard.training.material import Look, Material
from sortyard.training.out_of_fold import hold_out
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth

PARTS = 5  # a row is judged by heads that learnt from four of them
MOST_LABELS = 20  # of a row; the others are as good as impossible


@dataclass(frozen=True, slots=True)
class Teacher:
    """A line on the encoder as published, which tells what it believes of rows of the archive."""

    material: Material  # all training rows
    recipe: Recipe
    seed: int

    @classmethod
    def of(  # noqa: PLR0913 -- what it looks at, and with what
        cls,
        texts: Sequence[str],
        wording: sparse.csr_matrix,
        encoder: Encoder,
        encoded: Vectors,
        recipe: Recipe,
        *,
        seed: int,
    ) -> "Teacher":
        """Look at texts with their n-grams and vectors; the student's view is not asked."""
        sentences = np.ascontiguousarray(sentence_block(encoded, encoder))
        rng = np.random.default_rng(seed)
        most = min(len(texts), recipe.most_examples)
        material = Material(
            texts=texts,
            look=Look(
                static=sentences,
                encoded=encoded,
                sentences=sentences,
                static_axes=Axes.of(sentences),
                encoded_axes=Axes.of(encoded),
            ),
            wording=wording,
            folds=np.zeros(len(texts), dtype=np.intp),
            reference=np.sort(rng.permutation(len(texts))[:most]),
        )
        return cls(material, recipe, seed)

    def beliefs(self, rows: NDArray[np.intp], truth: Truth) -> sparse.csr_array:
        """Tell of some rows, from these alone, what their labels may be, (rows, labels)."""
        return beliefs_of(self.material.take(rows), truth, self.recipe, seed=self.seed)


def beliefs_of(material: Material, truth: Truth, recipe: Recipe, *, seed: int) -> sparse.csr_array:
    """
    Give the chances of the likeliest labels of every row, (rows, labels).

    Each row is judged by heads that did not see it, on what the encoder sees of it as published;
    all rows are dealt into parts anew, since nothing is measured here. A row that nothing is known
    of believes its truth. Labels that annotators confuse are so taught as what they are: near.
    Distillation of a line into its own encoder (Furlanello et al., "Born-Again Neural Networks",
    2018), here with a teacher that never saw the row, so that it cannot repeat a wrong label.
    """
    parts = np.random.default_rng(seed).permutation(len(material.texts)) % PARTS
    dealt = replace(material, folds=parts.astype(np.intp), unseen={})
    held = hold_out(dealt, truth, recipe, seed=seed, advance=lambda _: None)
    views = [one for one in (held.meaning, held.wording, held.neighbours) if one is not None]
    known = truth.take(held.rows)
    weights = fit_fusion(views, known)
    scores = sum(np.float32(weight) * view for weight, view in zip(weights, views, strict=True))
    chances = _chances(np.asarray(scores, dtype=np.float32), known, parts[held.rows])
    labels, shares = _likeliest(chances, exclusive=truth.kind is Kind.SINGLE)
    rest = np.setdiff1d(np.arange(len(truth)), held.rows)
    carried = truth.take(rest).as_sets()
    rows = [np.repeat(held.rows, labels.shape[1]), np.repeat(rest, [len(one) for one in carried])]
    columns = [labels.ravel(), np.array([label for one in carried for label in one], dtype=np.intp)]
    values = np.concatenate([shares.ravel(), np.ones(len(columns[1]), dtype=np.float32)])
    cells = (values, (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(sparse.coo_array(cells, shape=(len(truth), truth.count)))


def _chances(scores: Scores, truth: Truth, parts: NDArray[np.intp]) -> Scores:
    """Calibrate fused scores (rows, labels)."""
    if truth.kind is Kind.SINGLE:
        calibrator = choose_calibrator(scores, truth.single, folds=parts).calibrator
    else:
        calibrator = choose_independent(scores, truth.matrix, folds=parts).calibrator
    return np.asarray(calibrator.probabilities(scores), dtype=np.float32)


def _likeliest(chances: Scores, *, exclusive: bool) -> tuple[NDArray[np.intp], Scores]:
    """Keep the likeliest labels of every row and their chances, which sum to one if exclusive."""
    most = min(MOST_LABELS, chances.shape[1])
    labels = np.argpartition(-chances, most - 1, axis=1)[:, :most]
    kept = np.take_along_axis(chances, labels, axis=1)
    if exclusive:
        kept /= kept.sum(axis=1, keepdims=True)
    return labels.astype(np.intp), kept
