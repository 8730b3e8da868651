"""Whether guesses at unlabelled texts help: labelled rows that were held out decide."""

from dataclasses import replace

import numpy as np

from sortyard.domain.ports import Advance
from sortyard.models.calibration import softmax
from sortyard.models.heads import Scores
from sortyard.training.fuse import fit_fusion
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews, hold_out
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth

LEAST_CHANCE = 1e-12


def hold_out_taught(
    material: Material, truth: Truth, recipe: Recipe, *, seed: int, advance: Advance
) -> tuple[Material, HeldOutViews]:
    """
    Hold out without the unlabelled texts and with them, and keep what told held-out rows better.

    Better is the lower log loss of the fused views. Gives the material to learn from, too.
    """
    bare = replace(material, unlabelled=None)
    plain = hold_out(bare, truth, recipe, seed=seed, advance=advance)
    if material.unlabelled is None:
        return bare, plain
    taught = hold_out(material, truth, recipe, seed=seed, advance=advance)
    if not plain.fair.any() or _loss(taught, truth) >= _loss(plain, truth):
        return bare, plain
    return material, taught


def _loss(held: HeldOutViews, truth: Truth) -> float:
    first = held.student if held.meaning is None else held.meaning
    found = [view for view in (first, held.wording, held.neighbours) if view is not None]
    views = [view[held.fair] for view in found]
    known = truth.take(held.rows[held.fair])
    fused: Scores = np.zeros_like(views[0])
    for view, weight in zip(views, fit_fusion(views, known), strict=True):
        fused += np.float32(weight) * view
    chances = softmax(fused)[np.arange(len(known)), known.single]
    return float(-np.log(np.maximum(chances, LEAST_CHANCE)).mean())
