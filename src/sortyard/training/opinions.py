"""What a line makes of rows that it did not see, and how a course is told of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.taxonomy import Kind
from sortyard.models.calibration_choice import choose_calibrator, choose_independent
from sortyard.models.heads import Scores
from sortyard.training.fuse import fit_fusion
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews, hold_out
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth

MOST_LABELS = 20  # of a row; the others are as good as impossible


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """
    The chances of the labels of rows in one dimension, told by heads that did not see them.

    `rows` (held out,) are places in the material, and `fair` (held out,) marks those that could be
    known, as in `HeldOutViews`; `chances` are (held out, labels).
    """

    material: Material
    truth: Truth
    rows: NDArray[np.intp]
    fair: NDArray[np.bool_]
    chances: Scores

    @classmethod
    def of(cls, material: Material, truth: Truth, recipe: Recipe, *, seed: int) -> "Opinion":
        """Hold out every fold of the material, fuse what the views say, and calibrate it."""
        held = hold_out(material, truth, recipe, seed=seed, advance=lambda _: None)
        known = truth.take(held.rows)
        return cls(
            material=material,
            truth=truth,
            rows=held.rows,
            fair=held.fair,
            chances=_chances(_fused(held, known), known, material.folds[held.rows]),
        )

    def beliefs(self) -> sparse.csr_array:
        """
        Give the chances of the likeliest labels of every row, (rows, labels).

        A row that was not held out believes its truth.
        """
        truth, held = self.truth, self.rows
        labels, shares = _likeliest(self.chances, exclusive=truth.kind is Kind.SINGLE)
        rest = np.setdiff1d(np.arange(len(truth)), held)
        carried = truth.take(rest).as_sets()
        rows = [np.repeat(held, labels.shape[1]), np.repeat(rest, [len(one) for one in carried])]
        own = np.array([label for one in carried for label in one], dtype=np.intp)
        values = np.concatenate([shares.ravel(), np.ones(len(own), dtype=np.float32)])
        cells = (values, (np.concatenate(rows), np.concatenate([labels.ravel(), own])))
        return sparse.csr_array(sparse.coo_array(cells, shape=(len(truth), truth.count)))


def _fused(held: HeldOutViews, truth: Truth) -> Scores:
    views = [one for one in (held.meaning, held.wording, held.neighbours) if one is not None]
    scores: Scores = np.zeros_like(views[0])
    if len(truth):
        for weight, view in zip(fit_fusion(views, truth), views, strict=True):
            scores += np.float32(weight) * view
    return scores


def _chances(scores: Scores, truth: Truth, folds: NDArray[np.intp]) -> Scores:
    """Calibrate fused scores (rows, labels)."""
    if not len(truth):
        return scores
    if truth.kind is Kind.SINGLE:
        calibrator = choose_calibrator(scores, truth.single, folds=folds).calibrator
    else:
        calibrator = choose_independent(scores, truth.matrix, folds=folds).calibrator
    return np.asarray(calibrator.probabilities(scores), dtype=np.float32)


def _likeliest(chances: Scores, *, exclusive: bool) -> tuple[NDArray[np.intp], Scores]:
    """Keep the likeliest labels of every row and their chances, which sum to one if exclusive."""
    most = min(MOST_LABELS, chances.shape[1])
    labels = np.argpartition(-chances, most - 1, axis=1)[:, :most]
    kept = np.take_along_axis(chances, labels, axis=1)
    if exclusive:
        kept /= kept.sum(axis=1, keepdims=True)
    return labels.astype(np.intp), kept
