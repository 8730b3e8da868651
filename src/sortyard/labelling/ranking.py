"""Of each strategy the messages of a pool that are worth most, by what a release says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.ports import Progress
from sortyard.labelling.pool import Reading, batches_of
from sortyard.labelling.shortlist import Best, Draw
from sortyard.labelling.signals import worth
from sortyard.labelling.strategies import Strategy
from sortyard.models.cascade import Depth
from sortyard.models.classifier import Classifier

WHOLE = 50_000  # messages of a pool that are all read as closely as a release can
WIDER = 10  # times as many as are wanted stay of a larger pool, to be read so


@dataclass(frozen=True, slots=True)
class Ranking:
    """
    A release that ranks the messages of a pool, of which only shortlists are kept.

    Its encoder would take most of an hour for a million, so of a pool of more than `WHOLE` its
    student looks at all first, and the whole release at those that are worth most to the student.
    """

    classifier: Classifier
    read: Reading
    sizes: Mapping[Strategy, int]
    supports: Mapping[str, NDArray[np.intp]]  # the labelled messages of every label

    @classmethod
    def of(cls, classifier: Classifier, read: Reading, sizes: Mapping[Strategy, int]) -> Self:
        """Rank by a release; `sizes` says how long the list of each strategy may be."""
        supports = {
            model.dimension.name: read.pool.counts(model.dimension.name, model.labels)
            for model in classifier.models
        }
        return cls(classifier, read, sizes, supports)

    def shortlists(self, random: Draw, progress: Progress) -> Mapping[Strategy, Best]:
        """Read the pool once, in batches; `random` sees every place of it."""
        count = len(self.read.pool.messages)
        in_two = count > WHOLE and self.classifier.eyes.encoder is not None
        first = self.classifier.at_depth(Depth.STATIC) if in_two else self.classifier
        best = self._lists(WIDER if in_two else 1)
        with progress.stage("Reading the pool", count) as advance:
            for places, texts in self.read.batches():
                random.see(places)
                fresh = self.read.fresh(places, texts)
                self._see(best, first, fresh.places, fresh.texts)
                advance(len(places))
        return self._closely(best, progress) if in_two else best

    def _closely(
        self, wider: Mapping[Strategy, Best], progress: Progress
    ) -> Mapping[Strategy, Best]:
        """Read what is on some list with all that the release has."""
        best = self._lists(1)
        listed = np.unique(np.concatenate([one.places for one in wider.values()]))
        with progress.stage("Reading closely", len(listed)) as advance:
            for places in batches_of(listed):
                self._see(best, self.classifier, places, self.read.texts(places))
                advance(len(places))
        return best

    def _lists(self, times: int) -> Mapping[Strategy, Best]:
        return {one: Best(times * size) for one, size in self.sizes.items()}

    def _see(
        self,
        best: Mapping[Strategy, Best],
        classifier: Classifier,
        places: NDArray[np.intp],
        texts: Sequence[str],
    ) -> None:
        if not len(places):
            return
        messages = self.read.pool.messages
        held = classifier.features_of((messages[place] for place in places), texts)
        found = worth(classifier.models, classifier.judge(texts, held), self.supports)
        for one, kept in best.items():
            if one in found:
                kept.see(places, found[one])
