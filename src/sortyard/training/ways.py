"""Three ways to answer a label tree, of which held-out rows choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import SEPARATOR, Kind
from sortyard.evaluation.hierarchy import tree_scores
from sortyard.evaluation.metrics import Confusion
from sortyard.models.calibration import evenly
from sortyard.models.descent import Descent, Way
from sortyard.models.heads import Scores
from sortyard.training.branch_heads import hold_out_branches
from sortyard.training.branches import fit_scales
from sortyard.training.fuse import fit_fusion
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth

FEWEST_ROWS = 30  # below these, chance would choose
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Fused:
    """How much each view counts, and how scores of nodes become those of labels."""

    weights: tuple[float, ...]
    descent: Descent | None = None

    def scores(self, views: Sequence[Scores]) -> Scores:
        """Fuse the views: (rows, columns)."""
        scores: Scores = np.zeros_like(views[0])
        for weight, view in zip(self.weights, views, strict=True):
            scores += np.float32(weight) * view
        return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    The way that a dimension is answered, and what the views say of held-out rows in that way.

    `figures` is what each way reached on the held-out rows, by its name.
    """

    way: Way
    held: HeldOutViews
    descent: Descent | None = None
    figures: Mapping[str, Mapping[str, float]]

    def fuse(self, views: Sequence[Scores], truth: Truth) -> Fused:
        """Weigh held-out views (rows, columns), and say how far each choice is trusted."""
        return fuse(views, truth, self.descent, self.way)


def plan(  # noqa: PLR0913 -- what a choice rests on
    labels: Sequence[str],
    material: Material,
    truth: Truth,
    held: HeldOutViews,
    recipe: Recipe,
    *,
    seed: int,
) -> Plan:
    """
    Choose the way with the least log loss on held-out rows; the recipe may have chosen before.

    A way that is less simple wins only where its gain exceeds the gain's own standard error. Where
    no label lies above another, or held-out rows are few, everything is flat.
    """
    is_tree = any(SEPARATOR in label for label in labels)
    few = held.fair.sum() < FEWEST_ROWS
    if truth.kind is Kind.MULTI or not is_tree or few or recipe.tree == Way.FLAT:
        return Plan(way=Way.FLAT, held=held, figures={})
    tree = Descent.of(labels)
    down = hold_out_branches(material, truth, tree, held, recipe, seed=seed)
    tried = _tried(held, down, truth, tree, material.folds)
    way = _best(tried) if recipe.tree is None else Way(recipe.tree)
    figures = {one.value: _figures(found, labels) for one, found in tried.items()}
    if way is Way.FLAT:
        return Plan(way=way, held=held, figures=figures)
    return Plan(way=way, held=down, descent=tree, figures=figures)


def fuse(views: Sequence[Scores], truth: Truth, tree: Descent | None, way: Way) -> Fused:
    """Weigh held-out views (rows, columns) of the labels, or of the nodes of their tree."""
    weights = fit_fusion(views, truth, tree)
    if tree is None or way is not Way.PER_PARENT:
        return Fused(weights, tree)
    scores = Fused(weights).scores(views)
    return Fused(weights, tree.scaled(fit_scales(scores, truth, tree)))


@dataclass(frozen=True, slots=True)
class _Tried:
    """What one way says of the rows that were held out."""

    log_chances: Scores  # (rows, labels)
    truth: NDArray[np.intp]

    def losses(self) -> NDArray[np.float64]:
        found = self.log_chances[np.arange(len(self.truth)), self.truth]
        return -found.astype(np.float64)


def _tried(
    held: HeldOutViews, down: HeldOutViews, truth: Truth, tree: Descent, folds: NDArray[np.intp]
) -> Mapping[Way, _Tried]:
    fair = np.flatnonzero(held.fair)
    kept = fair[evenly(len(fair), MOST_ROWS)]
    known, fold = truth.take(held.rows[kept]), folds[held.rows[kept]]
    flat_views, views = _deepest(held, kept), _deepest(down, kept)
    every = Descent.of([str(number) for number in range(truth.count)])  # no label above another
    flat = Fused(fit_fusion(flat_views, known)).scores(flat_views)
    scores = Fused(fit_fusion(views, known, tree)).scores(views)
    return {
        Way.FLAT: _Tried(every.log_chances(flat), known.single),
        Way.CONDITIONAL: _Tried(tree.log_chances(scores), known.single),
        Way.PER_PARENT: _Tried(_by_others(scores, known, tree, fold), known.single),
    }


def _by_others(scores: Scores, truth: Truth, tree: Descent, folds: NDArray[np.intp]) -> Scores:
    """Scale the choices of each fold by what all the others bear out."""
    found = np.empty((len(scores), truth.count), dtype=np.float32)
    for fold in np.unique(folds):
        out = folds == fold
        scales = fit_scales(scores[~out], truth.take(~out), tree)
        found[out] = tree.scaled(scales).log_chances(scores[out])
    return found


def _deepest(held: HeldOutViews, rows: NDArray[np.intp]) -> list[Scores]:
    """List the views of the last stage that there is."""
    first = held.student if held.meaning is None else held.meaning
    views = [first, held.wording, held.neighbours]
    return [view[rows] for view in views if view is not None]


def _best(tried: Mapping[Way, _Tried]) -> Way:
    best = Way.FLAT
    for way, found in tried.items():
        gain = tried[best].losses() - found.losses()
        if gain.mean() > gain.std() / sqrt(len(gain)):
            best = way
    return best


def _figures(found: _Tried, labels: Sequence[str]) -> Mapping[str, float]:
    truth = [labels[label] for label in found.truth]
    answers = [labels[label] for label in found.log_chances.argmax(axis=1)]
    right = np.array(truth) == np.array(answers)
    scores = tree_scores(Confusion.of(truth, answers))
    return {
        "log_loss": float(found.losses().mean()),
        "accuracy": float(right.mean()),
        "top_accuracy": scores.accuracy_at_depth[1],
        "hierarchical_f1": scores.f1,
        "sibling_confusion": scores.sibling_confusion,
    }
