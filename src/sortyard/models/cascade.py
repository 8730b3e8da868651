"""
The stages: a static student answers first, the encoder reads what the student is unsure of.

The student costs a few array operations a text, the encoder some twenty times the time. A message
goes on to the encoder when the student's lead is small or the message looks novel to it, in any
dimension that is asked of it. In a release with a reranker, that reads what is undecided after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sortyard.domain.predictions import Stage
from sortyard.models.asking import rows_asked_of
from sortyard.models.dimension import DimensionModel
from sortyard.models.encoders import Encoder, sentence_block
from sortyard.models.features import METADATA, NO_FEATURES, Features, Held
from sortyard.models.line import Judged, Line, Seen
from sortyard.models.neighbours import Reference
from sortyard.models.rerank_stage import Examples, rerank
from sortyard.models.reranker import PairScorer
from sortyard.models.wording import Wording

CHUNK = 1_024  # texts judged together: bounds what a stage holds of a large batch


class Depth(StrEnum):
    """How much of the line runs: what pays, everything for all, or the student alone."""

    CASCADE = "cascade"
    FULL = "full"
    STATIC = "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What the views look with; shared by all dimensions."""

    wording: Wording
    static: Encoder
    encoder: Encoder | None = None
    reference: Reference | None = None
    reranker: PairScorer | None = None
    features: Features = NO_FEATURES

    def glance(self, texts: Sequence[str], held: Sequence[Held] = ()) -> Seen:
        """See texts with the static student; `held` are the features that come with them."""
        vectors = self.static.encode(texts)
        sentences = sentence_block(vectors, self.static)
        return Seen(vectors, sentences, self.worded(texts, held))

    def worded(self, texts: Sequence[str], held: Sequence[Held] = ()) -> sparse.csr_matrix:
        """Give the n-grams of texts, and their features behind them: (texts, grams + features)."""
        return self.features.beside(self.wording.transform(texts), held)

    def metadata_columns(self) -> slice:
        """Tell which columns of `worded` say what came with a message."""
        grams = len(self.wording)
        return slice(grams, grams + self.features.kinds.get(METADATA, 0))

    def piece(self, column: int) -> tuple[str, str]:
        """Name what a column of `worded` stands for, and its view."""
        grams = self.wording.grams
        if column < len(grams):
            return grams[column], "wording"
        return self.features.names[column - len(grams)], "feature"

    def read(self, texts: Sequence[str], wording: sparse.csr_matrix) -> Seen:
        """See texts with the encoder; their wording is known from the glance."""
        if self.encoder is None:
            raise ValueError("this release has no encoder")
        vectors = self.encoder.encode(texts)
        sentences = sentence_block(vectors, self.encoder)
        near = None if self.reference is None else self.reference.similarities(sentences)
        return Seen(vectors, sentences, wording, near)

    def examples(self, seen: Seen) -> Examples | None:
        """Tell what the labelled examples say, and how near they are to what was read."""
        if self.reference is None or seen.similarities is None:
            return None
        return Examples(seen.similarities, self.reference.texts)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One dimension's probabilities (texts, labels), novelty (texts,) and stage (texts,)."""

    probabilities: NDArray[np.float32]
    novelty: NDArray[np.float64]
    read: NDArray[np.bool_]  # whether the encoder read the text
    reranked: NDArray[np.bool_]  # whether the reranker read it then

    def take(self, rows: NDArray[np.intp]) -> "Judgement":
        """Keep some of the texts."""
        return Judgement(
            self.probabilities[rows], self.novelty[rows], self.read[rows], self.reranked[rows]
        )

    def stage(self, row: int) -> Stage:
        if self.reranked[row]:
            return Stage.RERANKER
        return Stage.ENCODER if self.read[row] else Stage.STATIC


@dataclass(frozen=True, slots=True)
class _Glance:
    """What the student says of a chunk of texts in every dimension, and which texts go on."""

    judged: Sequence[Judged]
    unsure: NDArray[np.bool_]
    wording: sparse.csr_matrix | None  # of the unsure ones; None where there is none


