"""
The reranker: a cross-encoder reads a message together with the cards of its best labels.

An encoder sees a message alone, and has to say all that matters of it in one vector. A
cross-encoder sees both texts at once (Nogueira & Cho 2019, "Passage re-ranking with BERT"), which
tells near labels apart better and costs one reading per label. So it reads only where the line is
undecided, and only the few labels between which it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from sortyard.models.best import best_labels

FEWEST, MOST = 2, 20  # candidates that one message is read with


class PairScorer(Protocol):
    """
    Says how well a message and the card of a label fit, as any real number.

    Every pair has a score, also one of empty texts, and it is never NaN; it depends on nothing
    but the pair. A scorer never changes after it was opened, so threads may share it.
    """

    @property
    def name(self) -> str: ...

    def scores(self, texts: Sequence[str], cards: Sequence[str]) -> NDArray[np.float32]:
        """Score `texts[i]` with `cards[i]`, (pairs,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reranking:
    """
    How one `single` dimension is reranked.

    `cards` (labels,) are in the order of the probabilities' columns. A message whose lead lies
    below `margin` is read with the cards of its `most` best labels; infinity reads every message.
    `sharpness` says how much the line's own probabilities count, and `weight` the pairs' scores.
    With `examples`, what stands behind a card is the label's example that is nearest to the message
    (Zhang et al. 2020, "Discriminative Nearest Neighbor Few-Shot Intent Detection").
    """

    cards: tuple[str, ...]
    most: int
    margin: float
    sharpness: float
    weight: float
    examples: bool = False

    def __post_init__(self) -> None:
        if not FEWEST <= self.most <= MOST:
            raise ValueError(f"from {FEWEST} to {MOST} candidates are read, not {self.most}")
        if isnan(self.margin) or self.margin < 0.0:
            raise ValueError(f"a margin is a number from 0 up, not {self.margin}")
        for number in (self.sharpness, self.weight):
            if not isfinite(number) or number < 0.0:
                raise ValueError(f"sharpness and weight are numbers from 0 up, not {number}")

    def candidates(self, probabilities: NDArray[np.float32]) -> NDArray[np.intp]:
        """Find the columns that are read, the most probable first, (texts, candidates)."""
        return best_labels(probabilities, self.most)

    def rerank(
        self,
        probabilities: NDArray[np.float32],
        places: NDArray[np.intp],
        pair_scores: NDArray[np.floating],
    ) -> NDArray[np.float32]:
        """
        Share the probability of the candidates out anew among them, (texts, labels).

        `places` and `pair_scores` are (texts, candidates). A candidate gets a share of what all of
        them had: `softmax(sharpness * log probability + weight * score)`. The other labels keep
        theirs, so each row has the sum that it had. A label that the line rules out stays so.
        """
        held = np.take_along_axis(probabilities, places, axis=1).astype(np.float64)
        possible = held > 0.0
        with np.errstate(divide="ignore"):
            logs = np.where(possible, np.log(held), 0.0)
        logits = self.sharpness * logs + self.weight * np.asarray(pair_scores, dtype=np.float64)
        logits = np.where(possible, logits, -np.inf)
        best = logits.max(axis=1, keepdims=True, initial=-np.inf)
        parts = np.exp(logits - np.where(np.isfinite(best), best, 0.0))
        total = parts.sum(axis=1, keepdims=True)
        shares = parts / np.where(total > 0.0, total, 1.0)
        shared = probabilities.copy()
        given = np.minimum(held.sum(axis=1, keepdims=True) * shares, 1.0)
        np.put_along_axis(shared, places, given.astype(shared.dtype), axis=1)
        return shared

    def to_dict(self) -> dict[str, float | bool]:
        """Give the numbers; the cards are those of the taxonomy."""
        return {
            "most": self.most,
            "margin": self.margin,
            "sharpness": self.sharpness,
            "weight": self.weight,
            "examples": self.examples,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any], cards: Sequence[str]) -> Self:
        """Rebuild from what `to_dict` gave, and the cards of all labels in their order."""
        return cls(
            cards=tuple(cards),
            most=int(stored["most"]),
            margin=float(stored["margin"]),
            sharpness=float(stored["sharpness"]),
            weight=float(stored["weight"]),
            examples=bool(stored.get("examples", False)),  # a release from before has none
        )


def with_example(card: str, example: str) -> str:
    """Put an example of a label behind its card, where there is one that may be kept."""
    return f"{card}. {example}" if example else card
