"""
Features beside the words: learnt from training rows, and kept where rows that were held out gain.

A dimension that they do not help never hears of them: its heads learn from the words alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.features import Declaration
from sortyard.domain.taxonomy import Kind
from sortyard.models.calibration import evenly, softmax
from sortyard.models.feature_facts import FactReader
from sortyard.models.features import NO_FEATURES, Features, Held
from sortyard.models.heads import Scores
from sortyard.models.independent import Sigmoids
from sortyard.training.fuse import fit_fusion
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews, hold_out_wording
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets
from sortyard.training.truth import Truth

FEWEST_ROWS = 30  # held out; below these, chance would choose
MOST_ROWS = 20_000
LEAST_CHANCE = 1e-12
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """How well held-out rows were told: log loss and share of right answers, (rows,) each."""

    losses: NDArray[np.float64]
    right: NDArray[np.bool_]

    def __str__(self) -> str:
        return f"log loss {self.losses.mean():.3f}, {100 * self.right.mean():.1f} % right"


@dataclass(frozen=True, slots=True)
class FeatureGain:
    """What features brought to one dimension, on the same held-out rows."""

    without: Told
    beside: Told

    @property
    def is_clear(self) -> bool:
        """Whether the gain exceeds its own standard error, on rows that are enough to tell."""
        gain = self.without.losses - self.beside.losses
        return len(gain) >= FEWEST_ROWS and bool(gain.mean() > gain.std() / sqrt(len(gain)))

    def remark(self, dimension: str) -> str:
        """Say for the report whether the features are used, and what that rests on."""
        rows = len(self.without.losses)
        if rows < FEWEST_ROWS:
            return (
                f"{dimension}: features are not used; {rows} held-out rows cannot tell their use."
            )
        figures = f"{self.beside} with them; {self.without} without ({rows:,} held-out rows)"
        if self.is_clear:
            return f"{dimension}: features are used: {figures}."
        return f"{dimension}: features are not used, for they bring no clear gain: {figures}."


def learn_features(declared: Declaration, sets: Sets) -> tuple[Features, Sequence[Held]]:
    """Learn the features that were declared from training messages, and tell which these have."""
    if not declared:
        return NO_FEATURES, ()
    reader = FactReader(declared)
    messages = [one.message for one in sets.train.examples]
    facts = [reader.read(*one) for one in zip(messages, sets.texts, strict=False)]  # cards follow
    features = Features.fit(reader, facts)
    return features, [features.held(one) for one in facts]


def choose_features(
    material: Material, truth: Truth, held: HeldOutViews, recipe: Recipe, *, seed: int
) -> tuple[Material, HeldOutViews, FeatureGain | None]:
    """Leave the features out where held-out rows are told no better with them."""
    if not material.features:
        return material, held, None
    bare = material.without_features()
    words = replace(held, wording=hold_out_wording(bare, truth, held.rows, recipe, seed=seed))
    gain = FeatureGain(_told(words, truth), _told(held, truth))
    return (material, held, gain) if gain.is_clear else (bare, words, gain)


def remark(dimension: str, gain: FeatureGain | None) -> Iterator[str]:
    """Say for the report what features bring, where there are any."""
    if gain is not None:
        yield gain.remark(dimension)


def _told(held: HeldOutViews, truth: Truth) -> Told:
    """Fuse the views of the last stage that there is, and compare what they say with the truth."""
    fair = np.flatnonzero(held.fair)
    fair = fair[evenly(len(fair), MOST_ROWS)]
    first = held.student if held.meaning is None else held.meaning
    found = [view for view in (first, held.wording, held.neighbours) if view is not None]
    views, known = [view[fair] for view in found], truth.take(held.rows[fair])
    if not len(known):
        return Told(np.empty(0), np.empty(0, dtype=np.bool_))
    fused: Scores = np.zeros_like(views[0])
    for view, weight in zip(views, fit_fusion(views, known), strict=True):
        fused += np.float32(weight) * view
    if known.kind is Kind.SINGLE:
        chances = softmax(fused)[np.arange(len(known)), known.single]
        return Told(_surprise(chances), fused.argmax(axis=1) == known.single)
    likely = Sigmoids.fit_shared(fused, known.matrix).probabilities(fused)
    chances = np.where(known.matrix, likely, 1.0 - likely)
    right = np.asarray((chances > HALF).all(axis=1), dtype=np.bool_)
    return Told(_surprise(chances).sum(axis=1), right)


def _surprise(chances: NDArray[np.floating]) -> NDArray[np.float64]:
    return -np.log(np.maximum(chances.astype(np.float64), LEAST_CHANCE))