def judge(
    texts: Sequence[str],
    eyes: Eyes,
    models: Sequence[DimensionModel],
    depth: Depth,
    held: Sequence[Held] = (),
) -> Mapping[str, Judgement]:
    """
    Judge prepared texts with their features in every dimension, a chunk at a time.

    The student looks at all of them first: the encoder is fastest where it can group what is
    left by length.
    """
    glances = [
        _glance(texts[part], held[part], eyes, models, depth) for part in _chunks(len(texts))
    ]
    first = [
        Judged.joined([glance.judged[place] for glance in glances]) for place in range(len(models))
    ]
    unsure = np.concatenate([glance.unsure for glance in glances])
    reranked = np.zeros((len(models), len(texts)), dtype=np.bool_)
    rows = np.flatnonzero(unsure)
    if len(rows):
        parts = [glance.wording for glance in glances if glance.wording is not None]
        wording = sparse.vstack(parts, format="csr")
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            seen = eyes.read([texts[row] for row in part], wording[start : start + CHUNK])
            for model, judged in zip(models, first, strict=True):
                if model.full is not None:
                    _replace(judged, model.full, seen, part)
            if eyes.reranker is not None:
                read = [texts[row] for row in part]
                examples = eyes.examples(seen)
                found = _rerank(read, part, models, first, eyes.reranker, examples=examples)
                reranked[:, part] = found
    _mark_as_strange(first, eyes, models, held, len(texts))
    return {
        model.dimension.name: Judgement(
            judged.probabilities, judged.novelty, unsure & (model.full is not None), again
        )
        for model, judged, again in zip(models, first, reranked, strict=True)
    }


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, max(count, 1), CHUNK):
        yield slice(start, start + CHUNK)


def _glance(
    texts: Sequence[str],
    held: Sequence[Held],
    eyes: Eyes,
    models: Sequence[DimensionModel],
    depth: Depth,
) -> _Glance:
    seen = eyes.glance(texts, held)
    judged = [model.student.judge(seen) for model in models]
    goes_on = eyes.encoder is not None
    unsure = _unsure(judged, models, depth, len(texts)) & goes_on
    return _Glance(judged, unsure, seen.wording[unsure] if unsure.any() else None)


def _unsure(
    judged: Sequence[Judged], models: Sequence[DimensionModel], depth: Depth, count: int
) -> NDArray[np.bool_]:
    if depth is not Depth.CASCADE:
        return np.full(count, depth is Depth.FULL)
    unsure = np.zeros(count, dtype=np.bool_)
    asked = rows_asked_of(models, [one.probabilities for one in judged])
    for model, one, rows in zip(models, judged, asked, strict=True):
        unsure |= model.goes_on(one) & rows
    return unsure


def _replace(judged: Judged, line: Line, seen: Seen, rows: NDArray[np.intp]) -> None:
    """Put what the encoder says in the place of what the student said."""
    better = line.judge(seen)
    judged.probabilities[rows] = better.probabilities
    judged.novelty[rows] = better.novelty


def _mark_as_strange(
    judged: Sequence[Judged],
    eyes: Eyes,
    models: Sequence[DimensionModel],
    held: Sequence[Held],
    count: int,
) -> None:
    """
    Call novel what lacks metadata that nearly all messages had, where a dimension learnt from them.

    Its words alone say less than what the confidence was learnt on.
    """
    if not eyes.features.usual:
        return
    lacking = eyes.features.lacking(held, count)
    if not lacking.any():
        return
    metadata = eyes.metadata_columns()
    for model, one in zip(models, judged, strict=True):
        if model.student.wording.weights[metadata].any():
            one.novelty[lacking] = 1.0


def _rerank(  # noqa: PLR0913 -- what a reading rests on
    texts: Sequence[str],
    rows: NDArray[np.intp],
    models: Sequence[DimensionModel],
    judged: Sequence[Judged],
    scorer: PairScorer,
    *,
    examples: Examples | None,
) -> NDArray[np.bool_]:
    """Put what the reranker says in its place, and tell where it said something, (models, rows)."""
    tables = [one.probabilities[rows] for one in judged]
    asked = rows_asked_of(models, tables)
    reranked = np.zeros((len(models), len(rows)), dtype=np.bool_)
    for one in rerank(texts, models, tables, asked, scorer, examples=examples):
        judged[one.place].probabilities[rows[one.rows]] = one.probabilities
        reranked[one.place, one.rows] = True
    return reranked
