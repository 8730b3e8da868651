"""Fit one dimension: hold out, fuse, calibrate, learn the cascade, then fit on every row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Advance
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.evaluation.decision_thresholds import decision_thresholds
from sortyard.models.calibration import Calibrator, IndependentCalibrator
from sortyard.models.calibration_choice import choose_calibrator, choose_independent
from sortyard.models.dimension import DimensionModel
from sortyard.models.heads import Head, Scores
from sortyard.models.hierarchy import LabelTree
from sortyard.models.line import Judged, Line, Weights
from sortyard.models.neighbours import Neighbours
from sortyard.models.novelty import Familiarity
from sortyard.training.cards import fit_cards
from sortyard.training.decisions import learn_decisions
from sortyard.training.fuse import fit_fusion
from sortyard.training.leads import learn_lead
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews, fit_heads, hold_out
from sortyard.training.recipe import Recipe
from sortyard.training.truth import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class CardVectors:
    """The embedded cards of one dimension, by each of the two encoders, in label order."""

    static: NDArray[np.float32]
    encoded: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One dimension to be learnt: its labels with rows first, then those without."""

    dimension: Dimension
    labels: tuple[str, ...]
    truth: Truth  # over the labels that have rows
    cards: CardVectors


@dataclass(frozen=True, slots=True)
class _Stage:
    """One stage on its way: what is fitted, and what it says of the held-out rows."""

    line: Line
    held_out: Judged


def fit_dimension(
    task: Task, material: Material, recipe: Recipe, *, seed: int, advance: Advance
) -> DimensionModel:
    """
    Fit all that one dimension needs on the rows of the material.

    Everything that is chosen (weights, calibration, lead, thresholds) is chosen on scores that
    were made out of fold, so that no row is set aside for it.
    """
    views = hold_out(material, task.truth, recipe, seed=seed, advance=advance)
    heads = fit_heads(material, task.truth, recipe, seed)
    advance(1)
    wording = heads.wording.as_stored()
    student = _fit_stage(
        task,
        material,
        [views.student, views.wording],
        (heads.student, wording),
        cards=task.cards.static,
        sentences=material.static,
        neighbours=None,
    )
    full = None
    if heads.meaning is not None and task.cards.encoded is not None:
        full = _fit_stage(
            task,
            material,
            _views_of_full(views),
            (heads.meaning, wording),
            cards=task.cards.encoded,
            sentences=material.sentences,
            neighbours=_neighbours(task, material),
        )
    return _assemble(task, material, recipe, student, full)


def _views_of_full(views: HeldOutViews) -> list[Scores]:
    found = [views.meaning, views.wording, views.neighbours]
    return [view for view in found if view is not None]


def _neighbours(task: Task, material: Material) -> Neighbours:
    carried = task.truth.take(material.reference).as_sets()
    return Neighbours.of(carried, task.truth.count)


def _fit_stage(  # noqa: PLR0913 -- the parts of a stage, by name
    task: Task,
    material: Material,
    views: Sequence[Scores],
    heads: tuple[Head, Head],
    *,
    cards: NDArray[np.float32],
    sentences: NDArray[np.float32],
    neighbours: Neighbours | None,
) -> _Stage:
    weights = fit_fusion(views, task.truth)
    scores: Scores = np.tensordot(np.asarray(weights, dtype=np.float32), np.stack(views), axes=1)
    single = task.truth.kind is Kind.SINGLE
    rows = task.truth.count
    meaning, wording = heads
    line = Line(
        meaning=meaning.as_stored(),
        wording=wording,
        weights=Weights(*weights),
        calibrator=_calibrator(scores, task.truth, material.folds),
        familiarity=Familiarity.fit(scores.max(axis=1)),
        exclusive=single,
        neighbours=neighbours,
        cards=fit_cards(sentences, scores, task.truth, own=cards[:rows], new=cards[rows:]),
    )
    return _Stage(line, line.judge_scores(scores, sentences))


def _calibrator(
    scores: Scores, truth: Truth, folds: NDArray[np.intp]
) -> Calibrator | IndependentCalibrator:
    if truth.kind is Kind.SINGLE:
        return choose_calibrator(scores, truth.single, folds=folds).calibrator
    return choose_independent(scores, truth.matrix, folds=folds).calibrator


def _assemble(
    task: Task, material: Material, recipe: Recipe, student: _Stage, full: _Stage | None
) -> DimensionModel:
    best = full or student
    cuts = np.full(len(task.labels), 0.5, dtype=np.float32)
    if task.truth.kind is Kind.MULTI:
        known = best.held_out.probabilities[:, : task.truth.count]
        found = decision_thresholds(known, task.truth.matrix, folds=material.folds)
        cuts[: task.truth.count] = found.values
    lead, served = 0.0, student.held_out
    if full is not None:
        lead, served = learn_lead(
            task.truth, student.held_out, full.held_out, cuts=cuts, tolerance=recipe.tolerance
        )
    tree = LabelTree.of(task.labels)
    decisions = learn_decisions(task.dimension, tree, served, task.truth, recipe, cuts=cuts)
    return DimensionModel(
        dimension=task.dimension,
        tree=tree,
        student=student.line,
        full=None if full is None else full.line,
        lead=lead,
        cuts=cuts,
        whole=decisions.whole,
        policy=decisions.policy,
    )
