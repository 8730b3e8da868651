"""One cross-encoder for all dimensions: judged by held-out rows first, then trained on all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sortyard.domain.ports import Progress
from sortyard.models.reranker import PairScorer
from sortyard.training.lines import Stages
from sortyard.training.material import names_of
from sortyard.training.recipe import Recipe
from sortyard.training.rerank.beside import EVERY_FOLD
from sortyard.training.rerank.reranking import Reranked, fit_reranking
from sortyard.training.rerank.rivalry import Rivalry, rivalry_of
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.lists import FEWEST_LISTS, Lists
from sortyard.training.workshop import Workshop

NOTHING = "There is no reranker: no dimension with one label a message has held-out messages."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerankers:
    """The cross-encoder that serves, what every dimension does with it, and what it brought."""

    scorer: PairScorer | None = None
    reranked: Mapping[str, Reranked] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def remark(self, tell: Callable[[str], None]) -> None:
        """Tell what a report should say of it."""
        for note in self.notes:
            tell(note)


def fit_rerankers(
    stages: Sequence[Stages], workshop: Workshop, recipe: Recipe, *, seed: int, progress: Progress
) -> Rerankers:
    """
    Train a cross-encoder where it pays, and learn in every dimension where it reads.

    For each fold one is trained without it, which then scores what was held out: the confusions
    that it learns from, and those that it is judged by, are such as it will meet. (The candidates
    of a row in another fold come from heads that had seen this one; its messages and labels are in
    no list.) Where no dimension gains, none is trained on all rows, and none is kept.
    """
    options = recipe.cross
    if options is None:
        return Rerankers()
    rivalries = {
        one.task.dimension.name: rivalry_of(one, options, keep_texts=recipe.keep_texts)
        for one in stages
    }
    close = {name: one for name, one in rivalries.items() if one is not None}
    if not close:
        return Rerankers(notes=(NOTHING,))
    scores = {name: np.zeros(one.candidates.shape, dtype=np.float32) for name, one in close.items()}
    for fold in sorted({fold for one in close.values() for fold in names_of(one.folds)}):
        lists = lists_of(close, options, seed=seed, without=fold)
        if len(lists) < FEWEST_LISTS:
            return Rerankers(notes=(NOTHING,))
        scorer = workshop.cross_encoder(lists, recipe, seed=seed, progress=progress, fold=fold)
        with progress.stage("Reading held-out messages with cards", total=len(close)) as advance:
            for name, one in close.items():
                at, texts, cards = one.pairs(fold)
                scores[name][at] = scorer.scores(texts, cards).reshape(one.candidates[at].shape)
                advance(1)
    fitted = {name: fit_reranking(one, scores[name], recipe) for name, one in close.items()}
    notes = tuple(gain.told(name, options.most) for name, (_, gain) in fitted.items())
    reranked = {name: one for name, (one, _) in fitted.items() if one is not None}
    if not reranked:
        return Rerankers(notes=notes)
    lists = lists_of({name: close[name] for name in reranked}, options, seed=seed)
    scorer = workshop.cross_encoder(lists, recipe, seed=seed, progress=progress)
    return Rerankers(scorer=scorer, reranked=reranked, notes=notes)


def lists_of(
    close: Mapping[str, Rivalry], options: Cross, *, seed: int, without: int = EVERY_FOLD
) -> Lists:
    """Share the lists out among the dimensions by their rows, without those of a fold."""
    rng = np.random.default_rng((seed, without - EVERY_FOLD))
    rows = sum(len(one.texts) for one in close.values())
    return Lists.joined(
        [
            one.lists(
                max(options.lists * len(one.texts) // rows, 1),
                easy=options.easy,
                rng=rng,
                without=without,
            )
            for one in close.values()
        ]
    )
