"""A cross-encoder reads again what a line believes of rows that it did not see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sortyard.models.line import Judged
from sortyard.training.material import ALWAYS
from sortyard.training.opinions import Opinion
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.beside import Beside
from sortyard.training.rerank.crossing import Crossing
from sortyard.training.rerank.reranking import Trial, try_reranking
from sortyard.training.rerank.rivalry import Rivalry
from sortyard.training.tuning.course import Subject
from sortyard.training.tuning.cross_options import Cross

TURNS = 2  # a cross-encoder that reads a row learnt from the other half of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """
    Cross-encoders that are trained to teach, and to be forgotten.

    What a report should say of them is told in sentences.
    """

    crossing: Crossing
    recipe: Recipe
    tell: Callable[[str], None]

    def read_again(
        self,
        subjects: Sequence[Subject],
        opinions: Mapping[str, Opinion],
        *,
        without: int | None = None,
    ) -> Mapping[str, Opinion]:
        """
        Give what becomes of the opinions on some subjects, by name.

        A row is read by a cross-encoder that did not learn from it, and how much that counts is
        learnt from the others, as if it were to serve; where held-out rows gain nothing by it
        (`try_reranking`), the line is left alone. `without` names the fold that no row is of.
        """
        found = {
            one.name: _rivalry(opinions[one.name], one.cards, self.crossing.options)
            for one in subjects
        }
        close = {name: one for name, one in found.items() if one is not None}
        scores = (self.crossing.held_out(close) if close else None) or {}
        trials = {
            name: try_reranking(close[name], told, self.recipe) for name, told in scores.items()
        }
        for one in subjects:
            for note in _remarks(one.name, trials.get(one.name), without):
                self.tell(note)
        return {
            name: replace(one, chances=trials[name].probabilities)
            if name in trials and trials[name].gain.pays
            else one
            for name, one in opinions.items()
        }


def _rivalry(opinion: Opinion, cards: Sequence[str], options: Cross) -> Rivalry | None:
    """Find between which labels an opinion wavers."""
    material, rows = opinion.material, opinion.rows
    turns = np.where(material.folds == ALWAYS, ALWAYS, material.folds % TURNS)
    beside = Beside(
        material=material,
        rows=rows,
        neighbours=material.neighbours(opinion.truth),
        turns=turns,
        kin=material.folds,
    )
    return Rivalry.of(
        options,
        cards=tuple(cards[: opinion.truth.count]),
        texts=[material.texts[row] for row in rows],
        truth=opinion.truth.take(rows),
        folds=turns[rows],
        fair=opinion.fair,
        full=Judged(opinion.chances, np.zeros(len(rows))),
        beside=beside if options.examples else None,
    )


def _remarks(name: str, trial: Trial | None, without: int | None) -> Sequence[str]:
    """Say who taught a dimension: of a fold's encoder only where that was not the reranker."""
    whom = "the encoder" if without is None else f"the encoder that leaves fold {without} out"
    if trial is None:
        said = f"{name!r} was taught to {whom} by the line alone: there was nothing to rerank."
        return [said] if without is None else []
    if not trial.gain.pays:
        because = f"since a reranker brought it nothing: {trial.gain.figures}"
        return [f"{name!r} was taught to {whom} by the line alone, {because}."]
    if without is None:
        return [f"{name!r} was taught to {whom} by a reranker: {trial.gain.figures}."]
    return []
