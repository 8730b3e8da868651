"""
A quick look at how far labels can be told from wording alone, on messages that were held out.

TF-IDF and a linear support vector machine, as in a textbook, are fitted on a sample and on halves
of it, so that it also shows what more rows bring.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from sortyard.data.splits import folds
from sortyard.domain.ports import Advance
from sortyard.domain.taxonomy import Kind
from sortyard.models.heads import Scores
from sortyard.training.baseline import WORDS
from sortyard.training.heads.wording import ABSENT, fit_wording_head
from sortyard.training.truth import Truth

MOST_ROWS: Final = 6_000
FOLDS: Final = 3
PARTS: Final = (0.25, 0.5, 1.0)  # of the sample
FEWEST_ROWS: Final = 30  # labelled; of fewer nothing can be said
TURNS: Final = FOLDS * len(PARTS)
LETTERS: Final = 2_500  # of a text


@dataclass(frozen=True, slots=True)
class Point:
    """How many rows were learnt from, and the share of answers that were wrong on others."""

    rows: int
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """
    What a sample shows; `points` go from the fewest rows to the most.

    The error is one minus micro F1: of a `single` dimension, the share of wrong answers. `guess` is
    that of always giving the most frequent label.
    """

    kind: Kind
    sampled: int
    labels: int
    points: tuple[Point, ...]
    guess: float

    @property
    def error(self) -> float:
        """The error at the most rows."""
        return self.points[-1].error


def probe(  # noqa: PLR0913 -- what it looks at, by name
    texts: Sequence[str],
    labels: Sequence[tuple[str, ...]],
    kind: Kind,
    groups: NDArray[np.integer],
    *,
    rng: np.random.Generator,
    advance: Advance,
    prepare: Callable[[str], str] = str,
) -> Probe | None:
    """
    Fit and judge on a sample; `groups` (rows,) are not parted between the two.

    None where there are too few rows, one label only, or one message over and over.
    """
    held = [at for at, one in enumerate(labels) if one or kind is Kind.MULTI]
    chosen = np.sort(rng.permutation(np.array(held, dtype=np.intp))[:MOST_ROWS])
    sets = [labels[at] for at in chosen]
    known = sorted({label for one in sets for label in one})
    if len(chosen) < FEWEST_ROWS or len(known) < 2:  # noqa: PLR2004 -- nothing to choose
        return None
    read = [prepare(texts[at])[:LETTERS] for at in chosen]
    truth, units = Truth.of(sets, known, kind), np.asarray(groups)[chosen]
    points = []
    for share in PARTS:
        part = np.sort(rng.permutation(len(chosen))[: max(FEWEST_ROWS, int(share * len(chosen)))])
        some = [read[at] for at in part]
        named = [sets[at] for at in part]
        fold = folds(named, units[part], count=FOLDS, rng=rng)
        point = _judged(some, truth.take(part), fold, int(rng.integers(2**31)), advance)
        if point.rows == 0:  # all of them are copies of one message
            return None
        points.append(point)
    return Probe(
        kind=kind,
        sampled=len(chosen),
        labels=len(known),
        points=tuple(points),
        guess=_guess(truth),
    )


def _judged(
    texts: Sequence[str], truth: Truth, fold: NDArray[np.intp], seed: int, advance: Advance
) -> Point:
    grams = _grams(texts)
    if grams is None:
        return Point(len(texts), _guess(truth))
    scores = np.full((len(texts), truth.count), ABSENT, dtype=np.float32)
    learnt, turns = 0, 0
    for name in range(FOLDS):
        outside, inside = np.flatnonzero(fold == name), np.flatnonzero(fold != name)
        advance(1)
        if len(outside) and len(inside):
            scores[outside] = _scores(grams[inside], truth.take(inside), grams[outside], seed)
            learnt += len(inside)
            turns += 1
    single = truth.kind is Kind.SINGLE
    right = _right_share(scores, truth.single) if single else _best_f1(scores, truth.matrix)
    return Point(learnt // max(turns, 1), 1.0 - right)


def _grams(texts: Sequence[str]) -> sparse.csr_matrix | None:
    vectoriser = TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORDS, dtype=np.float32
    )
    try:
        return sparse.csr_matrix(vectoriser.fit_transform(texts))
    except ValueError:  # no text has a single word
        return None


def _scores(grams: sparse.csr_matrix, truth: Truth, asked: sparse.csr_matrix, seed: int) -> Scores:
    """Score held-out rows by heads that have not seen them, (rows, labels)."""
    head = fit_wording_head(grams, truth, strength=1.0, seed=seed)
    return np.asarray(head.scores(asked), dtype=np.float32)


def _right_share(scores: Scores, truth: NDArray[np.intp]) -> float:
    return float((scores.argmax(axis=1) == truth).mean())


def _best_f1(scores: Scores, truth: NDArray[np.bool_]) -> float:
    """Find the micro F1 at the one threshold for all labels where it is highest."""
    flat = scores.ravel()
    order = np.argsort(-flat, kind="stable")
    right = truth.ravel()[order].cumsum()
    given = np.arange(1, len(order) + 1)
    return float((2.0 * right / (given + max(int(truth.sum()), 1))).max())


def _guess(truth: Truth) -> float:
    """One minus the micro F1 of always giving the most frequent label."""
    most = int(truth.supports().max())
    carried = int(truth.supports().sum())
    return 1.0 - 2.0 * most / max(len(truth) + carried, 1)
