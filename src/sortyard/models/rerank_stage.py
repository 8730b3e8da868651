"""
The third stage: where the full line is undecided, the reranker reads its best labels' cards.

A reading costs as much as the encoder's, and there is one for every candidate. So only messages
whose lead is below what their dimension learnt are read, at most so many times each, and all pairs
of a chunk go through the engine together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from sortyard.models.dimension import DimensionModel
from sortyard.models.neighbours import NONE, Similarities
from sortyard.models.reranker import PairScorer, Reranking, with_example


@dataclass(frozen=True, slots=True)
class Examples:
    """What the labelled examples of a release say, and how near they are to some texts."""

    similarities: Similarities  # (examples, texts)
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Reranked:
    """Which texts were reranked by one of the models, and what they have now (rows, labels)."""

    place: int  # of the model
    rows: NDArray[np.intp]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Close:
    """The texts that are too close to call for one of the models, and their candidates."""

    place: int
    reranking: Reranking
    rows: NDArray[np.intp]  # (rows,)
    probabilities: NDArray[np.float32]  # (rows, labels), of the full line
    candidates: NDArray[np.intp]  # (rows, candidates)
    nearest: Sequence[str]  # (rows * candidates,): an example of each candidate, or nothing

    def cards(self) -> list[str]:
        """Give what every candidate is read with, text after text."""
        labels = self.candidates.ravel().tolist()
        return [
            with_example(self.reranking.cards[label], example)
            for label, example in zip(labels, self.nearest, strict=True)
        ]

    def shared_out(self, scores: NDArray[np.float32]) -> Reranked:
        table = scores.reshape(self.candidates.shape)
        probabilities = self.reranking.rerank(self.probabilities, self.candidates, table)
        return Reranked(self.place, self.rows, probabilities)


def rerank(  # noqa: PLR0913 -- what a reading rests on
    texts: Sequence[str],
    models: Sequence[DimensionModel],
    tables: Sequence[NDArray[np.float32]],
    asked: Sequence[NDArray[np.bool_]],
    scorer: PairScorer,
    *,
    examples: Examples | None = None,
) -> list[Reranked]:
    """
    Rerank the texts that are too close to call, for every model that has a reranking.

    `tables` has the probabilities (texts, labels) of every model by its full line, and `asked`
    (texts,) whether its question arises: one that does not is not worth a reading. The examples are
    for the models whose reranking shows them.
    """
    close = list(_close(models, tables, asked, examples))
    read = [texts[row] for one in close for row in one.rows for _ in range(one.candidates.shape[1])]
    if not read:
        return []
    cards = [card for one in close for card in one.cards()]
    scores = scorer.scores(read, cards)
    ends = accumulate((one.candidates.size for one in close), initial=0)
    return [
        one.shared_out(scores[start:end])
        for one, (start, end) in zip(close, pairwise(ends), strict=True)
    ]


def always(models: Sequence[DimensionModel]) -> tuple[DimensionModel, ...]:
    """Let the reranker read whatever the encoder reads: to try it, or to measure it."""
    return tuple(
        model
        if model.reranking is None
        else replace(model, reranking=replace(model.reranking, margin=inf))
        for model in models
    )


def never(models: Sequence[DimensionModel]) -> tuple[DimensionModel, ...]:
    """Let the reranker read nothing: to measure what it brings."""
    return tuple(replace(model, reranking=None) for model in models)


def _close(
    models: Sequence[DimensionModel],
    tables: Sequence[NDArray[np.float32]],
    asked: Sequence[NDArray[np.bool_]],
    examples: Examples | None,
) -> Iterator[_Close]:
    for place, (model, table, arises) in enumerate(zip(models, tables, asked, strict=True)):
        reranking = model.reranking
        if reranking is None:
            continue
        rows = np.flatnonzero(model.is_close(table) & arises)
        if len(rows):
            held = table[rows]
            candidates = reranking.candidates(held)
            nearest = _nearest(model, rows, candidates, examples)
            yield _Close(place, reranking, rows, held, candidates, nearest)


def _nearest(
    model: DimensionModel,
    rows: NDArray[np.intp],
    candidates: NDArray[np.intp],
    examples: Examples | None,
) -> list[str]:
    """Find the example of each candidate that is nearest to its text, candidate after candidate."""
    shows = model.reranking is not None and model.reranking.examples
    neighbours = None if model.full is None else model.full.neighbours
    if not shows or neighbours is None or examples is None:
        return [""] * candidates.size
    found = neighbours.nearest(examples.similarities[:, rows], candidates)
    return ["" if one == NONE else examples.texts[one] for one in found.ravel().tolist()]
