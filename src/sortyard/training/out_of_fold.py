"""Scores for every training row from models that did not see it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Advance
from sortyard.models.calibration import evenly
from sortyard.models.heads import Scores
from sortyard.training.material import ALWAYS, FEWEST_FOLDS, Material, names_of
from sortyard.training.recipe import Recipe
from sortyard.training.self_training import fit_heads
from sortyard.training.truth import Truth
from sortyard.training.view_heads import fit_wording

MOST_SCORES = 50_000_000  # of one view, 200 MB: 333,000 rows with 150 labels
ENOUGH = 0.5  # of the held-out rows, to choose by them alone
FEWEST_ROWS = 10_000  # to choose by, however many labels there are


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutViews:
    """
    What each view says of rows, from heads that did not see them; each (held out, labels).

    `rows` are the rows that were held out: none where all of them share one fold, and a spread of
    them where a score for every row and label would fill the memory. `fair` (held out,) marks those
    of which the heads had seen messages of every label: of the others they cannot know, and how
    wrong they are about them says nothing about the heads that will serve, which have seen all.
    Where that leaves less than half of them, having seen a label's card is enough.
    """

    rows: NDArray[np.intp]
    fair: NDArray[np.bool_]
    student: Scores
    wording: Scores
    meaning: Scores | None
    neighbours: Scores | None


def hold_out(
    material: Material, truth: Truth, recipe: Recipe, *, seed: int, advance: Advance
) -> HeldOutViews:
    """Fit on all folds but one and score that one, for every fold."""
    rows = _held_out_rows(material, truth)
    shape = (len(rows), truth.count)
    student, wording = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    has_encoder = material.look.encoded is not None
    meaning = np.zeros(shape, np.float32) if has_encoder else None
    neighbours = np.zeros(shape, np.float32) if has_encoder else None
    fair, known_at_all = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    always = material.folds == ALWAYS
    for turn in material.turns():
        known = truth.take(turn.inside)
        heads = fit_heads(turn.material.take(turn.inside), known, recipe, seed)
        at = np.flatnonzero(np.isin(rows, turn.outside))
        asked = rows[at]
        look = turn.material.look
        student[at] = heads.student.scores(look.static[asked])
        wording[at] = heads.wording.scores(material.wording[asked])
        if meaning is not None and look.encoded is not None and heads.meaning is not None:
            meaning[at] = heads.meaning.scores(look.encoded[asked])
        if neighbours is not None:
            neighbours[at] = turn.material.near(truth, asked)
        messages = known.take(np.logical_not(always[turn.inside]))
        fair[at] = truth.take(asked).within(messages.supports() > 0)
        known_at_all[at] = truth.take(asked).within(known.supports() > 0)
        advance(1)
    return HeldOutViews(
        rows=rows,
        fair=fair if fair.sum() >= ENOUGH * len(rows) else known_at_all,
        student=student,
        wording=wording,
        meaning=meaning,
        neighbours=neighbours,
    )


def hold_out_wording(
    material: Material, truth: Truth, rows: NDArray[np.intp], recipe: Recipe, *, seed: int
) -> Scores:
    """Score rows by what wording alone says, from heads that did not see them, (rows, labels)."""
    scores = np.zeros((len(rows), truth.count), np.float32)
    for turn in material.turns():
        head = fit_wording(turn.material.take(turn.inside), truth.take(turn.inside), recipe, seed)
        at = np.flatnonzero(np.isin(rows, turn.outside))
        scores[at] = head.scores(material.wording[rows[at]])
    return scores


def _held_out_rows(material: Material, truth: Truth) -> NDArray[np.intp]:
    if len(names_of(material.folds)) < FEWEST_FOLDS:
        return np.empty(0, dtype=np.intp)
    judged = np.flatnonzero(material.folds != ALWAYS)
    return judged[evenly(len(judged), max(MOST_SCORES // truth.count, FEWEST_ROWS))]
