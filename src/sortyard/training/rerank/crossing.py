"""Cross-encoders for what a line leaves undecided: one for every fold, and one for good."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Progress
from sortyard.models.reranker import PairScorer
from sortyard.training.material import names_of
from sortyard.training.rerank.beside import EVERY_FOLD
from sortyard.training.rerank.rivalry import Rivalry
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.lists import FEWEST_LISTS, Lists
from sortyard.training.workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """How cross-encoders are trained: where, and with which options."""

    workshop: Workshop
    options: Cross
    precision: str
    seed: int
    progress: Progress

    def held_out(self, close: Mapping[str, Rivalry]) -> Mapping[str, NDArray[np.float32]] | None:
        """
        Score what every dimension asks about (asked, most) with cross-encoders that saw none of it.

        For each fold one is trained without it, which then scores what was held out: the confusions
        that it learns from, and those that it is judged by, are such as it will meet. (The
        candidates of a row in another fold come from heads that had seen this one; its messages and
        labels are in no list.) None where there is too little to learn from.
        """
        scores = {
            name: np.zeros(one.candidates.shape, dtype=np.float32) for name, one in close.items()
        }
        for fold in sorted({fold for one in close.values() for fold in names_of(one.folds)}):
            lists = lists_of(close, self.options, seed=self.seed, without=fold)
            if len(lists) < FEWEST_LISTS:
                return None
            scorer = self._trained(lists, fold)
            with self.progress.stage(
                "Reading held-out messages with cards", total=len(close)
            ) as advance:
                for name, one in close.items():
                    at, texts, cards = one.pairs(fold)
                    found = scorer.scores(texts, cards)
                    scores[name][at] = found.reshape(one.candidates[at].shape)
                    advance(1)
        return scores

    def of_all(self, close: Mapping[str, Rivalry]) -> PairScorer:
        """Train one on the rows of all folds."""
        return self._trained(lists_of(close, self.options, seed=self.seed), None)

    def _trained(self, lists: Lists, fold: int | None) -> PairScorer:
        return self.workshop.cross_encoder(
            lists,
            self.options,
            precision=self.precision,
            seed=self.seed,
            progress=self.progress,
            fold=fold,
        )


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
