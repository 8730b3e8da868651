"""
Two stages: a static student answers first, the encoder reads what the student is unsure of.

The student costs a few array operations a text, the encoder some twenty times the time. A message
goes on to the encoder when the student's lead is small or the message looks novel to it, in any
dimension.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sortyard.domain.predictions import Stage
from sortyard.models.dimension import DimensionModel
from sortyard.models.encoders import Encoder, sentence_block
from sortyard.models.line import Judged, Line, Seen
from sortyard.models.neighbours import Reference
from sortyard.models.wording import Wording

CHUNK = 1_024  # texts judged together: bounds the memory of a large batch


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

    def glance(self, texts: Sequence[str]) -> Seen:
        """See texts with the static student."""
        vectors = self.static.encode(texts)
        sentences = sentence_block(vectors, self.static)
        return Seen(vectors, sentences, self.wording.transform(texts))

    def read(self, texts: Sequence[str], glanced: Seen, rows: NDArray[np.intp]) -> Seen:
        """See some of the glanced texts with the encoder; the wording is known already."""
        if self.encoder is None:
            raise ValueError("this release has no encoder")
        vectors = self.encoder.encode([texts[row] for row in rows])
        sentences = sentence_block(vectors, self.encoder)
        near = None if self.reference is None else self.reference.similarities(sentences)
        return Seen(vectors, sentences, glanced.wording[rows], near)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One dimension's probabilities (texts, labels), novelty (texts,) and stage (texts,)."""

    probabilities: NDArray[np.float32]
    novelty: NDArray[np.float64]
    read: NDArray[np.bool_]  # whether the encoder read the text

    def stage(self, row: int) -> Stage:
        return Stage.ENCODER if self.read[row] else Stage.STATIC


def judge(
    texts: Sequence[str], eyes: Eyes, models: Sequence[DimensionModel], depth: Depth
) -> Mapping[str, Judgement]:
    """Judge prepared texts in every dimension, a chunk at a time."""
    chunks = [
        _judge(texts[start : start + CHUNK], eyes, models, depth)
        for start in range(0, max(len(texts), 1), CHUNK)
    ]
    if len(chunks) == 1:
        return chunks[0]
    return {
        name: Judgement(
            np.concatenate([chunk[name].probabilities for chunk in chunks]),
            np.concatenate([chunk[name].novelty for chunk in chunks]),
            np.concatenate([chunk[name].read for chunk in chunks]),
        )
        for name in chunks[0]
    }


def _judge(
    texts: Sequence[str], eyes: Eyes, models: Sequence[DimensionModel], depth: Depth
) -> dict[str, Judgement]:
    glanced = eyes.glance(texts)
    first = [model.student.judge(glanced) for model in models]
    unsure = _unsure(first, models, depth, len(texts))
    rows = np.flatnonzero(unsure) if eyes.encoder is not None else np.empty(0, dtype=np.intp)
    if len(rows):
        seen = eyes.read(texts, glanced, rows)
        for model, judged in zip(models, first, strict=True):
            if model.full is not None:
                _replace(judged, model.full, seen, rows)
    read = np.zeros(len(texts), dtype=np.bool_)
    read[rows] = True
    return {
        model.dimension.name: Judgement(
            judged.probabilities, judged.novelty, read & (model.full is not None)
        )
        for model, judged in zip(models, first, strict=True)
    }


def _unsure(
    judged: Sequence[Judged], models: Sequence[DimensionModel], depth: Depth, count: int
) -> NDArray[np.bool_]:
    if depth is not Depth.CASCADE:
        return np.full(count, depth is Depth.FULL)
    unsure = np.zeros(count, dtype=np.bool_)
    for model, one in zip(models, judged, strict=True):
        unsure |= model.goes_on(one)
    return unsure


def _replace(judged: Judged, line: Line, seen: Seen, rows: NDArray[np.intp]) -> None:
    """Put what the encoder says in the place of what the student said."""
    better = line.judge(seen)
    judged.probabilities[rows] = better.probabilities
    judged.novelty[rows] = better.novelty
