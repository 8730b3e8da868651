"""Fit the stages of one dimension: hold out, fuse, calibrate, then fit on every row."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Advance
from sortyard.domain.taxonomy import Dimension, Kind
from sortyard.models.calibration import Calibrator, IndependentCalibrator, Temperature
from sortyard.models.calibration_choice import choose_calibrator, choose_independent
from sortyard.models.descent import Descent
from sortyard.models.heads import Head, Scores
from sortyard.models.independent import Sigmoids
from sortyard.models.line import Judged, Line, Weights
from sortyard.models.neighbours import Neighbours
from sortyard.models.novelty import Familiarity
from sortyard.training.branch_heads import fit_branch_heads
from sortyard.training.cards import fit_cards
from sortyard.training.feature_gains import FeatureGain, choose_features
from sortyard.training.guess_trial import hold_out_taught
from sortyard.training.material import Material
from sortyard.training.out_of_fold import HeldOutViews
from sortyard.training.recipe import Recipe
from sortyard.training.self_training import fit_heads
from sortyard.training.truth import Truth
from sortyard.training.view_heads import Heads
from sortyard.training.ways import Plan, plan


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
class Stage:
    """One stage on its way: what is fitted, and what it says of the rows that were held out."""

    line: Line
    held_out: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """
    The stages of one dimension, not yet put together.

    `full` is None where no encoder serves. What they say of held-out rows is in the order of
    `way.held.rows`.
    """

    task: Task
    material: Material
    way: Plan
    student: Stage
    full: Stage | None
    gains: tuple[FeatureGain, ...] = ()  # of features beyond the words


def fit_stages(
    task: Task, material: Material, recipe: Recipe, *, seed: int, advance: Advance
) -> Stages:
    """
    Fit the stages that one dimension needs on the rows of the material.

    Everything that is chosen (weights and calibration here, lead and thresholds later) is chosen on
    scores that were made out of fold, so that no row is set aside for it. What is chosen by how
    likely the truth was, is chosen on the rows that could be known (`HeldOutViews.fair`); what is
    promised is measured on all, since messages like the others will come too.
    """
    carried = task.labels[: task.truth.count]
    material, flat = hold_out_taught(material, task.truth, recipe, seed=seed, advance=advance)
    chosen = choose_features(material, task.truth, flat, recipe, seed=seed)
    material, flat = chosen.material, chosen.held
    way = plan(carried, material, task.truth, flat, recipe, seed=seed)
    held, heads = way.held, _fit_heads(material, task.truth, way.descent, recipe, seed)
    advance(1)
    wording = heads.wording.as_stored()
    student = _fit_stage(
        task,
        material,
        way,
        [held.student, held.wording],
        (heads.student, wording),
        cards=task.cards.static,
        sentences=material.look.static,
        neighbours=None,
    )
    full = None
    if heads.meaning is not None and task.cards.encoded is not None:
        full = _fit_stage(
            task,
            material,
            way,
            _views_of_full(held),
            (heads.meaning, wording),
            cards=task.cards.encoded,
            sentences=material.look.sentences,
            neighbours=material.neighbours(task.truth),
        )
    return Stages(
        task=task, material=material, way=way, student=student, full=full, gains=chosen.gains
    )


def _fit_heads(
    material: Material, truth: Truth, descent: Descent | None, recipe: Recipe, seed: int
) -> Heads:
    if descent is None:
        return fit_heads(material, truth, recipe, seed)
    return fit_branch_heads(material, truth, descent, recipe, seed)


def _views_of_full(held: HeldOutViews) -> list[Scores]:
    found = [held.meaning, held.wording, held.neighbours]
    return [view for view in found if view is not None]


def _fit_stage(  # noqa: PLR0913 -- the parts of a stage, by name
    task: Task,
    material: Material,
    way: Plan,
    views: Sequence[Scores],
    heads: tuple[Head, Head],
    *,
    cards: NDArray[np.float32],
    sentences: NDArray[np.float32],
    neighbours: Neighbours | None,
) -> Stage:
    held = way.held
    fair = held.rows[held.fair]
    truth = task.truth.take(fair)
    fused = way.fuse([view[held.fair] for view in views], truth)
    scores = fused.scores(views)
    logits = known = scores[held.fair]
    if fused.descent is not None:
        logits, known = fused.descent.log_chances(known), fused.descent.label_scores(known)
    carried = truth.count
    meaning, wording = heads
    line = Line(
        meaning=meaning.as_stored(),
        wording=wording,
        weights=Weights(*fused.weights),
        calibrator=_calibrator(logits, truth, material.folds[fair]),
        familiarity=Familiarity.fit(known.max(axis=1), truth.unlabelled()),
        exclusive=truth.kind is Kind.SINGLE,
        neighbours=neighbours,
        cards=fit_cards(sentences[fair], known, truth, own=cards[:carried], new=cards[carried:]),
        descent=fused.descent,
    )
    return Stage(line, line.judge_scores(scores, sentences[held.rows]))


def _calibrator(
    scores: Scores, truth: Truth, folds: NDArray[np.intp]
) -> Calibrator | IndependentCalibrator:
    if not len(truth):  # nothing to choose by
        plain = Sigmoids((1.0,) * truth.count, (0.0,) * truth.count)
        return Temperature(1.0) if truth.kind is Kind.SINGLE else plain
    if truth.kind is Kind.SINGLE:
        return choose_calibrator(scores, truth.single, folds=folds).calibrator
    return choose_independent(scores, truth.matrix, folds=folds).calibrator
