"""
Features beyond the words: learnt from training rows, and kept where rows that were held out gain.

What came with a message and what is measured of it are tried one after the other. A dimension that
neither helps learns from the words alone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
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
from sortyard.training.out_of_fold import HeldOutViews, hold_out, hold_out_wording
from sortyard.training.recipe import Recipe
from sortyard.training.sets import Sets
from sortyard.training.truth import Truth

FEWEST_ROWS = 30  # held out; below these, chance would choose
MOST_ROWS = 20_000
LEAST_GAIN = 0.001  # of log loss; a smaller one is in no figure of the report
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
    """What one kind of features brought to a dimension, on the same held-out rows."""

    kind: str
    without: Told
    beside: Told

    @property
    def is_clear(self) -> bool:
        """
        Whether the gain exceeds its own standard error, and no fewer rows are told rightly.

        Too few rows tell nothing.
        """
        gain = self.without.losses - self.beside.losses
        if len(gain) < FEWEST_ROWS or self.beside.right.sum() < self.without.right.sum():
            return False
        return bool(gain.mean() > max(gain.std() / sqrt(len(gain)), LEAST_GAIN))

    def remark(self, dimension: str) -> str:
        """Say for the report whether the features are used, and what that rests on."""
        rows = len(self.without.losses)
        which = f"{dimension}: {self.kind} features"
        if rows < FEWEST_ROWS:
            return f"{which} are not used; {rows} held-out rows cannot tell what they are worth."
        figures = f"{self.beside} with them; {self.without} without ({rows:,} held-out rows)"
        if self.is_clear:
            return f"{which} are used: {figures}."
        return f"{which} are not used, for they bring no clear gain: {figures}."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a dimension learns from, what its views say of held-out rows, and what was tried."""

    material: Material
    held: HeldOutViews
    gains: tuple[FeatureGain, ...] = ()


def learn_features(
    declared: Declaration, sets: Sets, tell: Callable[[str], None]
) -> tuple[Features, Sequence[Held]]:
    """Learn the features that were declared from training messages, and tell which these have."""
    if not declared:
        return NO_FEATURES, ()
    reader = FactReader(declared)
    messages = [one.message for one in sets.train.examples]
    facts = [reader.read(*one) for one in zip(messages, sets.texts, strict=False)]  # cards follow
    features = Features.fit(reader, facts)
    held = [features.held(one) for one in facts]
    for note in _unread(features, held):
        tell(note)
    return features, held


def _unread(features: Features, held: Iterable[Held]) -> Iterator[str]:
    """Say for the report which columns say nothing, read as they were declared to be."""
    heard = {place for one in held for place in one}
    said: dict[str, bool] = {}
    for heading, own in features.spans():
        if heading.column is not None:
            found = not heard.isdisjoint(range(own.start, own.stop))
            said[heading.column] = found or said.get(heading.column, False)
    for column in (one for one, found in said.items() if not found):
        kind = features.reader.declared.metadata[column]
        yield f"No training message says anything in {column!r} that can be read as a {kind}."


def choose_features(
    material: Material, truth: Truth, held: HeldOutViews, recipe: Recipe, *, seed: int
) -> Chosen:
    """
    Add one kind of features after the other where held-out rows are told better with it.

    `held` is what was held out of the whole material.
    """
    if not material.features:
        return Chosen(material, held)

    def seen(kinds: Collection[str]) -> Chosen:
        part = material.with_features(kinds)
        scores = hold_out_wording(part, truth, held.rows, recipe, seed=seed)
        return Chosen(part, replace(held, wording=scores))

    kept: list[str] = []
    gains: list[FeatureGain] = []
    best = seen(kept)
    for kind in material.features:
        tried = seen([*kept, kind])
        gains.append(FeatureGain(kind, _told(best.held, truth), _told(tried.held, truth)))
        if gains[-1].is_clear:
            kept.append(kind)
            best = tried
    if material.unlabelled is not None:  # its guesses were left out of the comparison
        again = hold_out(best.material, truth, recipe, seed=seed, advance=lambda _steps: None)
        best = replace(best, held=again)
    return replace(best, gains=tuple(gains))


def remarks(dimension: str, gains: Iterable[FeatureGain]) -> Iterator[str]:
    """Say for the report what features bring, where there are any."""
    for gain in gains:
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
