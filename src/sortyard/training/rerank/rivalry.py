"""Between which labels the full line wavers, on messages that it had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.taxonomy import Kind
from sortyard.models.best import best_labels
from sortyard.models.calibration import evenly
from sortyard.models.dimension import lead_of
from sortyard.models.line import Judged
from sortyard.training.lines import Stages
from sortyard.training.rerank.beside import Beside
from sortyard.training.truth import Truth
from sortyard.training.tuning.cross_options import Cross
from sortyard.training.tuning.lists import Lists

MOST_ROWS = 20_000  # that a dimension is judged on
FEWEST_LABELS = 2
UNLIKELY = 1e-6  # no label is held to be less likely than this before its card is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivalry:
    """
    One `single` dimension's held-out messages, and the best labels of each by its full line.

    Everything is in the order of the rows that were held out, (held out,): `texts`, `truth`,
    `folds`, which are `fair` to be judged by, the `leads` of the full line and what it says,
    `full`. `sampled` marks those that a reranking is judged on, and `asked` (asked,) are the places
    of the ones among them that are read for it, with their `candidates` (asked, most): the smallest
    leads, below `ceiling`. `beside` finds the examples that stand behind the cards, if any do.
    """

    cards: tuple[str, ...]  # (labels,)
    texts: Sequence[str]
    truth: Truth
    folds: NDArray[np.intp]
    fair: NDArray[np.bool_]
    full: Judged
    leads: NDArray[np.float32]
    sampled: NDArray[np.bool_]
    asked: NDArray[np.intp]
    candidates: NDArray[np.intp]
    most: int
    ceiling: float
    beside: Beside | None = None

    @classmethod
    def of(  # noqa: PLR0913 -- what is known of messages that were held out, by name
        cls,
        options: Cross,
        *,
        cards: tuple[str, ...],
        texts: Sequence[str],
        truth: Truth,
        folds: NDArray[np.intp],
        fair: NDArray[np.bool_],
        full: Judged,
        beside: Beside | None = None,
    ) -> "Rivalry | None":
        """Find what a reranker could be good for, or None where there is nothing to rerank."""
        if truth.kind is not Kind.SINGLE or len(cards) < FEWEST_LABELS or not len(texts):
            return None
        cuts = np.full(len(cards), 0.5, dtype=np.float32)
        leads = lead_of(full.probabilities, cuts, Kind.SINGLE)
        sampled = np.zeros(len(texts), dtype=np.bool_)
        sampled[evenly(len(texts), MOST_ROWS)] = True
        places = np.flatnonzero(sampled)
        places = places[np.argsort(leads[places], kind="stable")]
        left = places[options.judged :]
        ceiling = float(leads[left[0]]) if len(left) else inf
        asked = np.sort(places[leads[places] < ceiling])
        return cls(
            cards=cards,
            texts=texts,
            truth=truth,
            folds=folds,
            fair=fair,
            full=full,
            leads=leads,
            sampled=sampled,
            asked=asked,
            candidates=best_labels(full.probabilities[asked], options.most),
            most=options.most,
            ceiling=ceiling,
            beside=beside,
        )

    @property
    def held(self) -> NDArray[np.float32]:
        """What the full line gives every candidate, (asked, most)."""
        probabilities = self.full.probabilities[self.asked]
        return np.take_along_axis(probabilities, self.candidates, axis=1)

    @property
    def columns(self) -> NDArray[np.intp]:
        """Where the true label stands among the candidates, (asked,), or -1."""
        found = self.candidates == self.truth.single[self.asked][:, None]
        return np.where(found.any(axis=1), found.argmax(axis=1), -1)

    def lists(self, most: int, *, easy: float, rng: np.random.Generator, without: int) -> Lists:
        """
        Make lists of at most so many messages to learn from, none of them of the fold `without`.

        Those with the smallest leads, and a share `easy` of the others. Every list has the true
        label: in the place of the last one where the line did not think of it. What the line makes
        of each candidate is known beforehand, so that only what it does not see is learnt.
        """
        places = np.flatnonzero(self.folds != without)
        places = places[np.argsort(self.leads[places], kind="stable")]
        plain = round(easy * min(most, len(places)))
        hard = min(most, len(places)) - plain
        chosen = np.append(places[:hard], rng.permutation(places[hard:])[:plain])
        candidates = best_labels(self.full.probabilities[chosen], self.most)
        truth = self.truth.single[chosen]
        missing = np.logical_not((candidates == truth[:, None]).any(axis=1))
        candidates[missing, -1] = truth[missing]
        held = np.take_along_axis(self.full.probabilities[chosen], candidates, axis=1)
        read = self._cards_of(chosen, candidates, without)
        cards = sorted({card for row in read for card in row})
        number = {card: place for place, card in enumerate(cards)}
        numbered = np.array([[number[card] for card in row] for row in read], dtype=np.intp)
        right = (candidates == truth[:, None]).argmax(axis=1)
        return Lists(
            texts=[self.texts[place] for place in chosen],
            cards=cards,
            candidates=numbered.reshape(candidates.shape),
            truth=numbered.reshape(candidates.shape)[np.arange(len(chosen)), right],
            known=np.log(np.maximum(held, UNLIKELY)).astype(np.float32),
        )

    def pairs(self, fold: int) -> tuple[NDArray[np.intp], list[str], list[str]]:
        """Give what is asked about of one fold: which (of asked,), and texts beside cards."""
        at = np.flatnonzero(self.folds[self.asked] == fold)
        most = self.candidates.shape[1]
        texts = [self.texts[place] for place in self.asked[at] for _ in range(most)]
        cards = self._cards_of(self.asked[at], self.candidates[at], fold)
        return at, texts, [card for row in cards for card in row]

    def _cards_of(
        self, places: NDArray[np.intp], candidates: NDArray[np.intp], without: int
    ) -> list[list[str]]:
        if self.beside is None:
            return [[self.cards[label] for label in row] for row in candidates]
        return self.beside.cards(self.cards, places, candidates, without=without)


def rivalry_of(stages: Stages, options: Cross, *, keep_texts: bool) -> Rivalry | None:
    """Find what a reranker could be good for behind the full line of a dimension, if anything."""
    task, held = stages.task, stages.way.held
    if stages.full is None:
        return None
    nodes = {node.path: node for node in task.dimension.nodes}
    return Rivalry.of(
        options,
        cards=tuple(nodes[path].card for path in task.labels),
        texts=[stages.material.texts[row] for row in held.rows],
        truth=task.truth.take(held.rows),
        folds=stages.material.folds[held.rows],
        fair=held.fair,
        full=stages.full.held_out,
        beside=_beside(stages) if options.examples and keep_texts else None,
    )


def _beside(stages: Stages) -> Beside | None:
    neighbours = None if stages.full is None else stages.full.line.neighbours
    if neighbours is None:
        return None
    return Beside.of_folds(stages.material, stages.way.held.rows, neighbours)
