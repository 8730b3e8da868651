"""Scores for every training row from models that did not see it."""

from dataclasses import dataclass

import numpy as np

from sortyard.domain.ports import Advance
from sortyard.models.heads import Head, Scores
from sortyard.training.material import Material
from sortyard.training.meaning_head import fit_meaning_head
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth
from sortyard.training.wording_head import fit_wording_head


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """One dimension's heads, fitted on the same rows; `meaning` only where there is an encoder."""

    student: Head
    wording: Head
    meaning: Head | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutViews:
    """What each view says of every row, from heads that did not see it; each (rows, labels)."""

    student: Scores
    wording: Scores
    meaning: Scores | None
    neighbours: Scores | None


def fit_heads(material: Material, truth: Truth, recipe: Recipe, seed: int) -> Heads:
    """Fit the head of every view on all rows of the material."""
    encoded = material.encoded
    return Heads(
        student=fit_meaning_head(material.static, truth, strength=recipe.student_strength),
        wording=fit_wording_head(
            material.wording, truth, strength=recipe.wording_strength, seed=seed
        ),
        meaning=(
            None
            if encoded is None
            else fit_meaning_head(encoded, truth, strength=recipe.meaning_strength)
        ),
    )


def hold_out(
    material: Material, truth: Truth, recipe: Recipe, *, seed: int, advance: Advance
) -> HeldOutViews:
    """Fit on all folds but one and score that one, for every fold."""
    shape = (len(truth), truth.count)
    student, wording = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    meaning = None if material.encoded is None else np.zeros(shape, np.float32)
    for inside, outside in material.held_out():
        heads = fit_heads(material.take(inside), truth.take(inside), recipe, seed)
        student[outside] = heads.student.scores(material.static[outside])
        wording[outside] = heads.wording.scores(material.wording[outside])
        if meaning is not None and material.encoded is not None and heads.meaning is not None:
            meaning[outside] = heads.meaning.scores(material.encoded[outside])
        advance(1)
    return HeldOutViews(
        student=student,
        wording=wording,
        meaning=meaning,
        neighbours=None if material.encoded is None else material.near(truth),
    )
