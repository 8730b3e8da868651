"""
Every message of an archive is judged by heads that did not learn from it.

Heads on what is seen of the texts are fitted on all folds but one, and judge that one. What they
say is fused and calibrated on rows that were held out, and told block after block, so that no table
of rows times labels is ever whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.data.beliefs import Block
from sortyard.domain.ports import Advance
from sortyard.domain.taxonomy import Kind
from sortyard.models.calibration import Calibrator, IndependentCalibrator, evenly
from sortyard.models.calibration_choice import choose_calibrator, choose_independent
from sortyard.models.heads import Head, Scores
from sortyard.training.fuse import fit_fusion
from sortyard.training.heads.axes import Axes
from sortyard.training.heads.meaning import fit_meaning_head
from sortyard.training.heads.wording import fit_wording_head
from sortyard.training.material import Look, Material, choose_reference
from sortyard.training.recipe import Recipe
from sortyard.training.sight import Sight
from sortyard.training.truth import Truth

MOST_ANSWERS = 20_000_000  # rows times labels, for which wording is asked as well: a minute
MOST_WEIGHTS = 40_000_000  # of the wording head of a fold: 160 MB
SCORES_AT_ONCE = 5_000_000  # 20 MB of each view
SCORES_TO_CHOOSE = 3_000_000  # by which the views are weighed and calibrated
FEWEST_TO_CHOOSE = 2_000  # rows, however many labels there are


@dataclass(frozen=True, slots=True)
class Judge:
    """Heads that saw none of some rows, and the labels (labels,) that they know."""

    rows: NDArray[np.intp]
    known: NDArray[np.bool_]
    meaning: Head | None
    wording: Head | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """The rows of one dimension as they are seen, and who judges each fold of them."""

    material: Material
    truth: Truth
    judges: tuple[Judge, ...]

    @classmethod
    def of(  # noqa: PLR0913 -- what a fit rests on
        cls,
        sight: Sight,
        truth: Truth,
        parts: NDArray[np.intp],
        recipe: Recipe,
        *,
        rng: np.random.Generator,
        seed: int,
        advance: Advance,
    ) -> Self:
        """Fit the heads of every fold."""
        nothing = np.zeros((len(sight), 1), dtype=np.float32)
        vectors = nothing if sight.vectors is None else sight.vectors
        axes = None if sight.vectors is None else Axes.of(vectors)
        numbered = [tuple(map(str, held)) for held in truth.as_sets()]
        material = Material(
            texts=[""] * len(sight),
            look=Look(
                static=vectors,
                encoded=sight.vectors if sight.is_deep else None,
                sentences=nothing if sight.sentences is None else sight.sentences,
            ),
            wording=sight.wording,
            folds=parts,
            reference=choose_reference(numbered, recipe.most_examples, rng),
        )
        weights = sight.wording.shape[1] * truth.count
        worded = axes is None or (
            len(truth) * truth.count <= MOST_ANSWERS and weights <= MOST_WEIGHTS
        )
        judges = []
        for turn in material.turns():
            taught = truth.take(turn.inside)
            meaning = wording = None
            if axes is not None:
                meaning = fit_meaning_head(
                    vectors[turn.inside], taught, strength=sight.strength, axes=axes
                )
            if worded:
                wording = fit_wording_head(
                    sight.wording[turn.inside], taught, strength=recipe.wording_strength, seed=seed
                )
            judges.append(Judge(turn.outside, taught.supports() > 0, meaning, wording))
            advance(1)
        return cls(material=material, truth=truth, judges=tuple(judges))

    def told(self) -> Iterator[Block]:
        """Give the chances of all labels of every row that can be judged, block after block."""
        heard = self._heard()
        if not len(heard.rows):
            return
        truth = self.truth.take(heard.rows)
        weights = fit_fusion(heard.views, truth)
        calibrator = _calibrator(
            _fused(heard.views, weights), truth, self.material.folds[heard.rows]
        )
        at_once = max(SCORES_AT_ONCE // self.truth.count, 1)
        for judge in self.judges:
            for start in range(0, len(judge.rows), at_once):
                rows = judge.rows[start : start + at_once]
                fused = _fused(self._views(judge, rows), weights)
                chances = np.array(calibrator.probabilities(fused), dtype=np.float64)
                chances[:, ~judge.known] = np.nan
                yield rows, chances

    def _heard(self) -> "_Heard":
        """Score rows to choose by: a spread of those that carry only labels their judge knows."""
        most = max(SCORES_TO_CHOOSE // self.truth.count, FEWEST_TO_CHOOSE)
        chosen = evenly(len(self.truth), most)
        order, views = [], []
        for judge in self.judges:
            own = chosen[np.isin(chosen, judge.rows)]
            own = own[self.truth.take(own).within(judge.known)]
            order.append(own)
            views.append(self._views(judge, own))
        if not order:
            return _Heard(chosen[:0], [])
        joined = [np.concatenate(part) for part in zip(*views, strict=True)]
        return _Heard(np.concatenate(order), joined)

    def _views(self, judge: Judge, rows: NDArray[np.intp]) -> list[Scores]:
        material = self.material
        found = []
        if judge.meaning is not None:
            found.append(judge.meaning.scores(material.look.static[rows]))
        if judge.wording is not None:
            found.append(judge.wording.scores(material.wording[rows]))
        if material.look.encoded is not None:
            found.append(material.near(self.truth, rows))
        return found


@dataclass(frozen=True, slots=True)
class _Heard:
    """What each view says of some rows, (rows, labels) each."""

    rows: NDArray[np.intp]
    views: list[Scores]


def _fused(views: Sequence[Scores], weights: Sequence[float]) -> Scores:
    fused: Scores = np.zeros_like(views[0])
    for weight, view in zip(weights, views, strict=True):
        fused += np.float32(weight) * view
    return fused


def _calibrator(
    scores: Scores, truth: Truth, folds: NDArray[np.intp]
) -> Calibrator | IndependentCalibrator:
    if truth.kind is Kind.SINGLE:
        return choose_calibrator(scores, truth.single, folds=folds).calibrator
    return choose_independent(scores, truth.matrix, folds=folds).calibrator
