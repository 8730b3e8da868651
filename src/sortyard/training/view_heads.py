"""The heads of all views of one dimension, fitted on the same rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.models.heads import Head
from sortyard.training.heads.guesses import Guesses
from sortyard.training.heads.meaning import fit_meaning_head
from sortyard.training.heads.wording import fit_wording_head
from sortyard.training.material import Material
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """One dimension's heads, fitted on the same rows; `meaning` only where there is an encoder."""

    student: Head
    wording: Head
    meaning: Head | None


def fit_view_heads(
    material: Material,
    truth: Truth,
    recipe: Recipe,
    seed: int,
    shares: NDArray[np.float32] | None = None,
) -> Heads:
    """
    Fit the head of every view on all rows of the material.

    `shares` (unlabelled, labels) is what its unlabelled texts are thought to carry, and how much
    that counts beside a labelled row; without it nothing is learnt from them.
    """
    return Heads(
        student=fit_student(material, truth, recipe, shares),
        wording=fit_wording(material, truth, recipe, seed, shares),
        meaning=fit_meaning(material, truth, recipe, shares),
    )


def fit_student(
    material: Material,
    truth: Truth,
    recipe: Recipe,
    shares: NDArray[np.float32] | None = None,
) -> Head:
    """Fit the head of the static student; `shares` as above."""
    look, spare = material.look, material.unlabelled
    guesses = None
    if shares is not None and spare is not None:
        guesses = Guesses(spare.look.static, shares)
    return fit_meaning_head(
        look.static,
        truth,
        strength=recipe.student_strength,
        axes=look.static_axes,
        guesses=guesses,
        balanced=recipe.class_weights,
    )


def fit_meaning(
    material: Material,
    truth: Truth,
    recipe: Recipe,
    shares: NDArray[np.float32] | None = None,
) -> Head | None:
    """Fit the head of the meaning view, where there is an encoder; `shares` as above."""
    look, spare = material.look, material.unlabelled
    if look.encoded is None:
        return None
    guesses = None
    if shares is not None and spare is not None and spare.look.encoded is not None:
        guesses = Guesses(spare.look.encoded, shares)
    return fit_meaning_head(
        look.encoded,
        truth,
        strength=recipe.meaning_strength,
        axes=look.encoded_axes,
        guesses=guesses,
        balanced=recipe.class_weights,
    )


def fit_wording(
    material: Material,
    truth: Truth,
    recipe: Recipe,
    seed: int,
    shares: NDArray[np.float32] | None = None,
) -> Head:
    """Fit the head of the wording view, which takes the best guess for each text; as above."""
    grams, counts = material.wording, None
    if shares is not None and material.unlabelled is not None:
        kept = np.flatnonzero(shares.any(axis=1))
        best = shares[kept].argmax(axis=1)
        grams = sparse.vstack([grams, material.unlabelled.wording[kept]], format="csr")
        counts = np.append(np.ones(len(truth)), shares[kept, best])
        truth = truth.joined(best, truth.count)
    return fit_wording_head(
        grams,
        truth,
        strength=recipe.wording_strength,
        seed=seed,
        counts=counts,
        balanced=recipe.class_weights,
    )
