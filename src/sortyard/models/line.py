"""
One dimension at one stage: views, fused into one score for every label, then calibrated.

The views are meaning (a sentence vector), wording (n-grams) and, where the stage has an encoder,
neighbours (labelled examples). The fused score is a weighted sum of the views' scores, so that it
can be taken apart again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.models.calibration import Calibrator, IndependentCalibrator
from sortyard.models.cards import Cards, share_belief
from sortyard.models.descent import Descent
from sortyard.models.heads import Head, Scores
from sortyard.models.independent import sigmoid
from sortyard.models.neighbours import Neighbours, Similarities
from sortyard.models.novelty import Familiarity


@dataclass(frozen=True, slots=True)
class Seen:
    """What the views of one stage see of some texts."""

    vectors: NDArray[np.float32]  # (texts, blocks * width)
    sentences: NDArray[np.float32]  # (texts, width): the last block, of length one
    wording: sparse.csr_matrix  # (texts, grams)
    similarities: Similarities | None = None  # (examples, texts)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each view counts in the fused score."""

    meaning: float
    wording: float
    neighbours: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    The fitted parts of one dimension at one stage.

    The first columns of every probability are the labels that have rows, in the dimension's order;
    the columns of `cards` follow. A score has a column for each label that has rows; or, where
    there is a `descent`, for each node of their tree.
    """

    meaning: Head
    wording: Head
    weights: Weights
    calibrator: Calibrator | IndependentCalibrator
    familiarity: Familiarity
    exclusive: bool  # exactly one label holds
    neighbours: Neighbours | None = None
    cards: Cards = field(default_factory=lambda: Cards.none(1))
    descent: Descent | None = None

    @property
    def with_rows(self) -> int:
        """How many labels have rows."""
        return len(self.meaning.biases) if self.descent is None else len(self.descent.labels)

    def scores(self, seen: Seen) -> Scores:
        """Fuse the views: a score for every label that has rows or node, (texts, columns)."""
        scores = self.meaning.scores(seen.vectors)
        scores *= np.float32(self.weights.meaning)
        wording = self.wording.scores(seen.wording)
        wording *= np.float32(self.weights.wording)
        scores += wording
        near = self.near(seen)
        if near is not None:
            near *= np.float32(self.weights.neighbours)
            scores += near
        return scores

    def near(self, seen: Seen) -> Scores | None:
        """Say how near the labelled examples of every column are, (texts, columns)."""
        if self.neighbours is None or seen.similarities is None:
            return None
        near = self.neighbours.scores(seen.similarities)
        return near if self.descent is None else self.descent.highest(near)

    def judge(self, seen: Seen) -> "Judged":
        """Give the calibrated probability of every label, and how novel every text is."""
        return self.judge_scores(self.scores(seen), seen.sentences)

    def judge_scores(self, scores: Scores, sentences: NDArray[np.float32]) -> "Judged":
        """Judge texts by fused scores (texts, columns) that are known already."""
        known = self.label_scores(scores)
        best = known.max(axis=1) if known.shape[1] else np.zeros(len(known), dtype=np.float32)
        logits = scores if self.descent is None else self.descent.log_chances(scores)
        chances = np.asarray(self.calibrator.probabilities(logits), dtype=np.float32)
        if len(self.cards):
            odds = self.cards.log_odds(sentences, best)
            if self.exclusive:
                chances = np.asarray(share_belief(chances, odds), dtype=np.float32)
            else:
                chances = np.hstack([chances, np.asarray(sigmoid(odds), dtype=np.float32)])
        return Judged(chances, self.familiarity.novelty(best))

    def label_scores(self, scores: Scores) -> Scores:
        """Give a score for every label that has rows, (texts, labels), of fused scores."""
        return scores if self.descent is None else self.descent.label_scores(scores)

    def share(self, label: int) -> NDArray[np.float32]:
        """Tell how much of every column is in the score of a label, (columns,)."""
        if self.descent is not None:
            return self.descent.share(label)
        whole = np.zeros(self.with_rows, dtype=np.float32)
        whole[label] = 1.0
        return whole

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Name every number for storage."""
        arrays = self.meaning.arrays(f"{prefix}.meaning")
        arrays |= {
            f"{prefix}.familiarity": self.familiarity.quantiles,
            f"{prefix}.cards": self.cards.vectors,
        }
        if self.neighbours is not None:
            arrays[f"{prefix}.members"] = self.neighbours.members
            arrays[f"{prefix}.starts"] = self.neighbours.starts
        if self.descent is not None:
            arrays[f"{prefix}.scales"] = self.descent.scales
        return arrays

    def to_dict(self) -> dict[str, Any]:
        """Give the few readable numbers; the others go into `arrays`."""
        cards = self.cards
        return {
            "weights": {
                "meaning": self.weights.meaning,
                "wording": self.weights.wording,
                "neighbours": self.weights.neighbours,
            },
            "cards": {"slope": cards.slope, "against": cards.against, "offset": cards.offset},
            "exclusive": self.exclusive,
        }

    @classmethod
    def from_parts(  # noqa: PLR0913 -- what it was stored as, and what it shares with others
        cls,
        readable: Mapping[str, Any],
        arrays: dict[str, NDArray[Any]],
        prefix: str,
        *,
        labels: Sequence[str],
        wording: Head,
        calibrator: Calibrator | IndependentCalibrator,
    ) -> "Line":
        """Rebuild from what `to_dict` and `arrays` gave; `labels` are all of the dimension's."""
        members, scales = arrays.get(f"{prefix}.members"), arrays.get(f"{prefix}.scales")
        cards = Cards(arrays[f"{prefix}.cards"], **readable["cards"])
        with_rows = labels[: len(labels) - len(cards)]
        return cls(
            meaning=Head.from_arrays(arrays, f"{prefix}.meaning"),
            wording=wording,
            weights=Weights(**readable["weights"]),
            calibrator=calibrator,
            familiarity=Familiarity(arrays[f"{prefix}.familiarity"]),
            exclusive=readable["exclusive"],
            neighbours=(
                None if members is None else Neighbours(members, arrays[f"{prefix}.starts"])
            ),
            cards=cards,
            descent=None if scales is None else Descent.of(with_rows, scales),
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """Calibrated probabilities (texts, labels) and novelty (texts,)."""

    probabilities: NDArray[np.float32]
    novelty: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put parts of a batch together again, in their order."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.novelty for part in parts]),
        )
