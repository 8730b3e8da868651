"""Put the stages of one dimension together: when each of them reads, and who acts on its answer."""

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.evaluation.decision_thresholds import decision_thresholds
from sortyard.models.dimension import DimensionModel
from sortyard.models.hierarchy import LabelTree
from sortyard.models.line import Judged
from sortyard.training.decisions import learn_decisions
from sortyard.training.leads import NEVER, cascaded, learn_lead, shows_leads
from sortyard.training.lines import Stages
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.reranking import Reranked
from sortyard.training.truth import Truth


def assemble(stages: Stages, recipe: Recipe, reranked: Reranked | None = None) -> DimensionModel:
    """
    Learn on held-out rows when each stage reads and who acts, on what will be served.

    With a reranking the full line is the reranked one, and the rows are those that it was judged
    on.
    """
    task, held = stages.task, stages.way.held
    student = stages.student.held_out
    full = None if stages.full is None else stages.full.held_out
    kept = np.ones(len(held.rows), dtype=np.bool_)
    if reranked is not None:
        full, kept = reranked.held_out, reranked.judged
    truth = task.truth.take(held.rows)
    cuts = np.full(len(task.labels), 0.5, dtype=np.float32)
    if truth.kind is Kind.MULTI:
        folds = stages.material.folds[held.rows]
        cuts[: truth.count] = _cuts(full or student, truth, held.fair, folds)
    lead, served = 0.0, student
    if full is not None:
        fair = held.fair & kept
        lead = NEVER
        if shows_leads(truth.take(fair), recipe.tolerance):
            lead = learn_lead(
                truth.take(fair),
                at(student, fair),
                at(full, fair),
                cuts=cuts,
                tolerance=recipe.tolerance,
            )
        served = cascaded(student, full, lead=lead, cuts=cuts, kind=truth.kind)
    tree = LabelTree.of(task.labels)
    decisions = learn_decisions(
        task.dimension, tree, at(served, kept), truth.take(kept), recipe, cuts=cuts
    )
    return DimensionModel(
        dimension=task.dimension,
        tree=tree,
        student=stages.student.line,
        full=None if stages.full is None else stages.full.line,
        lead=lead,
        cuts=cuts,
        whole=decisions.whole,
        policy=decisions.policy,
        ways=stages.way.figures,
        reranking=None if reranked is None else reranked.reranking,
    )


def at(judged: Judged, rows: NDArray[np.bool_]) -> Judged:
    """Keep some rows by a mask (rows,)."""
    return Judged(judged.probabilities[rows], judged.novelty[rows])


def _cuts(
    judged: Judged, truth: Truth, fair: NDArray[np.bool_], folds: NDArray[np.intp]
) -> NDArray[np.floating]:
    """Find from which probability on each label with rows is answered, (labels,)."""
    held = truth.matrix[fair]
    if not held.any():
        return np.full(truth.count, 0.5)
    known = judged.probabilities[fair, : truth.count]
    return decision_thresholds(known, held, folds=folds[fair]).values
