"""
The heads of a label tree: for every choice among siblings, learnt from the rows that come by it.

The rows of a choice are few, and so are its columns: all of them together take less time than one
head over all labels.
"""

from dataclasses import replace

import numpy as np

from sortyard.models.descent import Descent
from sortyard.models.heads import Head
from sortyard.training.branches import branches
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth
from sortyard.training.view_heads import Heads, fit_view_heads


def fit_branch_heads(
    material: Material, truth: Truth, descent: Descent, recipe: Recipe, seed: int
) -> Heads:
    """Fit the heads of every branch on its rows, and put them beside each other."""
    look, count = material.look, len(descent.columns)
    heads = Heads(
        student=_nothing(look.static.shape[1], count),
        wording=_nothing(material.wording.shape[1], count),
        meaning=None if look.encoded is None else _nothing(look.encoded.shape[1], count),
    )
    known = replace(material, unseen={})
    for branch in branches(descent, truth):
        own = fit_view_heads(known.take(branch.rows), branch.truth, recipe, seed)
        _put(own.student, heads.student, branch.columns)
        _put(own.wording, heads.wording, branch.columns)
        if own.meaning is not None and heads.meaning is not None:
            _put(own.meaning, heads.meaning, branch.columns)
    return heads


def hold_out_branches(  # noqa: PLR0913 -- as for the heads of labels, and these
    material: Material,
    truth: Truth,
    descent: Descent,
    held: HeldOutViews,
    recipe: Recipe,
    *,
    seed: int,
) -> HeldOutViews:
    """Score every node for the rows that were held out for the labels, in the same folds."""
    shape = (len(held.rows), len(descent.columns))
    student, wording = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    meaning = None if held.meaning is None else np.zeros(shape, np.float32)
    for turn in material.turns():
        seen, known = turn.material, truth.take(turn.inside)
        heads = fit_branch_heads(seen.take(turn.inside), known, descent, recipe, seed)
        at = np.flatnonzero(np.isin(held.rows, turn.outside))
        asked = held.rows[at]
        student[at] = heads.student.scores(seen.look.static[asked])
        wording[at] = heads.wording.scores(seen.wording[asked])
        if meaning is not None and heads.meaning is not None and seen.look.encoded is not None:
            meaning[at] = heads.meaning.scores(seen.look.encoded[asked])
    near = held.neighbours
    return replace(
        held,
        student=student,
        wording=wording,
        meaning=meaning,
        neighbours=None if near is None else descent.highest(near),
    )


def _nothing(width: int, count: int) -> Head:
    return Head(np.zeros((width, count), dtype=np.float32), np.zeros(count, dtype=np.float32))


def _put(own: Head, whole: Head, columns: slice) -> None:
    whole.weights[:, columns] = own.weights
    whole.biases[columns] = own.biases
